import type { FormPart } from '../../src/music/form.ts';
import type { Note } from '../../src/music/note.ts';
import { RESTING_MS } from '../page/moments.ts';
import { rollFlow } from './flow.ts';
import { type Inks, readInks } from './inks.ts';
import { alongOf, type Covered, type RollLayout, rollLayout, tipMs, viewStartMs } from './layout.ts';
import { drawGrowing, drawHoles, drawPaper, drawPedal, drawRules, drawTear, onPaper } from './paint.ts';
import { drawPresence } from './presence.ts';

export type RollView = {
  readonly notes: readonly Note[];
  readonly pedal: readonly { readonly ms: number; readonly value: number }[];
  /** What is printed on the paper that moves, ahead of the holes. */
  readonly form: readonly FormPart[];
  /** null: the roll rests, blank, its tip on the desk. */
  readonly positionMs: number | null;
  /** The whole roll at once, after the end; its length in milliseconds. */
  readonly wholeMs: number | null;
  /** Listeners at the beginning: a tick in the margin for each. */
  readonly here: number;
  /** The paper is torn off: a silent day. */
  readonly torn: boolean;
  /** The weave of what is being composed, to be seen on blank paper; '': there is none. */
  readonly growing: string;
};

export type Roll = {
  draw(view: RollView): void;
  /** Colours or size have changed. */
  refresh(): void;
};

/** The strip of paper: it lies still on its canvas, and moves in tiles over it. */
export function roll(canvas: HTMLCanvasElement, reducedMotion: () => boolean, covered?: () => Covered): Roll {
  const pen = canvas.getContext('2d');
  const flow = rollFlow(canvas.parentElement!, canvas.nextElementSibling!);
  let inks: Inks | null = null;
  let layout = rollLayout(1, 1);
  let edition = 0;
  /** What lies on the canvas: the same is not drawn again. */
  let drawn: RollView | null = null;

  /** Colours and size as they are now. */
  const measure = (): Inks => {
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = canvas.getBoundingClientRect();
    canvas.width = Math.max(1, Math.round(width * ratio));
    canvas.height = Math.max(1, Math.round(height * ratio));
    pen?.setTransform(ratio, 0, 0, ratio, 0, 0);
    layout = rollLayout(width, height, covered?.());
    edition++;
    drawn = null;
    return readInks(canvas);
  };

  return {
    // Measured with the next frame, however often it is asked for until then.
    refresh() {
      inks = null;
    },
    draw(view) {
      inks ??= measure();
      const { notes, pedal, form, here, positionMs, wholeMs } = view;
      if (positionMs !== null && wholeMs === null) {
        const startMs = viewStartMs(layout, positionMs, reducedMotion());
        flow.show({ notes, pedal, form, here, positionMs, startMs }, { layout, inks, edition });
        drawn = null;
        // Covered, and not to be composited for nothing.
        canvas.style.visibility = 'hidden';
        return;
      }
      flow.hide();
      canvas.style.visibility = '';
      if (!pen || (drawn && isSame(drawn, view))) return;
      drawn = view;
      pen.fillStyle = inks.desk;
      pen.fillRect(0, 0, canvas.width, canvas.height);
      if (wholeMs !== null) drawWhole(pen, layout, inks, view);
      else drawBlank(pen, layout, inks, view);
    },
  };
}

/** The leader's taper, and a little more, as a part of the strip. */
const TAPER = 0.18;

/** Before it plays: blank paper, its tip on the desk. */
function drawBlank(pen: CanvasRenderingContext2D, layout: RollLayout, inks: Inks, view: RollView): void {
  const sheet = onPaper(pen, layout);
  const startMs = viewStartMs(layout, RESTING_MS, false);
  drawPaper(sheet, layout, inks, alongOf(layout, startMs, tipMs(layout)));
  if (view.torn) drawTear(sheet, layout, inks);
  else {
    drawRules(sheet, layout, inks, startMs);
    drawGrowing(sheet, layout, inks, view.growing);
    // Beyond the taper, where the paper has its whole breadth.
    const taperMs = TAPER * layout.spanMs;
    drawPresence(sheet, layout, inks, view.here, startMs, tipMs(layout) + taperMs);
  }
}

/** After it: all that was heard. */
function drawWhole(pen: CanvasRenderingContext2D, layout: RollLayout, inks: Inks, view: RollView): void {
  const { notes, pedal, here, positionMs, wholeMs } = view;
  const shown = { ...layout, spanMs: Math.max(1, wholeMs ?? 1) * 1.04 };
  const startMs = -0.02 * shown.spanMs;
  const heardMs = positionMs ?? 0;
  const sheet = onPaper(pen, shown);
  drawPaper(sheet, shown, inks, Number.NEGATIVE_INFINITY);
  drawRules(sheet, shown, inks, startMs);
  drawPedal(sheet, shown, inks, pedal, startMs, heardMs);
  drawHoles(sheet, shown, inks, notes, startMs, heardMs);
  if (heardMs >= 0) drawPresence(sheet, shown, inks, here, startMs);
}

const isSame = (a: RollView, b: RollView): boolean =>
  a.notes === b.notes &&
  a.pedal === b.pedal &&
  a.positionMs === b.positionMs &&
  a.wholeMs === b.wholeMs &&
  a.here === b.here &&
  a.torn === b.torn &&
  a.growing === b.growing;
