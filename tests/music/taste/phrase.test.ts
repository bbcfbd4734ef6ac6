import { describe, expect, test } from '@jest/globals';
import type { ScoreNote } from '../../../src/music/score/score.ts';
import { judgePhrase } from '../../../src/music/taste/phrase.ts';

const C = { tonic: 0, major: true };
const BAR = 96;
/** Four bars of quarters over a bass note a bar. */
function phrase(basses: readonly number[], melody: readonly number[]): ScoreNote[] {
  const under = basses.map(
    (pitch, bar): ScoreNote => ({ onset: bar * BAR, length: 96, pitch, part: 'left' }),
  );
  const above = melody.map((pitch, i): ScoreNote => ({ onset: i * 24, length: 24, pitch, part: 'right' }));
  return [...under, ...above].sort((a, b) => a.onset - b.onset || a.pitch - b.pitch);
}
const scoreOf = (notes: readonly ScoreNote[], atTheEdge = false): number =>
  judgePhrase(
    { nats: [2.2] },
    {
      phrase: { bars: 4, key: C, cadence: 'half', recalls: 0 },
      atTheEdge,
      notesExpected: notes.length,
      notes,
      barLength: BAR,
      before: [],
      usualNats: 2.2,
      originality: null,
    },
  ).score;

const LINE = [72, 76, 74, 72, 74, 77, 76, 74, 76, 79, 77, 76, 74, 72, 74, 71];

describe('of two candidates the better one', () => {
  test('has been at home before it rests on the dominant', () => {
    const atHome = phrase([48, 48, 48, 43], LINE);
    const inTheDominant = phrase([43, 43, 43, 43], LINE);
    // Both are in the scale, rest on the dominant, and have one melody.
    expect(scoreOf(atHome)).toBeGreaterThan(scoreOf(inTheDominant) + 0.5);
  });

  test('has been at home, all the more where the movement opens or closes', () => {
    const [home, dominant] = [phrase([48, 48, 48, 43], LINE), phrase([43, 43, 43, 43], LINE)];
    const ahead = (atTheEdge: boolean) => scoreOf(home, atTheEdge) - scoreOf(dominant, atTheEdge);
    expect(ahead(true)).toBeGreaterThan(ahead(false) + 0.5);
  });

  test('takes up its own idea, a little higher each time, instead of another in each bar', () => {
    // The same notes in each bar, in another order.
    const another = [72, 76, 74, 72, 74, 74, 76, 77, 79, 77, 76, 76, 74, 72, 74, 71];
    const basses = [48, 48, 48, 43];
    expect(scoreOf(phrase(basses, LINE))).toBeGreaterThan(scoreOf(phrase(basses, another)) + 0.3);
  });

  test('turns back from its leaps', () => {
    const leaps = [72, 79, 86, 79, 74, 81, 88, 81, 76, 83, 89, 83, 74, 72, 74, 71];
    const turns = [72, 79, 77, 76, 74, 81, 79, 77, 76, 83, 81, 79, 74, 72, 74, 71];
    const basses = [48, 48, 48, 43];
    expect(scoreOf(phrase(basses, turns))).toBeGreaterThan(scoreOf(phrase(basses, leaps)) + 0.5);
  });
});
