import { type Music, type Note, toMusic } from '../music/note.ts';
import { beforeClosing, type Cadence, close, cutAtRest, restsAtEnd, searchMs } from '../music/plan/ending.ts';
import { planForm, returnOf, type SectionPlan } from '../music/plan/form.ts';
import type { MovementPlan } from '../music/plan/programme.ts';
import type { SectionRequest } from '../music/plan/section.ts';
import { touch } from '../music/plan/touch.ts';
import { eachKeyOnce } from '../music/sounding.ts';
import type { Random } from '../ports.ts';
import type { Chosen } from './choose-section.ts';

/** The model may end a movement by itself from this part of its length on. */
const MAY_END_FROM = 0.85;
/** The network is reminded of so many notes at most; see sample-section.ts. */
const MOTIF_NOTES = 32;
/** The silence before the opening returns; milliseconds. */
const RETURN_AFTER_MS = [900, 1800] as const;

export type Movement = {
  /** From 0 on; touch and pedal included. */
  readonly music: Music;
  readonly cadence: Cadence;
  readonly sections: readonly MovementSection[];
};
export type MovementSection = {
  readonly name: SectionPlan['name'];
  readonly startMs: number;
  /** Longest run of intervals known from the training; null where nobody looked. */
  readonly knownRun: number | null;
};

/**
 * Composes a movement section by section and ends it properly.
 * @param heard tokens of music that it goes on from, without being a part of it
 * @param sample gives what follows; null where there is no time left: the movement ends with what there is
 */
export async function composeMovement(
  plan: MovementPlan,
  random: Random,
  heard: readonly number[],
  sample: (request: SectionRequest) => Promise<Chosen | null>,
): Promise<Movement> {
  const lengthMs = beforeClosing(plan.lengthMs);
  const form = planForm({ ...plan, lengthMs }, random);
  const sections: MovementSection[] = [];
  let notes: Note[] = [];
  let opening: readonly Note[] = [];
  let cadence: Cadence = 'rule';
  for (const { name, untilMs, course, notesPerSecond } of form) {
    const fromMs = notes.at(-1)?.onsetMs ?? 0;
    const returning = name === "A'" ? returnOf(opening, opening.at(-1)!.onsetMs) : [];
    const [soonest, latest] = RETURN_AFTER_MS;
    const returnMs =
      fromMs + Math.round(soonest + (returning.length > 0 ? random() : 0) * (latest - soonest));
    const before = eachKeyOnce([
      ...notes,
      ...returning.map((note) => ({ ...note, onsetMs: note.onsetMs + returnMs })),
    ]);
    const sampled = await sample({
      course,
      notesPerSecond,
      before,
      breath: before.length > 0 && returning.length === 0,
      ...(opening.length > 0 ? { motif: opening.slice(0, MOTIF_NOTES) } : before.length > 0 ? {} : { heard }),
      untilMs: untilMs + searchMs(untilMs - fromMs),
      cutMs: untilMs,
      endsAtMs: lengthMs,
      mayEndFromMs: form.at(-1)!.name === name ? lengthMs * MAY_END_FROM : null,
    });
    if (sampled === null) break;
    const startMs = returning.length > 0 ? returnMs : sampled.notes[0]?.onsetMs;
    if (startMs === undefined) break;
    notes = eachKeyOnce([...before, ...sampled.notes]);
    sections.push({ name, startMs, knownRun: sampled.knownRun });
    // A section is cut within itself: the rest is looked for among its own notes, on its own clock.
    const own = notes.filter((note) => note.onsetMs >= startMs);
    const cut = sampled.ended
      ? { notes: own, cadence: restsAtEnd(own) }
      : cutAtRest(
          own.map((note) => ({ ...note, onsetMs: note.onsetMs - startMs })),
          untilMs - startMs,
        );
    cadence = cut.cadence;
    const lastMs = cut.notes.at(-1)!.onsetMs + (sampled.ended ? 0 : startMs);
    notes = notes.filter((note) => note.onsetMs <= lastMs);
    if (name === 'A') opening = fromZero(notes);
  }
  if (notes.length === 0) return { music: toMusic([]), cadence: 'rule', sections };
  const firstMs = notes[0]!.onsetMs;
  const placed = sections.map((section) => ({ ...section, startMs: section.startMs - firstMs }));
  const music = touch(
    close(fromZero(notes)),
    placed.map(({ startMs }) => startMs),
    plan.controls.loudness,
  );
  return { music, cadence, sections: placed };
}

function fromZero(notes: readonly Note[]): readonly Note[] {
  const firstMs = notes[0]?.onsetMs ?? 0;
  return notes.map((note) => ({ ...note, onsetMs: note.onsetMs - firstMs }));
}
