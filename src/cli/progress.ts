import type { Progress } from '../compose.ts';
import { clockText } from './options.ts';

const WIDTH = 24;
const REDRAW_MS = 100;

/** A bar on a terminal; nothing in a pipe, where the closing line tells all there is to tell. */
export function composeProgress(date: string): { update(progress: Progress): void; done(): void } {
  const terminal = process.stderr.isTTY && !process.env.NO_COLOR;
  const startedAt = performance.now();
  let drawnAt = 0;
  return {
    update({ tokens, composedMs, ofMs }) {
      const now = performance.now();
      if (!terminal || now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      const part = Math.min(1, composedMs / ofMs);
      const full = Math.round(part * WIDTH);
      const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
      const speed = Math.round((tokens / (now - startedAt)) * 1000);
      process.stderr.write(
        `\r\x1b[KComposing ${date} ${bar} ${clockText(composedMs)} of ${clockText(ofMs)}, ${speed} tokens/s`,
      );
    },
    done() {
      if (terminal) process.stderr.write('\r\x1b[K');
    },
  };
}
