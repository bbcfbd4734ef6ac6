/** One's own piece of the roll, to keep or to share: offered once the piece that one has heard is over. */
import { isExtra } from '../src/words.ts';
import { words as say } from './language/words.ts';
import { dateText } from './language/written.ts';
import type { Listener } from './listener/listener.ts';
import type { StateName } from './page/facts.ts';
import { readInks } from './roll/inks.ts';
import { drawSlice, type Slice } from './roll/slice.ts';
import { ROOT } from './site/root.ts';

/** Who heard less than this has nothing to keep; milliseconds. */
const LEAST_HEARD_MS = 2_000;

export type Souvenir = {
  /** To be told of every state. @param joined one hears it */
  state(name: StateName, joined: boolean): void;
};

/** What of the site a piece of the roll leads to: its day from there on; the front page, where none is published. */
export const whereItIs = (id: string, ended: StateName, fromMs: number): string =>
  isExtra(id) || ended === 'stopped' ? '' : `${id}/#t=${Math.floor(fromMs / 1_000)}`;

export function souvenir(
  button: HTMLButtonElement,
  station: Pick<Listener, 'score' | 'position' | 'here'>,
): Souvenir {
  /** Since when one has heard this broadcast, ms from T0. */
  let since: { readonly broadcast: string; readonly fromMs: number } | null = null;
  let here: number | null = null;
  let kept: (Slice & { readonly id: string; readonly path: string }) | null = null;

  const keep = (name: StateName) => {
    const { hello, notes, pedal } = station.score;
    if (!since || !hello?.performance || hello.broadcast !== since.broadcast) return;
    const position = station.position() ?? 0;
    const toMs = name === 'stopped' ? position : Math.min(position, hello.durationMs ?? position);
    if (toMs - since.fromMs < LEAST_HEARD_MS) return;
    const { performance: id, title } = hello;
    const music = { notes: [...notes], pedal: [...pedal] };
    kept = {
      id,
      path: whereItIs(id, name, since.fromMs),
      music,
      fromMs: since.fromMs,
      toMs,
      title: title?.includes(id) ? '' : say.title(title ?? ''),
      date: dateText(id),
      here,
    };
    since = null;
  };
  const give = async () => {
    if (!kept) return;
    const canvas = document.createElement('canvas');
    drawSlice(canvas, kept, readInks(button), getComputedStyle(button).fontFamily);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (!blob) return;
    const file = new File([blob], `pianola-${kept.id}.png`, { type: 'image/png' });
    const words = `${say.presence(kept.here ?? 0)}: ${kept.title || kept.date}, Pianola`;
    const url = `${location.origin}${ROOT}/${kept.path}`;
    if (navigator.canShare?.({ files: [file] })) {
      // Thought better of: no fault.
      await navigator.share({ files: [file], text: `${words} ${url}` }).catch(() => {});
      return;
    }
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = file.name;
    link.click();
    // The browser has it by then.
    window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  button.addEventListener('click', () => void give());

  return {
    state(name, joined) {
      const broadcast = station.score.hello?.broadcast ?? null;
      if (name === 'live' && joined && broadcast !== null && since?.broadcast !== broadcast) {
        since = { broadcast, fromMs: Math.max(0, station.position() ?? 0) };
        kept = null;
      }
      if (name === 'live') here = station.here ?? here;
      if (name === 'closing' || name === 'end' || name === 'stopped') keep(name);
      button.hidden = kept === null || name === 'live';
    },
  };
}
