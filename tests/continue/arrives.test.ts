import { beforeEach, expect, test } from '@jest/globals';
import { memoryBlobs } from '../../src/adapters/memory/blobs.ts';
import { samplerOf } from '../../src/compose/sampler.ts';
import { arrivals, arrives } from '../../src/continue/arrives.ts';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import { scale } from '../support/music.ts';
import { scoreModel } from '../support/score-model.ts';

const MIDI = writeMidiFile({ title: 'Mine', music: scale(8_000, 250), markers: [] });
const sampler = samplerOf(scoreModel());
let opened = 0;
let now = 0;
let place = memoryBlobs(() => now);
beforeEach(() => {
  opened = 0;
  place = memoryBlobs(() => now);
});
const open = async () => {
  opened++;
  return { sampler };
};
const arrive = (name: string, minutes = 0.5) => arrives(place, name, { minutes }, open);
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

test('what is written is no file that arrives; nor is what was just being written', async () => {
  now = 1_000;
  await place.write('a.mid', MIDI);
  await place.write('notes.txt', 'x');
  await arrive('a.mid');
  now = 2_000;
  await place.write('B.KAR', MIDI);
  expect(await arrivals(place)).toEqual(['B.KAR', 'a.mid']);
  expect(await arrivals(place, 1_500)).toEqual(['a.mid']);
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
  expect(await arrivals(place)).toEqual(['bad.mid']);
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
