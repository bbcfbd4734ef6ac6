/** Which words are seen at an instant. */
import { expect, test } from '@jest/globals';
import type { Line } from '../../../src/music/midi/karaoke.ts';
import { sungAt } from '../../../web/shelf/words-in-time.ts';

const line = (from: number, ...texts: string[]): Line =>
  texts.map((text, i) => ({ seconds: from + i, text }));
const LINES = [line(5, 'Twin', 'kle '), line(8, 'star'), line(30, 'How')];

test('a line is shown two seconds ahead, and sung syllable by syllable', () => {
  expect(sungAt(LINES, 2.9)).toEqual({ sung: '', toSing: '', next: '' });
  expect(sungAt(LINES, 3)).toEqual({ sung: '', toSing: 'Twinkle ', next: 'star' });
  expect(sungAt(LINES, 5)).toEqual({ sung: 'Twin', toSing: 'kle ', next: 'star' });
});

test('a line is sung to its end before the next takes its place', () => {
  expect(sungAt(LINES, 6.4)).toEqual({ sung: 'Twinkle ', toSing: '', next: 'star' });
  expect(sungAt(LINES, 6.6)).toEqual({ sung: '', toSing: 'star', next: 'How' });
  expect(sungAt(LINES, 60)).toEqual({ sung: 'How', toSing: '', next: '' });
});
