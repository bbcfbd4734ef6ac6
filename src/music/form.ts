/** The form of a performance as its roll is printed with it: where each part of a movement begins, and what that is to what was heard. */

/** `begins` a movement; `leaves` for something else; the opening `returns`; or it `varies`. */
export const TURNS = ['begins', 'leaves', 'returns', 'varies'] as const;
export type Turn = (typeof TURNS)[number];

/** A part of the form. Movements and bars are counted from 1; milliseconds from the start of the performance, integer. */
export type FormPart = {
  readonly ms: number;
  readonly movement: number;
  readonly bar: number;
  readonly turn: Turn;
};

/** What of a recorded movement says it. */
type Movement = {
  readonly score?: { readonly barsMs: readonly number[] };
  readonly sections?: readonly { readonly name: string; readonly startMs: number }[];
};

/** In order of time; of movements without a score or a form nothing is said. */
export function formOf(movements: readonly Movement[]): FormPart[] {
  return movements.flatMap(({ score, sections }, i) => {
    const first = sections?.[0];
    if (!score || !first) return [];
    return sections.map(({ name, startMs }, k) => ({
      ms: Math.max(0, Math.round(startMs)),
      movement: i + 1,
      bar: k === 0 ? 1 : barAt(score.barsMs, startMs),
      turn: k === 0 ? 'begins' : turnOf(name, first.name),
    }));
  });
}

/** The names are those of plan/phrase-form.ts: A, B, A'; theme, episode 1, theme again; theme, variation 1. */
function turnOf(name: string, opening: string): Turn {
  if (name.startsWith('variation')) return 'varies';
  return name.replace(/('| again)$/, '') === opening ? 'returns' : 'leaves';
}

/** Number of the bar that begins there, from 1. */
const barAt = (barsMs: readonly number[], ms: number): number =>
  Math.max(1, barsMs.filter((begins) => begins <= ms).length);
