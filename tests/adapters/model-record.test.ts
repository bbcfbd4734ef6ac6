import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseModelRecord } from '../../src/adapters/model-record.ts';

const SHIPPED = JSON.parse(readFileSync('model/model.json', 'utf8'));
const parsed = (fields: object) => parseModelRecord(JSON.stringify({ ...SHIPPED, ...fields }));

test('what printed music is to the shipped network is what its int8 graph has on held-out windows', () => {
  const { sha256, usualNats, check } = SHIPPED;
  expect(parsed({})).toMatchObject({ sha256, usualNats: check.validNatsPerNoteInt8 });
  expect(usualNats).toBeGreaterThan(1);
});

test('a model that was kept before the figure had a name has it where it was measured', () => {
  expect(parsed({ usualNats: undefined, check: { validNatsPerNoteInt8: 2.9 } })).toMatchObject({
    usualNats: 2.9,
  });
});

test('a record that does not say it, or says what is none, is refused with what to do', () => {
  expect(parsed({ usualNats: undefined, check: undefined })).toEqual({
    problem: expect.stringMatching(/"usualNats".*export the weights anew/),
  });
  for (const usualNats of [0, -1, '2.4', null])
    expect(parsed({ usualNats })).toEqual({ problem: expect.stringContaining('"usualNats"') });
});
