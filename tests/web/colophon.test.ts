import { expect, test } from '@jest/globals';
import { colophonText } from '../../web/colophon.ts';

test('a day’s record in one line', () => {
  expect(colophonText({ seed: 7, modelSha256: '0123456789abcdef', notes: 1_234 })).toBe(
    '1,234 notes, from seed 7 by model 0123456789ab.',
  );
});

test('what is no record has no colophon', () => {
  for (const record of [null, 3, {}, { seed: '7', modelSha256: 'x', notes: 1 }, { seed: 7, notes: 1 }])
    expect(colophonText(record)).toBeNull();
});
