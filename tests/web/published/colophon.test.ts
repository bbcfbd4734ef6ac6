import { expect, test } from '@jest/globals';
import { colophonText } from '../../../web/published/colophon.ts';

test('a day’s record in one line', () => {
  expect(colophonText({ seed: 7, modelSha256: '0123456789abcdef', notes: 1_234 })).toBe(
    '1,234 notes, from seed 7 by model 0123456789ab.',
  );
});

test('who heard it, what it cost and what one may do with it, as far as that is known', () => {
  const record = { seed: 7, modelSha256: '0123456789abcdef', notes: 9 };
  const after = (fields: object) =>
    colophonText({ ...record, ...fields })!.slice('9 notes, from seed 7 by model 0123456789ab.'.length);
  expect(after({ heard: 14, costUsd: 0.0123, licences: { music: 'CC-BY-4.0', model: 'MIT' } })).toBe(
    ' Heard by 14. It cost about $0.012. Music: CC BY 4.0.',
  );
  expect(after({ heard: 0, costUsd: 0 })).toBe(' Heard by nobody. It cost nothing.');
  expect(after({ heard: 9, costUsd: 1.234 })).toBe(' Heard by 9. It cost about $1.23.');
  expect(after({ heard: null, costUsd: null, licences: null })).toBe('');
  expect(after({ heard: 'x', costUsd: Number.NaN, licences: { music: '<b>' } })).toBe('');
});

test('what is no record has no colophon', () => {
  for (const record of [null, 3, {}, { seed: '7', modelSha256: 'x', notes: 1 }, { seed: 7, notes: 1 }])
    expect(colophonText(record)).toBeNull();
});
