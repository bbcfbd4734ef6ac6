import { expect, test } from '@jest/globals';
import { taskOf } from '../../../src/lambda/shared/continue-task.ts';

const told = (key: string, object: object = {}) => ({
  Records: [
    {
      messageId: 'm1',
      body: JSON.stringify({ Records: [{ s3: { bucket: { name: 'b' }, object: { key, ...object } } }] }),
    },
  ],
});
const writtenOf = (event: unknown) => {
  const task = taskOf(event);
  if (task.kind !== 'queued') throw new Error(task.kind);
  return task.messages;
};

test('a key is decoded once, whatever stands in it, and its ETag and version are one word', () => {
  const object = { eTag: 'abc', versionId: 'v7', size: 3, sequencer: '1' };
  expect(writtenOf(told('prompts/f%C3%BCr+%2B+%2541.mid', object))).toEqual([
    { id: 'm1', written: [{ bucket: 'b', key: 'prompts/für + %41.mid', version: 'abc v7' }] },
  ]);
  expect(writtenOf(told('prompts/a.mid', { eTag: 'abc' }))[0]!.written[0]!.version).toBe('abc null');
  expect(writtenOf({ Records: [{ messageId: 'm', body: '{"Event":"s3:TestEvent"}' }] })).toEqual([
    { id: 'm', written: [] },
  ]);
});

test('a task that is named, and one that brings its music; as objects and as strings', () => {
  for (const as of [(event: object): unknown => event, JSON.stringify]) {
    expect(taskOf(as({ key: 'prompts/a b+c%41.mid', minutes: 2, seed: 7 }))).toEqual({
      ...{ kind: 'stored', key: 'prompts/a b+c%41.mid', minutes: 2, seed: 7 },
    });
    expect(taskOf(as({ midi: 'TVRoZA==' }))).toEqual({
      ...{ kind: 'given', midi: Buffer.from('MThd'), name: 'your music' },
    });
    expect(writtenOf(as(told('prompts/a.mid')))).toHaveLength(1);
  }
});

test.each([
  ['another folder', { key: 'performances/2026-11-21.json' }, /prompts\//],
  ['too long', { key: 'prompts/a.mid', minutes: 3 }, /<=2/],
  ['no seed', { key: 'prompts/a.mid', seed: -1 }, />=0/],
  ['no base64', { midi: '§' }, /Base64/],
  ['nothing', {}, /key/],
  ['no JSON', 'prompts/a.mid', /no JSON/],
  ['a body that is no JSON', { Records: [{ messageId: 'm', body: 'x' }] }, /no JSON/],
])('%s is refused in words', (_what, event, words) => {
  expect(() => taskOf(event)).toThrow(words);
});
