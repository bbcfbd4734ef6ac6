import { expect, test } from '@jest/globals';
import { phrasesIn } from '../../bench/originality/shards.ts';
import { LONGEST_PHRASE } from '../../src/music/score/phrases.ts';
import type { ScoreNote } from '../../src/music/score/score.ts';
import { encodeScore, noteTriple, phraseMark } from '../../src/music/tokens/encode.ts';
import { EMPTY_BAR, END, NEXT, NO_LENGTH, NO_PITCH } from '../../src/music/tokens/vocabulary.ts';

const right = (onset: number, pitch: number): ScoreNote => ({ onset, length: 24, pitch, part: 'right' });

test('of a piece’s tokens the keys that are struck are read, phrase by phrase; marks and empty bars are none', () => {
  const mark = (bars: number) =>
    phraseMark({ bars, key: { tonic: 7, major: false }, cadence: 'half', recalls: 2 }, 40, 3);
  const tokens = [
    ...mark(2),
    ...noteTriple(NEXT, right(0, 21)),
    ...noteTriple(NEXT, right(0, 108)),
    ...mark(LONGEST_PHRASE),
    ...[EMPTY_BAR, NO_PITCH, NO_LENGTH],
    ...noteTriple(NEXT + 48, right(0, 60)),
    END,
  ];
  expect(phrasesIn(tokens)).toEqual([[{ pitch: 21 }, { pitch: 108 }], [{ pitch: 60 }]]);
});

test('every note of a score is found again, in its order', () => {
  const notes = Array.from({ length: 40 }, (_, i) => right(i * 24, 60 + ((i * 5) % 13)));
  const bars = Array.from({ length: 10 }, (_, i) => ({
    start: i * 96,
    length: 96,
    metre: { beats: 4, unit: 4 },
  }));
  const found = phrasesIn(encodeScore({ bars, notes })).flat();
  expect(found).toEqual(notes.map(({ pitch }) => ({ pitch })));
});
