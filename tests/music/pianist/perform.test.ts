import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Interpretation, interpret } from '../../../src/music/pianist/interpretation.ts';
import { barsOf, perform, play } from '../../../src/music/pianist/perform.ts';
import { phrasesOf } from '../../../src/music/score/phrases.ts';
import type { Score } from '../../../src/music/score/score.ts';
import { bars, left, PLAIN, phrase, right, score } from './scores.ts';

const withRule = (rules: Partial<Interpretation['rules']>): Interpretation => ({
  ...PLAIN,
  rules: { ...PLAIN.rules, ...rules },
});
/** A quarter, two eighths, a half; then three bars of quarters. */
const TUNE = score(
  [
    right(0, 24, 72),
    right(24, 12, 74),
    right(36, 12, 76),
    right(48, 48, 77),
    ...Array.from({ length: 12 }, (_, i) => right(96 + 24 * i, 24, 72 + (i % 5))),
  ],
  bars(4),
);
const PHRASES = [phrase(0, 4)];
const onsets = (plan: Interpretation, own: Score = TUNE) =>
  play(own, plan, PHRASES).notes.map(({ onsetMs }) => onsetMs);

describe('a tune of four bars', () => {
  test('is played as it is written when no rule adds anything', () => {
    expect(onsets(PLAIN).slice(0, 5)).toEqual([0, 1000, 1500, 2000, 4000]);
    expect(barsOf(TUNE, PLAIN, PHRASES)).toEqual([0, 4000, 8000, 12000, 16000]);
    expect(new Set(play(TUNE, PLAIN, PHRASES).notes.map(({ velocity }) => velocity))).toEqual(new Set([64]));
  });

  test('duration contrast shortens its eighths, and the bar gives two thirds of it back', () => {
    // An eighth of 500 ms loses 1.5 · 3.5 = 5.25 ms; of both together 6.825 are spread over the bar's 96 steps.
    expect(onsets(withRule({ durationContrast: 1 })).slice(0, 5)).toEqual([0, 1002, 1497, 1993, 3996]);
  });

  test('a phrase arch goes fastest before its middle, and softest at its end', () => {
    const { barsMs, notes } = play(TUNE, withRule({ phraseArch: 1 }), PHRASES);
    const lengths = barsMs.slice(1).map((ms, i) => ms - barsMs[i]!);
    expect(lengths.indexOf(Math.min(...lengths))).toBe(1);
    expect(lengths[3]!).toBeGreaterThan(lengths[0]!);
    const first = notes[4]!.velocity;
    expect(notes.at(-1)!.velocity).toBeLessThan(first);
    // Over the whole phrase nothing is gained or lost but for the arc of the whole piece, under a fiftieth.
    expect(Math.abs(barsMs[4]! - 16000)).toBeLessThan(640);
  });

  test('it ends slowing down: each of the last gaps longer than the one before', () => {
    const times = onsets(withRule({ finalRitard: 1 })).slice(-4);
    const gaps = times.slice(1).map((ms, i) => ms - times[i]!);
    expect(gaps[0]!).toBeGreaterThan(1000);
    expect(gaps[1]!).toBeGreaterThan(gaps[0]!);
    expect(gaps[2]!).toBeGreaterThan(gaps[1]!);
  });

  test('the melody comes before its accompaniment and louder, by what the interpretation says', () => {
    const both = score([...TUNE.notes, left(96, 24, 48), left(192, 24, 48)], bars(4));
    const { notes } = play(both, { ...PLAIN, leadMs: 20, melodyLouder: 10 }, PHRASES);
    const [bass, tune] = notes.filter(({ onsetMs }) => Math.abs(onsetMs - 4000) < 100);
    expect([bass!.pitch, tune!.pitch]).toEqual([48, 72]);
    expect(bass!.onsetMs - tune!.onsetMs).toBe(20);
    expect(tune!.velocity).toBe(70);
    // The bass carries the rest: a decibel and a half more than a plain note, four velocities less.
    expect(bass!.velocity).toBe(Math.round(64 * 10 ** (1.5 / 58) - 4));
  });

  test('high notes are louder by 3 dB an octave', () => {
    const octaves = score([right(0, 48, 60), right(48, 48, 84)], bars(1));
    const velocities = play(octaves, withRule({ highLoud: 1 }), [phrase(0, 1)]).notes.map((n) => n.velocity);
    expect(velocities).toEqual([Math.round(64 * 10 ** (-3 / 58)), Math.round(64 * 10 ** (3 / 58))]);
  });

  test('a repeated note is let go before it is struck again, another is held into the next', () => {
    const line = score([right(0, 24, 72), right(24, 24, 72), right(48, 48, 74)], bars(1));
    const [first, second] = play(line, PLAIN, [phrase(0, 1)]).notes;
    expect(first!.durationMs).toBe(1000 * 0.84 - 35);
    expect(second!.durationMs).toBeGreaterThan(1000);
  });
});

