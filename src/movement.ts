import { type Cadence, close, cutAtRest, restsAtEnd } from './music/ending.ts';
import { planForm, returnOf, type SectionPlan } from './music/form.ts';
import { type Music, type Note, toMusic } from './music/note.ts';
import type { MovementPlan } from './music/programme.ts';
import { eachKeyOnce } from './music/sounding.ts';
import { touch } from './music/touch.ts';
import type { Decoder, Random } from './ports.ts';
import { sampleSection } from './sample-section.ts';

/** The model may end a movement by itself from this part of its length on. */
const MAY_END_FROM = 0.85;
/** Music composed beyond a section's length, so that a good pause can be chosen around it; a part of it, and at most. */
const BEYOND_PART = 0.1;
const BEYOND_MS = 10_000;
/** What slowing down and the closing chord add; milliseconds. */
const CLOSING_MS = 7_000;
/** The silence before the opening returns; milliseconds. */
const RETURN_AFTER_MS = [900, 1800] as const;

export type Movement = {
  /** From 0 on; touch and pedal included. */
  readonly music: Music;
  readonly tokens: number;
  readonly cadence: Cadence;
  readonly sections: readonly { readonly name: SectionPlan['name']; readonly startMs: number }[];
};

/**
 * Composes a movement section by section and ends it properly.
 * @param heard tokens of music that it goes on from, without being a part of it
 * @param goesOn asked at every note, with the tokens sampled so far and the time composed; false ends the movement there
 */
export async function composeMovement(
  plan: MovementPlan,
  decoder: Decoder,
  contextLength: number,
  random: Random,
  heard: readonly number[],
  goesOn: (tokens: number, composedMs: number) => boolean,
): Promise<Movement> {
  const lengthMs = Math.max(plan.lengthMs / 2, plan.lengthMs - CLOSING_MS);
  const form = planForm({ ...plan, lengthMs }, random);
  const sections: { name: SectionPlan['name']; startMs: number }[] = [];
  let notes: Note[] = [];
  let opening: readonly Note[] = [];
  let cadence: Cadence = 'rule';
  let tokens = 0;
  let stopped = false;
  for (const { name, untilMs, course, notesPerSecond } of form) {
    const fromMs = notes.at(-1)?.onsetMs ?? 0;
    const returning = name === "A'" ? returnOf(opening, opening.at(-1)!.onsetMs) : [];
    const [soonest, latest] = RETURN_AFTER_MS;
    const returnMs =
      fromMs + Math.round(soonest + (returning.length > 0 ? random() : 0) * (latest - soonest));
    notes = eachKeyOnce([
      ...notes,
      ...returning.map((note) => ({ ...note, onsetMs: note.onsetMs + returnMs })),
    ]);
    const beyondMs = Math.min(BEYOND_MS, (untilMs - fromMs) * BEYOND_PART);
    const sampled = await sampleSection(
      {
        course,
        notesPerSecond,
        before: notes,
        breath: notes.length > 0 && returning.length === 0,
        ...(opening.length > 0 ? { motif: opening } : notes.length > 0 ? {} : { heard }),
        untilMs: untilMs + beyondMs,
        endsAtMs: lengthMs,
        mayEndFromMs: form.at(-1)!.name === name ? lengthMs * MAY_END_FROM : Number.POSITIVE_INFINITY,
      },
      decoder,
      contextLength,
      random,
      (count, nowMs) => {
        stopped = !goesOn(tokens + count, nowMs);
        return !stopped;
      },
    );
    tokens += sampled.tokens;
    const startMs = returning.length > 0 ? returnMs : sampled.notes[0]?.onsetMs;
    if (startMs === undefined) break;
    notes = eachKeyOnce([...notes, ...sampled.notes]);
    sections.push({ name, startMs });
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
    if (stopped) break;
  }
  if (notes.length === 0) return { music: toMusic([]), tokens, cadence: 'rule', sections };
  const firstMs = notes[0]!.onsetMs;
  const placed = sections.map(({ name, startMs }) => ({ name, startMs: startMs - firstMs }));
  const music = touch(
    close(fromZero(notes)),
    placed.map(({ startMs }) => startMs),
    plan.controls.loudness,
  );
  return { music, tokens, cadence, sections: placed };
}

function fromZero(notes: readonly Note[]): readonly Note[] {
  const firstMs = notes[0]?.onsetMs ?? 0;
  return notes.map((note) => ({ ...note, onsetMs: note.onsetMs - firstMs }));
}
