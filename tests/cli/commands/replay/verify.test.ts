import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import WebSocket from 'ws';
import { openStation, type Station } from '../../../../src/local/station.ts';
import { readMidiFile } from '../../../../src/music/midi/file.ts';
import { writeMidiFile } from '../../../../src/music/midi/write.ts';
import { toMusic } from '../../../../src/music/note.ts';
import type { PerformanceRecord } from '../../../../src/ports.ts';
import { type Frame, type NoteTuple, parseFrame } from '../../../../src/wire.ts';
import { withStores } from '../../../support/data.ts';
import { inProcess } from '../../../support/in-process.ts';
import { scale, stored } from '../../../support/music.ts';

const DAY = '2026-11-21';
/** Two chunks, and the broadcast is over soon: it begins when all but its last second has passed. */
const MUSIC = toMusic(scale(16_000).notes, [
  { ms: 100, value: 127 },
  { ms: 15_500, value: 0 },
]);

let data: string;
let station: Station;
const received: Frame[] = [];
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'pianola-verify-'));
  station = await openStation({
    dataDir: data,
    host: '127.0.0.1',
    port: 0,
    assets: new Map(),
    timeZone: 'UTC',
    timeOfDay: '20:00',
    log: () => {},
  });
  await station.performances.create(stored(DAY, MUSIC));
  const url = station.url.replace('http', 'ws');
  const socket = new WebSocket(`${url}/ws`, { origin: station.url });
  socket.on('message', (text) => received.push(parseFrame(String(text))!));
  await new Promise((opened) => socket.on('open', opened));
  socket.send('{"action":"join"}');
  await new Promise((answered) => socket.once('message', answered));
  const startsAt = Date.now() + 500;
  expect(await station.play({ window: 'test', startsAt, wanted: DAY, next: null })).toBe('ended');
  socket.close();
}, 60_000);
afterAll(async () => {
  await station.close();
  await rm(data, { recursive: true, force: true });
});

const verify = (what = DAY, ...args: string[]) =>
  inProcess(['replay', what, '--verify', '--data', data, '--json', ...args]);
const RECORD = `performances/${DAY}.json`;
const record = async () =>
  JSON.parse(
    new TextDecoder().decode((await withStores(data, ({ blobs }) => blobs.read(RECORD)))!),
  ) as PerformanceRecord;
/** The stored MIDI with one note a semitone higher. */
async function withOneNoteChanged(index: number): Promise<Uint8Array> {
  const { midiSha256 } = await record();
  const file = readMidiFile(await readFile(join(data, 'performances', `${midiSha256}.mid`)));
  if ('problem' in file) throw new Error(file.problem);
  const notes = file.music.notes.map((note, i) => (i === index ? { ...note, pitch: note.pitch + 1 } : note));
  return writeMidiFile({ ...file, music: toMusic(notes, file.music.pedal) });
}

describe('replay --verify, after a broadcast that went out to a listener', () => {
  test('the listener received every note', () => {
    const notes = new Map<string, NoteTuple>();
    for (const frame of received) {
      if (frame.type === 'chunk') for (const note of frame.notes) notes.set(JSON.stringify(note), note);
    }
    expect(notes.size).toBe(MUSIC.notes.length);
  });

  test('the replay is what was sent', async () => {
    const { code, stdout, stderr } = await verify();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ verified: true, chunks: 2, state: 'ended' });
  });

  test('a day that was never broadcast has nothing to compare with: 3', async () => {
    const { code, stderr } = await verify('2026-11-20');
    expect(code).toBe(3);
    expect(stderr).toContain('2026-11-20 was never broadcast');
    expect((await verify(DAY, '--broadcast', 'test@2020-01-01T00:00:00.000Z')).code).toBe(3);
  });

  test('a copy of the file with one note changed is not it, and the chunk is named: 1', async () => {
    const copy = join(data, 'copy.mid');
    await writeFile(copy, await withOneNoteChanged(31));
    const { code, stdout, stderr } = await verify(copy);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(JSON.parse(stderr).error).toMatchObject({
      code: 'not_verified',
      message: expect.stringMatching(/is not what broadcast test@.* sent: chunk 1 \(0:15 to 0:30\) differs/),
    });
  });

  test('the stored file with one note changed is not it: 1, also where its record was made to match', async () => {
    const before = await record();
    const path = join(data, 'performances', `${before.midiSha256}.mid`);
    const original = await readFile(path);
    const changed = await withOneNoteChanged(0);
    await writeFile(path, changed);
    const first = await verify();
    expect(first.code).toBe(1);
    expect(first.stderr).toContain('chunk 0 (0:00 to 0:15) differs');
    await writeFile(path, original);

    const midiSha256 = createHash('sha256').update(changed).digest('hex');
    await writeFile(join(data, 'performances', `${midiSha256}.mid`), changed);
    await withStores(data, ({ blobs }) => blobs.write(RECORD, JSON.stringify({ ...before, midiSha256 })));
    const second = await verify();
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('chunk 0 (0:00 to 0:15) differs');
    await withStores(data, ({ blobs }) => blobs.write(RECORD, JSON.stringify(before)));
    expect((await verify()).code).toBe(0);
  });

  test('a broadcast that was stopped is verified as far as it came', async () => {
    const startsAt = Date.now();
    const id = `short@${new Date(startsAt).toISOString()}`;
    const playing = station.play({ window: 'short', startsAt, wanted: DAY, next: null });
    while ((await station.broadcasts.get(id))?.state !== 'live') await sleep(50);
    await station.broadcasts.stop(id);
    expect(await playing).toBe('stopped');
    const { code, stdout } = await verify(DAY, '--broadcast', id);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ verified: true, state: 'stopped', broadcast: id });
  });

  test('a pedal that was left out is noticed too', async () => {
    const copy = join(data, 'no-pedal.mid');
    await writeFile(copy, writeMidiFile({ title: 'x', music: toMusic(MUSIC.notes), markers: [] }));
    expect((await verify(copy)).stderr).toContain('chunk 0');
  });
});
