import { describe, expect, test } from '@jest/globals';
import { composeMovement, type MovementRequest } from '../../src/compose/movement.ts';
import type { PhraseRequest, SampledPhrase } from '../../src/compose/sample-phrase.ts';
import { type PhrasePlan, planPhrases } from '../../src/music/plan/phrase-form.ts';
import { seededRandom } from '../../src/music/random.ts';
import type { ScoreNote } from '../../src/music/score/score.ts';
import { noteTriple, phraseMark } from '../../src/music/tokens/encode.ts';
import {
  densityLevel,
  HERE,
  METRE,
  NEXT,
  NO_LENGTH,
  NO_MOTIF,
  NO_PITCH,
  REGISTER,
  SEAM,
  SOURCE,
  TEXTURE,
  WITH_MOTIF,
} from '../../src/music/tokens/vocabulary.ts';

const NETWORK = { contextLength: 768, usualNats: 2.4 };
const C = { tonic: 0, major: true };
const WALTZ: Omit<MovementRequest, 'phrases'> = {
  source: 'nifc-polish-scores',
  metre: { beats: 3, unit: 4 },
  texture: 'solo',
  register: 4,
  notesPerQuarter: 1,
};
const right = (onset: number, pitch: number): ScoreNote => ({ onset, length: 24, pitch, part: 'right' });
/** Four bars with a note a bar. */
const phraseOf = (pitches: readonly number[]): SampledPhrase => ({
  tokens: pitches.flatMap((pitch) => noteTriple(NEXT, right(0, pitch))),
  nats: pitches.map(() => 2.4),
});
const RESTING = phraseOf([67, 65, 64, 60]);
const plan = (count: number): readonly PhrasePlan[] =>
  planPhrases('ternary', 48, C, seededRandom(3)).slice(0, count);

