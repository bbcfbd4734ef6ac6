import { setImmediate } from 'node:timers/promises';
import { beforeEach, expect, test } from '@jest/globals';
import { memoryBlobs } from '../../src/adapters/memory/blobs.ts';
import { type Sampler, samplerOf } from '../../src/compose/sampler.ts';
import { visited } from '../../src/continue/visited.ts';
import { DONE_MS, MOST_WAITING } from '../../src/continue/visitors.ts';
import { visits } from '../../src/continue/visits.ts';
import { readMidiFile } from '../../src/music/midi/file.ts';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import type { Look, Ticket } from '../../src/ports.ts';
import { scale } from '../support/music.ts';
import { scoreModel } from '../support/score-model.ts';

/** The queue of a station, where it is a bucket and two functions. */
const MIDI = writeMidiFile({ title: 'Mine', music: scale(8_000, 250), markers: [] });
let now = 0;
let place = memoryBlobs(() => now);
let ids = 0;
let opened = 0;
beforeEach(() => {
  [now, ids, opened] = [1_000_000, 0, 0];
  place = memoryBlobs(() => now);
});
const queue = visits({
  place: {
    ...place,
    read: (name) => place.read(name),
    write: (name, body) => place.write(name, body),
    create: (name, body) => place.create(name, body),
    remove: (name) => place.remove(name),
    names: (prefix) => place.names(prefix),
  },
  clock: { now: () => now },
  newId: () => String(++ids).padStart(32, '0'),
  form: async (name, forMs) => ({
    url: 'https://bucket.example/',
    fields: { key: name, forMs: String(forMs) },
  }),
});
const fast = samplerOf(scoreModel());
const ask = () => queue.ask({ name: 'mine.mid', minutes: 0.5, from: '' });
async function sent(bytes: Uint8Array = MIDI): Promise<string> {
  const { id, fields } = (await ask()) as Ticket;
  await place.write(fields.key!, bytes);
  return id;
}
/** A phrase is sampled in three seconds; `during` is told of each. */
const go = (id: string, { owner = 'a', during = async () => {}, sampler = fast as Sampler } = {}) =>
  visited(id, {
    place,
    clock: { now: () => now },
    read: () => place.read(`sent/${id}`),
    claimant: { owner, now, until: now + 300_000 },
    async open() {
      opened++;
      return {
        sampler: {
          ...sampler,
          async sample(...args) {
            now += 3_000;
            await during();
            await setImmediate();
            return sampler.sample(...args);
          },
        },
      };
    },
  });
const text = async (id: string, file: 'given.json' | 'record.json' | 'continued.musicxml') =>
  new TextDecoder().decode((await queue.file(id, file))!);

test('a ticket names one object, for five minutes; what is sent there is composed, told of, and given back', async () => {
  const ticket = (await ask()) as Ticket;
  const { id } = ticket;
  expect(ticket).toEqual({
    ...{ outcome: 'upload', id: '1'.padStart(32, '0'), url: 'https://bucket.example/' },
    fields: { key: `sent/${id}`, forMs: '300000' },
  });
  expect(await queue.look(id)).toEqual({ state: 'queued', ahead: 0 });
  await place.write(`sent/${id}`, MIDI);
  const looks: (Look | null)[] = [];
  expect(await go(id, { during: async () => void looks.push(await queue.look(id)) })).toEqual({
    outcome: 'continued',
  });
  expect(new Set(looks.map((look) => look?.state))).toEqual(new Set(['composing']));
  expect(
    Math.max(...looks.map((look) => (look?.state === 'composing' ? look.added.length : 0))),
  ).toBeGreaterThan(0);
  expect(await queue.look(id)).toMatchObject({
    state: 'done',
    kept: false,
    record: { title: 'Mine', candidates: 4 },
  });
  const { given, durationMs } = JSON.parse(await text(id, 'given.json'));
  expect([given.length, durationMs]).toEqual([32, 7_875]);
  expect(await text(id, 'continued.musicxml')).toContain('<score-partwise');
  const file = readMidiFile((await queue.file(id, 'continued.mid'))!);
  if ('problem' in file) throw new Error(file.problem);
  expect(file.music.notes.length).toBeGreaterThan(40);
  // The upload itself is not needed any more, nor is the place in the line.
  expect((await place.names('sent/')).length + (await place.names('waiting/')).length).toBe(0);
});

test('told three times, or sent again by the same ticket, it is composed once; of two at once one composes', async () => {
  const id = await sent();
  const both = await Promise.all([go(id), go(id, { owner: 'b' })]);
  expect(both.map(({ outcome }) => outcome)).toEqual(['continued', 'taken']);
  const before = new Map(place.files);
  await place.write(`sent/${id}`, writeMidiFile({ title: 'Other', music: scale(6_000, 250), markers: [] }));
  for (const owner of ['a', 'b']) expect(await go(id, { owner })).toEqual({ outcome: 'present' });
  expect(opened).toBe(1);
  await place.remove(`sent/${id}`);
  expect(new Map(place.files)).toEqual(before);
});

