import { expect, test } from '@jest/globals';
import { sampleSection } from '../../src/compose/sample-section.ts';
import { toMusic } from '../../src/music/note.ts';
import { passage, type SectionRequest } from '../../src/music/plan/section.ts';
import { seededRandom } from '../../src/music/random.ts';
import { mean } from '../../src/music/statistics.ts';
import {
  DELTA,
  DENSITY,
  encode,
  isMark,
  LOUDNESS,
  NO_MOTIF,
  PITCH,
  PREFIX_TOKENS,
  REGISTER,
  REMAINING,
  SEAM,
  STYLE,
  TOUCH,
  VOCABULARY_SIZE,
  WITH_MOTIF,
} from '../../src/music/tokens/vocabulary.ts';
import type { Decoder } from '../../src/ports.ts';
import { scale } from '../support/music.ts';

/** Steps of 200 to 400 ms, keeps what it is shown: one list of tokens a prefill, what followed it included. */
function listening(contextLength: number): { decoder: Decoder; shown: number[][] } {
  const shown: number[][] = [];
  const decoder: Decoder = {
    get length() {
      return shown.at(-1)?.length ?? 0;
    },
    async append(tokens) {
      shown.at(-1)!.push(...tokens);
      expect(shown.at(-1)!.length).toBeLessThanOrEqual(contextLength);
      const logits = new Float32Array(VOCABULARY_SIZE).fill(-20);
      logits.fill(0, DELTA + 20, DELTA + 41);
      logits.fill(0, PITCH + 27, PITCH + 60);
      logits.fill(0, TOUCH + 12 * 32 + 8, TOUCH + 12 * 32 + 24);
      return logits;
    },
    reset: () => void shown.push([]),
  };
  return { decoder, shown };
}

const CONTROLS = { style: 'stanford-piano-rolls', loudness: 2, density: 1, register: 4 } as const;
/** A tenth of 240 tokens. */
const MOTIF_NOTES = 8;
const REQUEST = passage(CONTROLS, 3.5, 60_000, 600_000);
async function sample(change: Partial<SectionRequest>, contextLength = 96) {
  const { decoder, shown } = listening(contextLength);
  const goesOn = () => true;
  const sampled = await sampleSection(
    { ...REQUEST, ...change },
    decoder,
    contextLength,
    seededRandom(1),
    goesOn,
  );
  return { ...sampled, shown };
}

test('each prefill states the controls of that moment: style, loudness, density, time left, register', async () => {
  const course = [
    { fromMs: 0, controls: CONTROLS },
    { fromMs: 30_000, controls: { ...CONTROLS, loudness: 5, register: 6 } },
  ];
  const { shown } = await sample({ course });
  const prefixes = shown.map((tokens) => tokens.slice(0, 5));
  expect(prefixes[0]).toEqual([STYLE, LOUDNESS + 2, DENSITY + 1, REMAINING, REGISTER + 4]);
  expect(prefixes.at(-1)).toEqual([STYLE, LOUDNESS + 5, DENSITY + 1, REMAINING, REGISTER + 6]);
  expect(new Set(prefixes.map(String)).size).toBe(2);
});

test('the time left is marked once as it passes 60, 30 and 10 s, and afterwards stated in the prefix', async () => {
  const whole = await sample({ untilMs: 70_000, endsAtMs: 70_000 }, 3000);
  expect(whole.shown).toHaveLength(1);
  const stream = whole.shown[0]!;
  expect(stream.filter(isMark)).toEqual([REMAINING, REMAINING + 1, REMAINING + 2, REMAINING + 3]);
  // A mark stands where a note would begin.
  stream.forEach((token, i) => {
    if (isMark(token)) expect(i % 3).toBe(0);
  });
  const trimmed = await sample({ untilMs: 70_000, endsAtMs: 70_000 });
  const levels = trimmed.shown.map((tokens) => tokens[3]! - REMAINING);
  expect(levels).toEqual([...levels].sort());
  expect([levels[0], levels.at(-1)]).toEqual([0, 3]);
  // Marks are for the network alone: they take no random number, and the music is what it would be without them.
  const unmarked = await sample({ untilMs: 70_000 }, 3000);
  expect(unmarked.shown[0]!.filter(isMark)).toEqual([REMAINING]);
  expect(unmarked.notes).toEqual(whole.notes);
});

test('music from nothing is reminded of its own opening once it has forgotten it', async () => {
  const { shown, notes } = await sample({}, 240);
  expect(shown[0]![PREFIX_TOKENS - 1]).toBe(NO_MOTIF);
  const opening = encode(toMusic(notes.slice(0, MOTIF_NOTES))).slice(1, -1);
  expect(shown.length).toBeGreaterThan(2);
  for (const tokens of shown.slice(1)) {
    expect(tokens[PREFIX_TOKENS - 1]).toBe(WITH_MOTIF);
    // All but the first Δ, which the motif keeps.
    expect(tokens.slice(PREFIX_TOKENS + 1, PREFIX_TOKENS + 3 * MOTIF_NOTES)).toEqual(opening);
    expect(tokens[PREFIX_TOKENS + 3 * MOTIF_NOTES]).toBe(SEAM);
  }
});

test('a motif that is given stands before what was played; other music is heard first, and once', async () => {
  const motif = scale(5_000).notes;
  const before = scale(20_000).notes;
  const { shown } = await sample({ motif, before }, 240);
  const told = encode(toMusic(motif.slice(0, MOTIF_NOTES))).slice(0, -1);
  for (const tokens of shown) expect(tokens.slice(PREFIX_TOKENS).slice(0, told.length)).toEqual(told);
  const heard = encode(scale(60_000)).slice(0, -1);
  const opening = await sample({ heard });
  // 0.6 of 96 tokens are 19 notes.
  expect(opening.shown[0]!.slice(PREFIX_TOKENS, PREFIX_TOKENS + 57)).toEqual(heard.slice(-57));
  expect(opening.notes[0]!.onsetMs).toBeLessThan(500);
  expect(opening.shown[1]!.slice(0, 6)).not.toEqual(heard.slice(-57).slice(0, 6));
});

test('every note says how improbable it was to the network, before anything was bent', async () => {
  const { notes, nats } = await sample({ untilMs: 10_000 });
  expect(nats).toHaveLength(notes.length);
  // 21 steps in time, 33 keys, 16 velocities are alike; the rest of the slots weighs e^-20.
  for (const value of nats) expect(value).toBeCloseTo(Math.log(21 * 33 * 16), 3);
});

test('a network that plays elsewhere is drawn towards the register asked for', async () => {
  const course = [4, 0].map((register, i) => ({ fromMs: 90_000 * i, controls: { ...CONTROLS, register } }));
  const { notes } = await sample({ course, untilMs: 180_000 });
  const meanOf = (from: number) => {
    const own = notes.filter(({ onsetMs }) => onsetMs >= from && onsetMs < from + 75_000);
    return mean(own.map(({ pitch }) => pitch));
  };
  // It likes 48 to 80; register 4 is around 62.5, register 0 around 47.
  expect(Math.abs(meanOf(0) - 64)).toBeLessThan(1.5);
  expect(meanOf(105_000)).toBeLessThan(60);
});