describe('composing a movement', () => {
  test('puts phrases after one another, bar by bar', async () => {
    const { score, phrases, spent } = await composeMovement(
      { ...WALTZ, phrases: plan(2) },
      NETWORK,
      null,
      async () => [RESTING],
    );
    expect(score.notes.map(({ onset, pitch }) => [onset, pitch])).toEqual(
      [67, 65, 64, 60, 67, 65, 64, 60].map((pitch, bar) => [bar * 72, pitch]),
    );
    expect(score.bars).toHaveLength(8);
    expect(phrases.map(({ firstBar }) => firstBar)).toEqual([0, 4]);
    expect(spent).toBe(24);
  });

  test('tells the network prefix, what was written, and what is asked for; the metre once', async () => {
    const asked: PhraseRequest[] = [];
    const phrases = plan(2);
    await composeMovement({ ...WALTZ, phrases }, NETWORK, null, async (request) => {
      asked.push(request);
      return [RESTING];
    });
    const prefix = [SOURCE + 1, METRE + 1, TEXTURE, REGISTER + 4, NO_MOTIF, NO_LENGTH];
    const metre = [METRE + 1, NO_PITCH, NO_LENGTH];
    const first = [...prefix, ...phraseMark(phrases[0]!, 8, densityLevel(1)), ...metre];
    expect(asked[0]!.tokens).toEqual(first);
    expect(asked[1]!.tokens).toEqual([
      ...first,
      ...RESTING.tokens,
      ...phraseMark(phrases[1]!, 4, densityLevel(1)),
    ]);
    expect(asked[1]).toMatchObject({ bars: 4, metre: WALTZ.metre, texture: 'solo' });
  });

  test('of candidates takes the one that rests where it should, in its key', async () => {
    const half = phraseOf([64, 65, 67, 55]);
    const strange = phraseOf([66, 68, 70, 61]);
    const { phrases } = await composeMovement({ ...WALTZ, phrases: plan(1) }, NETWORK, null, async () => [
      strange,
      RESTING,
      half,
    ]);
    expect(phrases[0]!.judgement).toMatchObject({ cadence: 'half', inKey: 1 });
  });

  test('of candidates that are alike takes the one that is to the network what printed music is', async () => {
    const candidates = [1.5, 2.1, 2.6, 3.4].map((n) => ({ ...RESTING, nats: [n, n] }));
    const taken = async (usualNats: number) => {
      const network = { ...NETWORK, usualNats };
      const movement = { ...WALTZ, phrases: plan(1) };
      const { phrases } = await composeMovement(movement, network, null, async () => candidates);
      return phrases[0]!.judgement!.nats;
    };
    expect([await taken(1.6), await taken(2.2), await taken(2.5), await taken(5)]).toEqual([
      1.5, 2.1, 2.6, 3.4,
    ]);
  });

  test('when its memory is full, forgets the oldest phrases and is told the opening as the motif', async () => {
    const asked: PhraseRequest[] = [];
    await composeMovement(
      { ...WALTZ, phrases: plan(12) },
      { ...NETWORK, contextLength: 200 },
      null,
      async (request) => {
        asked.push(request);
        return [RESTING];
      },
    );
    const last = asked.at(-1)!.tokens;
    expect(last[4]).toBe(WITH_MOTIF);
    expect(last.slice(6, 18)).toEqual(RESTING.tokens);
    expect(last.slice(18, 21)).toEqual([SEAM, NO_PITCH, NO_LENGTH]);
    expect(last.length).toBeLessThanOrEqual(200);
    expect(asked[0]!.tokens[4]).toBe(NO_MOTIF);
  });

  test('opens with a theme that is given, note for note, and samples what follows', async () => {
    const theme = [right(0, 60), right(24, 62), right(3 * 72, 64), right(7 * 72, 60)];
    let sampled = 0;
    const { score } = await composeMovement(
      { ...WALTZ, phrases: plan(3), theme: { notes: theme, bars: 8 } },
      NETWORK,
      null,
      async (request) => {
        sampled++;
        expect(request.tokens).toContain(HERE + 24);
        return [RESTING];
      },
    );
    expect(score.notes.slice(0, 4)).toEqual(theme);
    expect(sampled).toBe(1);
  });

  test('of a theme that is over within a phrase the phrase is told the beginning; what sounds on over its last bar is told as it is', async () => {
    const theme = [0, 1, 2, 3, 4, 5].map((bar) => right(bar * 72, 60 + bar));
    const asked: PhraseRequest[] = [];
    const composed = (bars: number, notes = theme) =>
      composeMovement(
        { ...WALTZ, phrases: plan(2), theme: { notes, bars } },
        NETWORK,
        null,
        async (request) => {
          asked.push(request);
          return [RESTING];
        },
      );
    await composed(6);
    expect(asked.map(({ opening }) => opening)).toEqual([
      theme.slice(4).flatMap((note) => noteTriple(NEXT, note)),
    ]);
    asked.length = 0;
    const { score } = await composed(8);
    expect(asked).toEqual([]);
    expect(score.notes).toEqual(theme);
    // Two bars, and rests where a whole phrase would be.
    await composed(2, theme.slice(0, 2));
    await composed(8, theme.slice(0, 4));
    expect(asked.map(({ opening }) => opening)).toEqual([
      theme.slice(0, 2).flatMap((note) => noteTriple(NEXT, note)),
      [],
      [],
    ]);
  });

  test('goes on from phrases that are there, and its score begins after them', async () => {
    const before = [{ marks: [...phraseMark(plan(1)[0]!, 12, 0)], tokens: RESTING.tokens }];
    const { score } = await composeMovement(
      { ...WALTZ, phrases: plan(1), before },
      NETWORK,
      null,
      async (request) => {
        expect(request.tokens.slice(12, 24)).toEqual(RESTING.tokens);
        return [RESTING];
      },
    );
    expect(score.notes[0]!.onset).toBe(0);
    expect(score.bars).toHaveLength(4);
  });

  test('an answer begins as its question did, and only the last phrase is asked to rest for good', async () => {
    const eighths = (pitches: readonly number[]) =>
      pitches.flatMap((pitch, i) => noteTriple((i % 2 === 0 ? NEXT : HERE) + 36 * (i % 2), right(0, pitch)));
    const question = { tokens: eighths([60, 64, 67, 65, 64, 62, 62, 55]), nats: [2.4] };
    const asked: PhraseRequest[] = [];
    const phrases = planPhrases('ternary', 24, C, seededRandom(3));
    await composeMovement({ ...WALTZ, phrases }, NETWORK, null, async (request) => {
      asked.push(request);
      return [question];
    });
    const beginning = question.tokens.slice(0, 12);
    // A, its answer, B in another mode, what leads back, and A again: more of it, and an answer of its own.
    expect(asked.map(({ opening }) => opening)).toEqual([
      ...[undefined, beginning],
      ...[undefined, undefined],
      ...[question.tokens.slice(0, 18), []],
    ]);
    expect(asked.map(({ rests }) => rests)).toEqual([...new Array(5).fill(undefined), C]);
  });

  test('of what was there before the movement nothing is told again as its beginning', async () => {
    const [first] = plan(1);
    const before = [{ marks: [...phraseMark(first!, 12, 0)], tokens: RESTING.tokens }];
    const asked: PhraseRequest[] = [];
    // The first goes back to what was there, the second beyond the first to the same.
    const phrases = [1, 2].map((recalls) => ({ ...first!, recalls }));
    const composed = await composeMovement({ ...WALTZ, phrases, before }, NETWORK, null, async (request) => {
      asked.push(request);
      return [RESTING];
    });
    expect(asked.map(({ opening }) => opening)).toEqual([undefined, undefined]);
    expect(composed.phrases.map(({ judgement }) => judgement!.likeness)).toEqual([1, 1]);
  });

  test('home counts for more in the first period and the last, and in the first of what goes on from other music it does not', async () => {
    const [phrase] = plan(1);
    const phrases = Array.from({ length: 6 }, () => ({ ...phrase!, recalls: 0 }));
    const before = [{ marks: [...phraseMark(phrase!, 24, 0)], tokens: RESTING.tokens }];
    const aheadOfTheMiddle = async (movement: Partial<MovementRequest>) => {
      const composed = await composeMovement({ ...WALTZ, phrases, ...movement }, NETWORK, null, async () => [
        RESTING,
      ]);
      const scores = composed.phrases.map(({ judgement }) => judgement!.score);
      // The first of all has none before it that it could be too like.
      return scores.slice(1).map((score) => Math.sign(score - scores[2]!));
    };
    expect(await aheadOfTheMiddle({})).toEqual([1, 0, 0, 1, 1]);
    expect(await aheadOfTheMiddle({ before })).toEqual([0, 0, 0, 1, 1]);
  });

  test('ends with what there is when there is no time left', async () => {
    let left = 1;
    const { score } = await composeMovement({ ...WALTZ, phrases: plan(6) }, NETWORK, null, async () =>
      left-- > 0 ? [RESTING] : null,
    );
    expect(score.bars).toHaveLength(4);
  });
});
