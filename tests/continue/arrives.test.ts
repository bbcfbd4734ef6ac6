import { beforeEach, expect, test } from '@jest/globals';
import { memoryBlobs } from '../../src/adapters/memory/blobs.ts';
import { samplerOf } from '../../src/compose/sampler.ts';
import { arrives, isMusic } from '../../src/continue/arrives.ts';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import { scale } from '../support/music.ts';
import { scoreModel } from '../support/score-model.ts';

const MIDI = writeMidiFile({ title: 'Mine', music: scale(8_000, 250), markers: [] });
const sampler = samplerOf(scoreModel());
let opened = 0;
let place = memoryBlobs();
beforeEach(() => {
  opened = 0;
  place = memoryBlobs();
});
const open = async () => {
  opened++;
  return { sampler };
};
const arrive = (name: string, minutes = 0.5) =>
  arrives({ name, path: name }, { minutes }, { place, read: () => place.read(name), open });
/** As of a bucket: in a folder, with a version, told by somebody. */
const arriveAt = (version: string, claimant = { owner: 'a', now: 0, until: 10 }) =>
  arrives(
    { name: 'a.mid', path: 'prompts/a.mid', version },
    { minutes: 0.5 },
    { place, read: () => place.read('prompts/a.mid'), open, claimant },
  );
const json = (name: string) => JSON.parse(new TextDecoder().decode(place.files.get(name)));

test('three times the same file is one answer: MIDI, roll, sheet, record, and of which bytes it is', async () => {
  await place.write('my song.mid', MIDI);
  const first = await arrive('my song.mid');
  expect(first).toMatchObject({ outcome: 'continued', to: 'continuations/my song.mid/' });
  const before = new Map(place.files);
  for (const again of [await arrive('my song.mid'), await arrive('my song.mid')])
    expect(again).toEqual({ outcome: 'present', name: 'my song.mid' });
  expect([opened, new Map(place.files)]).toEqual([1, before]);
  expect([...place.files.keys()].sort()).toEqual([
    ...['continued.mid', 'continued.musicxml', 'record.json', 'roll.png', 'source.json'].map(
      (file) => `continuations/my song.mid/${file}`,
    ),
    'my song.mid',
  ]);
  expect(json('continuations/my song.mid/record.json')).toMatchObject({ title: 'Mine', minutes: 0.5 });
});

test('nothing that is written is a file that arrives', async () => {
  await place.write('a.mid.error.json', '{}');
  await arrive('a.mid');
  await place.write('B.KAR', MIDI);
  await arrive('B.KAR');
  expect([...place.files.keys()].filter((name) => isMusic(name) && !name.endsWith('continued.mid'))).toEqual([
    'B.KAR',
  ]);
  expect(['a.mid', 'a.MIDI', 'a.rmi', 'a.kar', 'a.mid.json', 'mid', 'a.mid '].map(isMusic)).toEqual([
    ...[true, true, true, true, false, false, false],
  ]);
});

test('of a place that has versions, what has its answer is not read again', async () => {
  await place.write('prompts/a.mid', MIDI);
  expect(await arriveAt('etag 1')).toMatchObject({ outcome: 'continued', to: 'continuations/a.mid/' });
  await place.remove('prompts/a.mid');
  expect(await arriveAt('etag 1')).toEqual({ outcome: 'present', name: 'a.mid' });
  expect(await arriveAt('etag 2')).toBeNull();
  expect(json('continuations/a.mid/source.json')).toMatchObject({ version: 'etag 1', minutes: 0.5 });
});

test('of two that are told at once one composes; the other does where the first has died', async () => {
  await place.write('prompts/a.mid', MIDI);
  const [first, second] = await Promise.all([
    arriveAt('etag 1'),
    arriveAt('etag 1', { owner: 'b', now: 1, until: 11 }),
  ]);
  expect(first).toMatchObject({ outcome: 'continued' });
  expect(second).toEqual({ outcome: 'taken', name: 'a.mid', until: 10 });
  for (const name of ['source', 'record']) await place.remove(`continuations/a.mid/${name}.json`);
  // A second try of the same teller does not wait for itself; another waits until the time is up.
  const late = { owner: 'b', now: 9, until: 19 };
  expect(await arriveAt('etag 1', late)).toMatchObject({ outcome: 'taken' });
  expect(await arriveAt('etag 1', { owner: 'a', now: 9, until: 19 })).toMatchObject({ outcome: 'continued' });
  await place.remove('continuations/a.mid/source.json');
  expect(await arriveAt('etag 1', { ...late, now: 18 })).toMatchObject({ outcome: 'taken' });
  expect(await arriveAt('etag 1', { ...late, now: 19 })).toMatchObject({ outcome: 'continued' });
});

test('a file that is too long is refused without having been read', async () => {
  const refused = await arrives(
    { name: 'a.mid', path: 'prompts/a.mid', version: 'etag 1' },
    { minutes: 0.5 },
    { place, read: async () => ({ tooLong: 1_000_001 }), open },
  );
  expect(refused).toMatchObject({ outcome: 'refused', reason: 'too_large' });
  expect(json('prompts/a.mid.error.json')).toMatchObject({ sha256: null, version: 'etag 1', at: 1_000_000 });
});

test('a bad file has its fault beside it, once; a good one in its place takes the fault away', async () => {
  const html = new TextEncoder().encode('<!doctype html>');
  await place.write('bad.mid', html);
  expect(await arrive('bad.mid')).toMatchObject({ outcome: 'refused', reason: 'not_midi' });
  expect(json('bad.mid.error.json')).toMatchObject({
    name: 'bad.mid',
    reason: 'not_midi',
    at: 0,
    minutes: 0.5,
  });
  expect(await arrive('bad.mid')).toEqual({ outcome: 'present', name: 'bad.mid' });
  expect(opened).toBe(0);
  await place.write('bad.mid', MIDI);
  expect(await arrive('bad.mid')).toMatchObject({ outcome: 'continued' });
  expect(place.files.has('bad.mid.error.json')).toBe(false);
});

test('other bytes under a name, and another length, are answered anew; what was cut off is made whole', async () => {
  await place.write('a.mid', MIDI);
  await arrive('a.mid');
  expect(await arrive('a.mid', 1)).toMatchObject({ outcome: 'continued' });
  await place.write('a.mid', writeMidiFile({ title: 'Other', music: scale(6_000, 250), markers: [] }));
  expect(await arrive('a.mid', 1)).toMatchObject({ outcome: 'continued' });
  expect(json('continuations/a.mid/record.json').title).toBe('Other');
  await place.write('continuations/a.mid/source.json', '{"sch');
  expect(await arrive('a.mid', 1)).toMatchObject({ outcome: 'continued' });
  expect(await arrive('gone.mid')).toBeNull();
});