test('a page that is no MIDI file is refused in words, and is no work', async () => {
  const id = await sent(new TextEncoder().encode('<!doctype html>'));
  expect(await go(id)).toEqual({ outcome: 'refused' });
  expect(await queue.look(id)).toEqual({
    ...{ state: 'refused', reason: 'not_midi', message: expect.stringContaining('mine.mid is no music') },
  });
  expect(opened).toBe(0);
});

test('those who wait are counted, in their order, and no more are taken than may wait', async () => {
  const all: string[] = [];
  for (let i = 0; i < MOST_WAITING; i++) {
    all.push(((await ask()) as Ticket).id);
    now += 1;
  }
  expect(await ask()).toMatchObject({ outcome: 'refused', reason: 'busy', retryAfterS: 60 });
  expect(await queue.look(all[5]!)).toEqual({ state: 'queued', ahead: 5 });
  await queue.forget(all[0]!);
  expect(await queue.look(all[5]!)).toEqual({ state: 'queued', ahead: 4 });
  expect(await ask()).toMatchObject({ outcome: 'upload' });
  // Whoever has not sent anything for a quarter of an hour has no place in the line.
  now += 900_001;
  expect(await ask()).toMatchObject({ outcome: 'upload' });
  expect(await queue.look(all[5]!)).toBeNull();
});

test('what is forgotten while it is composed is given up, and nothing of it is left', async () => {
  const id = await sent();
  const done = await go(id, { during: () => queue.forget(id) });
  expect(done).toEqual({ outcome: 'absent' });
  expect([...place.files.keys()]).toEqual([`claims/${id}.json`]);
  expect(await go(id)).toEqual({ outcome: 'absent' });
});

const broken = { ...fast, sample: () => Promise.reject(new Error('a thread has died')) };

test.each([
  ['its first file is written', 'continued.mid', '', fast],
  ['its record is written', 'record.json', '', fast],
  ['it is told that it is done', 'look.json', '"done"', fast],
  ['it is told that it has failed', 'look.json', '"failed"', broken],
])('what is forgotten just before %s leaves nothing either', async (_, file, holding, sampler) => {
  const id = await sent();
  const { write } = place;
  place = {
    ...place,
    async write(name, body) {
      if (name.endsWith(file) && String(body).includes(holding)) await queue.forget(id);
      await write(name, body);
    },
  };
  expect(await go(id, { sampler })).toEqual({ outcome: 'absent' });
  expect([...place.files.keys()]).toEqual([`claims/${id}.json`]);
});

test('an answer that was composed within a second, and forgotten meanwhile, is not written', async () => {
  const id = await sent();
  const { write } = place;
  const written: string[] = [];
  place = {
    ...place,
    async write(name, body) {
      written.push(name);
      await write(name, body);
    },
  };
  const during = async () => {
    now -= 3_000;
    await queue.forget(id);
  };
  expect(await go(id, { during })).toEqual({ outcome: 'absent' });
  expect(written).not.toContain(`made/${id}/continued.mid`);
});

test('what was forgotten while who composed it died is gone when it comes again', async () => {
  const id = await sent();
  await queue.forget(id);
  await place.write(`made/${id}/look.json`, '{}');
  expect(await go(id)).toEqual({ outcome: 'absent' });
  expect([...place.files.keys()]).toEqual([]);
});

test('a bucket that cannot be written to is a failure, and not forgotten', async () => {
  const id = await sent();
  const { write } = place;
  let writes = 0;
  place = {
    ...place,
    async write(name, body) {
      if (String(body).includes('"composing"') && ++writes > 1) throw new Error('slow down');
      await write(name, body);
    },
  };
  expect(await go(id)).toMatchObject({ outcome: 'failed', error: new Error('slow down') });
  expect(await queue.look(id)).toEqual({ state: 'failed' });
});

test('half an hour after it is done it can be seen by nobody, unless it was kept; what was kept can be forgotten', async () => {
  const [first, second] = [await sent(), await sent()];
  expect(await queue.keep(first)).toBeNull();
  for (const id of [first, second]) await go(id);
  expect(await queue.keep(second)).toBe('kept');
  expect(await queue.look(second)).toMatchObject({ state: 'done', kept: true });
  now += DONE_MS + 60_000;
  expect([
    await queue.look(first),
    await queue.file(first, 'continued.mid'),
    await queue.keep(first),
  ]).toEqual([...[null, null, null]]);
  expect(await queue.look(second)).toMatchObject({ state: 'done', kept: true, record: { title: 'Mine' } });
  expect(await queue.file(second, 'continued.mid')).not.toBeNull();
  await queue.forget(second);
  expect(await queue.look(second)).toBeNull();
});

test('a network that fails is told, and nobody tries again by themselves', async () => {
  const id = await sent();
  expect(await go(id, { sampler: broken })).toMatchObject({ outcome: 'failed' });
  expect(await queue.look(id)).toEqual({ state: 'failed' });
  expect(await go(id)).toEqual({ outcome: 'present' });
});

test('an id is no path', async () => {
  await place.write('kept/x/record.json', '{}');
  for (const id of ['x', '../kept/x', 'A'.repeat(32)])
    expect([await queue.look(id), await queue.file(id, 'record.json'), await queue.keep(id)]).toEqual([
      ...[null, null, null],
    ]);
});