test('a broken chord stays under the hand, but each key comes up before it is struck again', () => {
  const figure = [48, 55, 48, 52].map((pitch, i) => left(12 * i, 12, pitch));
  const { notes } = play(score([...figure, right(0, 96, 72)], bars(1)), PLAIN, [phrase(0, 1)]);
  const held = notes.filter(({ pitch }) => pitch < 60).map(({ durationMs }) => durationMs);
  // Two and a half times 500 ms, or 28 ms before the key's next strike a second later.
  expect(held.slice(0, 3)).toEqual([972, 1250, 1250]);
});

test('however unsteady the hand, a key is struck again after 80 ms at the soonest', () => {
  const same = score(
    Array.from({ length: 40 }, (_, i) => right(i, 1, 72)),
    bars(1),
  );
  const times = onsets(withRule({ noise: 10 }), same);
  expect(Math.min(...times.slice(1).map((ms, i) => ms - times[i]!))).toBeGreaterThanOrEqual(81);
});

test('small notes are given the time that hands need', () => {
  const run = score(
    Array.from({ length: 40 }, (_, i) => right(i, 1, 60 + i)),
    bars(1),
  );
  // A step lasts 41.7 ms by the tempo.
  expect(onsets(PLAIN, run).slice(0, 4)).toEqual([0, 45, 90, 135]);
  const thick = score(
    Array.from({ length: 12 }, (_, i) =>
      [48, 52, 55, 60, 64, 67, 72, 76].map((key) => right(3 * i, 3, key + (i % 2))),
    ).flat(),
    bars(1),
  );
  const times = onsets(PLAIN, thick);
  // Five chords of eight: a sixth would make more than 46 notes in a second.
  expect(Math.max(...times.map((ms, i) => times.filter((t, j) => j >= i && t <= ms + 1000).length))).toBe(40);
});

test('the pedal rises after a new harmony is struck, and falls while its keys are held', () => {
  const chord = (at: number, pitches: readonly number[]) => pitches.map((pitch) => left(at, 96, pitch));
  const music = score(
    [...chord(0, [48, 52, 55]), ...chord(96, [43, 50, 59]), ...chord(192, [48, 52, 55])],
    bars(3),
  );
  const { music: played, notes } = play(music, PLAIN, [phrase(0, 3)]);
  expect(played.pedal).toEqual([
    { ms: 245, value: 127 },
    { ms: 4025, value: 0 },
    { ms: 4245, value: 127 },
    { ms: 8025, value: 0 },
    { ms: 8245, value: 127 },
    { ms: played.durationMs, value: 0 },
  ]);
  expect(notes.every(({ durationMs }) => durationMs > 245)).toBe(true);
});

test('the pedal waits for a new harmony, 0.7 s at least, and no longer than 2.6 s for one that stays', () => {
  const chord = (at: number, length: number, pitches: readonly number[]) =>
    pitches.map((pitch) => left(at, length, pitch));
  const [tonic, dominant] = [
    [48, 52, 55],
    [43, 50, 59],
  ] as const;
  const rises = (chords: ReturnType<typeof chord>, count: number) =>
    play(score(chords, bars(count)), PLAIN, [phrase(0, count)])
      .music.pedal.slice(0, -1)
      .filter(({ value }) => value === 0)
      .map(({ ms }) => ms);
  expect(rises([...chord(0, 48, tonic), ...chord(48, 48, dominant)], 1)).toEqual([2025]);
  const same = Array.from({ length: 8 }, (_, i) => chord(24 * i, 24, tonic)).flat();
  expect(rises(same, 2)).toEqual([3025, 6025]);
});

