import type { Note } from '../src/music/note.ts';
import { alongOf, RESTING_MS, rollLayout, tipMs, viewStartMs } from './roll-layout.ts';
import {
  drawHoles,
  drawPaper,
  drawPedal,
  drawPlayhead,
  drawPresence,
  drawRules,
  drawTear,
  type Inks,
  onPaper,
} from './roll-paint.ts';

export type RollView = {
  readonly notes: readonly Note[];
  readonly pedal: readonly { readonly ms: number; readonly value: number }[];
  /** null: the roll rests, blank. */
  readonly positionMs: number | null;
  /** The whole roll at once, after the end; its length in milliseconds. */
  readonly wholeMs: number | null;
  /** Listeners at the beginning: a tick in the margin for each. */
  readonly here: number;
  /** The paper is torn off: a silent day. */
  readonly torn: boolean;
};

export type Roll = {
  draw(view: RollView): void;
  /** Colours or size have changed. */
  refresh(): void;
};

export function roll(canvas: HTMLCanvasElement, reducedMotion: () => boolean): Roll {
  const pen = canvas.getContext('2d');
  let inks = readInks(canvas);
  let layout = rollLayout(1, 1);

  const refresh = () => {
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = canvas.getBoundingClientRect();
    canvas.width = Math.max(1, Math.round(width * ratio));
    canvas.height = Math.max(1, Math.round(height * ratio));
    pen?.setTransform(ratio, 0, 0, ratio, 0, 0);
    layout = rollLayout(width, height);
    inks = readInks(canvas);
  };
  refresh();

  return {
    refresh,
    draw(view) {
      if (!pen) return;
      const whole = view.wholeMs !== null;
      const shown = whole ? { ...layout, spanMs: Math.max(1, view.wholeMs ?? 1) * 1.04 } : layout;
      const positionMs = Math.max(RESTING_MS, view.positionMs ?? RESTING_MS);
      const startMs = whole
        ? -0.02 * shown.spanMs
        : viewStartMs(layout, positionMs, reducedMotion() && positionMs > RESTING_MS);
      const sheet = onPaper(pen, shown);
      pen.fillStyle = inks.desk;
      pen.fillRect(0, 0, canvas.width, canvas.height);
      drawPaper(
        sheet,
        shown,
        inks,
        whole ? Number.NEGATIVE_INFINITY : alongOf(shown, startMs, tipMs(layout)),
      );
      if (view.torn) return drawTear(sheet, shown, inks);
      drawRules(sheet, shown, inks, startMs);
      drawPedal(sheet, shown, inks, view.pedal, startMs, positionMs);
      drawHoles(sheet, shown, inks, view.notes, startMs, positionMs);
      if (positionMs >= 0) drawPresence(sheet, shown, inks, view.here, startMs);
      if (!whole && positionMs > RESTING_MS)
        drawPlayhead(sheet, shown, inks, view.notes, startMs, positionMs);
    },
  };
}

function readInks(element: Element): Inks {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    desk: read('--desk'),
    paper: read('--paper'),
    edge: read('--edge'),
    soft: read('--soft'),
    ink: read('--ink'),
    rule: read('--rule'),
    hole: read('--hole'),
    playhead: read('--playhead'),
  };
}
