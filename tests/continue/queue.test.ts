import { setImmediate } from 'node:timers/promises';
import { beforeEach, expect, test } from '@jest/globals';
import { memoryBlobs } from '../../src/adapters/memory/blobs.ts';
import { type Sampler, samplerOf } from '../../src/compose/sampler.ts';
import { continuations, MOST_OF_ONE, RATE_MS, UNSEEN_MS } from '../../src/continue/queue.ts';
import { DONE_MS, MOST_WAITING, UPLOAD_MS } from '../../src/continue/visitors.ts';
import { readMidiFile } from '../../src/music/midi/file.ts';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import type { Look, Ticket } from '../../src/ports.ts';
import { scale } from '../support/music.ts';
import { scoreModel } from '../support/score-model.ts';

const MIDI = writeMidiFile({ title: 'Mine', music: scale(8_000, 250), markers: [] });
const HTML = new TextEncoder().encode('<!doctype html><title>404</title>');

let now = 0;
let opened = 0;
let released = 0;
let composing = 0;
let most = 0;
let shared = memoryBlobs(() => now);
let queue: ReturnType<typeof continuations>;
beforeEach(() => {
  [now, opened, released, composing, most] = [0, 0, 0, 0, 0];
  shared = memoryBlobs(() => now);
  let ids = 0;
  const fast = samplerOf(scoreModel());
  // As in a thread of its own: others have their turn meanwhile.
  const sampler: Sampler = {
    ...fast,
    async sample(...args) {
      await setImmediate();
      return fast.sample(...args);
    },
  };
  queue = continuations({
    clock: { now: () => now },
    shared,
    log: () => {},
    newId: () => String(++ids).padStart(32, '0'),
    async open() {
      opened++;
      composing++;
      most = Math.max(most, composing);
      return {
        sampler,
        originality: null,
        async release() {
          released++;
          composing--;
        },
      };
    },
  });
});

const ask = (from = 'a') => queue.ask({ name: 'mine.mid', minutes: 0.5, from });
async function accepted(from?: string, bytes: Uint8Array = MIDI): Promise<Ticket> {
  const ticket = (await ask(from)) as Ticket;
  expect(queue.take(ticket.id, bytes)).toBe('taken');
  return ticket;
}
async function ended(id: string): Promise<Look | null> {
  for (;;) {
    const look = await queue.look(id);
    if (look?.state !== 'queued' && look?.state !== 'composing') return look;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

test('twenty uploads at once are composed one after the other, and all of them end', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => accepted()));
  expect(await queue.look(all[19]!.id)).toEqual({ state: 'queued', ahead: 20 - 1 });
  const ends = await Promise.all(all.map(({ id }) => ended(id)));
  expect(ends.map((end) => end?.state)).toEqual(Array(20).fill('done'));
  expect([opened, most]).toEqual([1, 1]);
  await queue.close();
  expect(released).toBe(1);
});

test('what was given stands at the beginning of what is given back, and the phrases are told as they come', async () => {
  const { id, url, fields } = await accepted();
  expect({ url, fields }).toEqual({ url: `asked/${id}/upload`, fields: {} });
  const { given, verdict, durationMs } = JSON.parse(
    new TextDecoder().decode((await queue.file(id, 'given.json'))!),
  );
  expect({ notes: given.length, verdict, durationMs }).toEqual({
    notes: 32,
    verdict: 'accepted',
    durationMs: 7_875,
  });
  const told: number[] = [];
  for (;;) {
    const look = await queue.look(id);
    if (look?.state === 'composing') told.push(look.added.length);
    else if (look?.state === 'done') break;
    await setImmediate();
  }
  expect(Math.max(...told)).toBeGreaterThan(0);
  const file = readMidiFile((await queue.file(id, 'continued.mid'))!);
  if ('problem' in file) throw new Error(file.problem);
  const notes = file.music.notes.map(({ onsetMs, durationMs, pitch, velocity }) => [
    onsetMs,
    durationMs,
    pitch,
    velocity,
  ]);
  expect(notes.slice(0, 32)).toEqual(given);
  expect(notes.length).toBeGreaterThan(40);
  const text = async (name: 'continued.musicxml' | 'record.json') =>
    new TextDecoder().decode((await queue.file(id, name))!);
  expect(await text('continued.musicxml')).toContain('<score-partwise');
  expect(JSON.parse(await text('record.json'))).toMatchObject({
    title: 'Mine',
    notes: notes.length,
    candidates: 4,
  });
  expect((await queue.file(id, 'roll.png'))!.slice(1, 4)).toEqual(new TextEncoder().encode('PNG'));
});