test('a chord that no two hands span is rolled from below, its top last', () => {
  const wide = score([left(0, 96, 36), left(0, 96, 55), right(0, 96, 60), right(0, 96, 84)], bars(1));
  const times = play(wide, PLAIN, [phrase(0, 1)]).notes.map(({ onsetMs }) => onsetMs);
  expect(times).toEqual([0, 36, 72, 108]);
});

test('a score without notes is refused', () => {
  expect(() => perform({ bars: bars(1), notes: [] }, PLAIN)).toThrow('a score without notes');
});

describe('any score, any day', () => {
  const RUNS = 40;
  const note = fc.record({
    onset: fc.integer({ min: 0, max: 96 * 8 - 1 }),
    length: fc.integer({ min: 1, max: 120 }),
    pitch: fc.integer({ min: 21, max: 108 }),
    part: fc.constantFrom('right' as const, 'left' as const, 'voice' as const),
  });
  const anything = fc.tuple(
    fc.array(note, { minLength: 1, maxLength: 120 }),
    fc.integer({ min: 0, max: 1e6 }),
  );
  const playedAs = ([notes, seed]: readonly [Score['notes'], number]) => {
    const own = score(notes, bars(10));
    const phrases = phrasesOf(own);
    return { own, phrases, plan: interpret(own, phrases, seed) };
  };

  test('every note of the score is struck exactly once, on its key, in the order of the score', () => {
    fc.assert(
      fc.property(anything, (given) => {
        const { own, phrases, plan } = playedAs(given);
        const { music, notes } = play(own, plan, phrases);
        expect(notes.map(({ pitch }) => pitch)).toEqual(own.notes.map(({ pitch }) => pitch));
        expect([...music.notes].map(({ pitch }) => pitch).sort()).toEqual(
          notes.map(({ pitch }) => pitch).sort(),
        );
        let before = -1;
        let latest = -1;
        own.notes.forEach(({ onset }, i) => {
          if (onset !== own.notes[before]?.onset)
            latest = Math.max(latest, ...notes.slice(0, i).map((n) => n.onsetMs));
          expect(notes[i]!.onsetMs).toBeGreaterThan(latest);
          before = i;
        });
      }),
      { numRuns: RUNS },
    );
  });

  test('keys are held for 30 ms at least, up before they are struck again, and within a velocity', () => {
    fc.assert(
      fc.property(anything, (given) => {
        const { own, phrases, plan } = playedAs(given);
        const until = new Map<number, number>();
        for (const { onsetMs, durationMs, pitch, velocity } of perform(own, plan, phrases).notes) {
          expect(durationMs).toBeGreaterThanOrEqual(30);
          expect(onsetMs).toBeGreaterThanOrEqual(until.get(pitch) ?? 0);
          expect(velocity).toBeGreaterThanOrEqual(14);
          expect(velocity).toBeLessThanOrEqual(118);
          until.set(pitch, onsetMs + durationMs);
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('no key is struck twice within 80 ms; the same day gives the same music, another one other music', () => {
    fc.assert(
      fc.property(anything, (given) => {
        const { own, phrases, plan } = playedAs(given);
        const music = perform(own, plan, phrases);
        const last = new Map<number, number>();
        for (const { onsetMs, pitch } of music.notes) {
          expect(onsetMs - (last.get(pitch) ?? -100)).toBeGreaterThanOrEqual(80);
          last.set(pitch, onsetMs);
        }
        expect(perform(own, JSON.parse(JSON.stringify(plan)), phrases)).toEqual(music);
        expect(interpret(own, phrases, given[1] + 1)).not.toEqual(plan);
      }),
      { numRuns: RUNS },
    );
  });

  test('bar lines come in order, and each bar begins with what is struck on it', () => {
    fc.assert(
      fc.property(anything, (given) => {
        const { own, phrases, plan } = playedAs(given);
        const { notes, barsMs } = play(own, plan, phrases);
        expect(barsMs).toHaveLength(own.bars.length + 1);
        barsMs.slice(1).forEach((ms, i) => {
          expect(ms).toBeGreaterThanOrEqual(barsMs[i]!);
        });
        own.bars.forEach(({ start }, bar) => {
          const first = own.notes.findIndex(({ onset }) => onset === start);
          if (first >= 0) expect(Math.abs(notes[first]!.onsetMs - barsMs[bar]!)).toBeLessThan(250);
        });
      }),
      { numRuns: RUNS },
    );
  });
});
