import { expect, test } from '@jest/globals';
import { beamsOf, type Timed } from '../../../src/music/sheet/beams.ts';

const COMMON = { beats: 4, unit: 4 };
const short: Record<string, string> = {
  begin: '<',
  continue: '-',
  end: '>',
  'forward hook': 'f',
  'backward hook': 'b',
};
/** One word a note: its beams from the eighth's inward; a dot for none. */
const text = (row: Timed[], metre = COMMON) =>
  beamsOf(row, metre)
    .map((beams) => [...beams.matchAll(/>([^<]+)<\/beam>/g)].map(([, kind]) => short[kind!]).join('') || '.')
    .join(' ');
const note = (at: number, type: Timed['type']): Timed => ({ at, type, rest: false });

test('joins what lies in one beat, and no more', () => {
  expect(text([0, 12, 24, 36].map((at) => note(at, 'eighth')))).toBe('< > < >');
  expect(text([0, 6, 12, 18].map((at) => note(at, '16th')))).toBe('<< -- -- >>');
  expect(text([note(0, 'quarter'), note(24, 'eighth'), note(36, 'eighth')])).toBe('. < >');
});

test('a dotted eighth and a sixteenth share one beam, and the sixteenth has a hook', () => {
  expect(text([note(0, 'eighth'), note(18, '16th')])).toBe('< >b');
  expect(text([note(0, '16th'), note(6, 'eighth')])).toBe('<f >');
});

test('a rest parts them, and what stands alone has none', () => {
  expect(text([note(0, '16th'), { at: 6, type: '16th', rest: true }, note(12, 'eighth')])).toBe('. . .');
});

test('counts in dotted quarters where the metre does', () => {
  const eighths = Array.from({ length: 6 }, (_, i) => note(12 * i, 'eighth'));
  expect(text(eighths, { beats: 6, unit: 8 })).toBe('< - > < - >');
});