test('a file that is no MIDI file is refused with its reason, and is no work', async () => {
  const { id } = await accepted('a', HTML);
  expect(await queue.look(id)).toEqual({
    state: 'refused',
    reason: 'not_midi',
    message: expect.stringContaining('mine.mid is no music that can be read: '),
  });
  expect(await queue.file(id, 'given.json')).toBeNull();
  expect(opened).toBe(0);
});

test('a ticket is for one upload, within five minutes; nobody sends without one', async () => {
  const { id } = (await ask()) as Ticket;
  expect(await queue.look(id)).toEqual({ state: 'queued', ahead: 0 });
  now += UPLOAD_MS;
  expect(queue.take(id, MIDI)).toBe('taken');
  expect(queue.take(id, MIDI)).toBe('gone');
  expect(queue.take('f'.repeat(32), MIDI)).toBe('gone');
  const { id: late } = (await ask()) as Ticket;
  now += UPLOAD_MS + 1;
  expect(queue.take(late, MIDI)).toBe('gone');
  expect(await queue.look(late)).toBeNull();
});

test('a full queue refuses, tickets counted in, and so does a visitor’s own rate, which is counted for each by itself', async () => {
  // One is composed at once.
  for (let i = 0; i < MOST_WAITING - 1; i++) await accepted(String(i));
  const all = [(await ask('x')) as Ticket, (await ask('x')) as Ticket];
  expect(all.map(({ outcome }) => outcome)).toEqual(['upload', 'upload']);
  expect(await ask('late')).toMatchObject({ reason: 'busy', retryAfterS: 60 });
  await queue.close();
  for (let i = 0; i < MOST_OF_ONE; i++) {
    const { id } = await accepted('b');
    await queue.forget(id);
  }
  now += 1_000;
  expect(await ask('b')).toMatchObject({ reason: 'rate', retryAfterS: RATE_MS / 1000 - 1 });
  expect(await ask('c')).toMatchObject({ outcome: 'upload' });
  now += RATE_MS - 1_000;
  expect(await ask('b')).toMatchObject({ outcome: 'upload' });
});

test('half an hour after it is done nothing is left of it, and nothing was written', async () => {
  const { id } = await accepted();
  await ended(id);
  now += DONE_MS;
  expect(await queue.look(id)).toMatchObject({ state: 'done', kept: false });
  now += 1;
  expect(await queue.look(id)).toBeNull();
  expect(await queue.file(id, 'continued.mid')).toBeNull();
  expect([...shared.files]).toEqual([]);
});

test('what is kept is there until it is forgotten', async () => {
  const { id } = await accepted();
  expect(await queue.keep(id)).toBeNull();
  await ended(id);
  const midi = await queue.file(id, 'continued.mid');
  expect(await queue.keep(id)).toBe('kept');
  now += 10 * DONE_MS;
  expect(await queue.look(id)).toMatchObject({ state: 'done', kept: true, record: { title: 'Mine' } });
  expect(await queue.file(id, 'continued.mid')).toEqual(midi);
  await queue.forget(id);
  expect(await queue.look(id)).toBeNull();
  expect([...shared.files]).toEqual([]);
});

test('whoever has gone has no place in the line', async () => {
  const [first, second, third] = [await accepted(), await accepted(), await accepted()];
  now += UNSEEN_MS;
  await queue.look(third.id);
  now += 1;
  expect(await queue.look(third.id)).not.toBeNull();
  expect(await queue.look(second.id)).toBeNull();
  expect((await ended(third.id))?.state).toBe('done');
  expect(first.id).not.toBe(third.id);
});

test('an id is no path', async () => {
  await shared.write('secret/record.json', '{}');
  expect(await queue.look('secret')).toBeNull();
  expect(await queue.file('../x', 'record.json')).toBeNull();
});

test('a network that fails is told, and the next upload is composed with another', async () => {
  let broken = true;
  const good = samplerOf(scoreModel());
  const failing = continuations({
    clock: { now: () => 0 },
    shared,
    log: () => {},
    newId: () => (broken ? '1' : '2').padStart(32, '0'),
    async open() {
      const sampler = broken
        ? { ...good, sample: () => Promise.reject(new Error('a thread has died')) }
        : good;
      return { sampler, originality: null, release: async () => {} };
    },
  });
  queue = failing;
  const { id } = await accepted();
  expect(await ended(id)).toEqual({ state: 'failed' });
  broken = false;
  expect((await ended((await accepted()).id))?.state).toBe('done');
});
