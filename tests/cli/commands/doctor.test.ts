import { createSocket, type Socket } from 'node:dgram';
import { cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { clockOffset } from '../../../src/adapters/net/sntp.ts';
import type { Window } from '../../../src/schedule/index.ts';
import { withStores } from '../../support/data.ts';
import { inProcess, jsonLines } from '../../support/in-process.ts';
import { scale, stored } from '../../support/music.ts';
import { aWindow } from '../../support/windows.ts';

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'pianola-doctor-'));
});
afterEach(() => rm(data, { recursive: true, force: true }));

type Row = { check: string; state: string; detail: string; remedy?: string };
const doctor = async (
  ...args: string[]
): Promise<{ code: number | null; row: (check: string) => Row; rows: Row[] }> => {
  const { code, stdout } = await inProcess([
    'doctor',
    '--data',
    data,
    '--ntp',
    'none',
    '--port',
    '0',
    '--json',
    ...args,
  ]);
  const rows: Row[] = jsonLines(stdout);
  return { code, rows, row: (check) => rows.find((row) => row.check === check)! };
};

describe('doctor', () => {
  test('on an empty directory all is well, in eleven rows', async () => {
    const { code, rows } = await doctor();
    expect(code).toBe(0);
    expect(rows).toHaveLength(11);
    // Node 20 is told that AWS will want a newer one.
    expect(rows.filter(({ check, state }) => state !== 'ok' && check !== 'node')).toEqual([]);
    for (const { state, remedy } of rows) expect(remedy !== undefined).toBe(state !== 'ok');
  });

  test('a port in use is a warning that says what to do', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((ready) => taken.once('listening', ready));
    const { port } = taken.address() as { port: number };
    const { code, row } = await doctor('--port', String(port));
    taken.close();
    expect(code).toBe(0);
    expect(row('port')).toMatchObject({ state: 'warning', remedy: expect.stringContaining('--port') });
  });

  test('a model that is damaged fails: 1', async () => {
    const model = join(data, 'model');
    await mkdir(model);
    const packaged = resolve(import.meta.dirname, '../../../model');
    const { file } = JSON.parse(await readFile(join(packaged, 'model.json'), 'utf8'));
    for (const name of ['model.json', file]) await cp(join(packaged, name), join(model, name));
    await truncate(join(model, file), 1000);
    const { code, row } = await doctor('--model', model);
    expect(code).toBe(1);
    expect(row('model')).toMatchObject({ state: 'failed', remedy: expect.stringContaining('rollback') });
  });

  test('a performance that does not match its record fails', async () => {
    const performance = stored('2026-11-20', scale(5000));
    await withStores(data, ({ performances }) => performances.create(performance));
    expect((await doctor()).row('archive').state).toBe('ok');
    await writeFile(join(data, 'performances', `${performance.record.midiSha256}.mid`), 'something else');
    expect((await doctor()).row('archive')).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('sha256'),
    });
  });

  test('windows that overlap, that are over, or that cannot be read are found', async () => {
    const put = (window: Window) => withStores(data, ({ windows }) => windows.put(window, 0));
    await put(aWindow({ id: 'past', rule: { kind: 'once', at: '2020-01-01T20:00' } }));
    expect((await doctor()).row('windows')).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining('none will play'),
    });
    await put(aWindow({ id: 'a' }));
    await put(aWindow({ id: 'b' }));
    expect((await doctor()).row('windows')).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('a and b overlap'),
    });
    await withStores(data, ({ database }) => database.run("UPDATE windows SET window = '{}' WHERE id = 'a'"));
    expect((await doctor()).row('windows')).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('window a cannot be used'),
    });
  });

  test('a station that was killed is noticed', async () => {
    const left = { schema: 1, pid: 1, port: 1, token: 'x', url: 'http://localhost:1', startedAt: 0 };
    await writeFile(join(data, 'control.json'), JSON.stringify(left));
    expect((await doctor()).row('station')).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining('did not end properly'),
    });
  });
});

describe('the clock, against a time server', () => {
  /** A server of this machine whose clock differs by so much. */
  const serve = async (
    offByMs: number,
    answer: (packet: Buffer) => Buffer | null = (packet) => packet,
  ): Promise<{ port: number; socket: Socket }> => {
    const socket = createSocket('udp4');
    socket.on('message', (_, { port, address }) => {
      const packet = Buffer.alloc(48);
      packet[0] = 0x24;
      const seconds = (Date.now() + offByMs) / 1000 + 2_208_988_800;
      for (const at of [32, 40]) {
        packet.writeUInt32BE(Math.floor(seconds), at);
        packet.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), at + 4);
      }
      const reply = answer(packet);
      if (reply) socket.send(reply, port, address);
    });
    await new Promise<void>((bound) => socket.bind(0, '127.0.0.1', bound));
    return { port: socket.address().port, socket };
  };

  test.each([0, 5000, -3_600_000])('a server %i ms ahead is found so far ahead', async (offByMs) => {
    const { port, socket } = await serve(offByMs);
    const found = await clockOffset('127.0.0.1', { port });
    socket.close();
    expect(Math.abs(found!.offsetMs - offByMs)).toBeLessThanOrEqual(found!.roundTripMs + 2);
  });

  test('no answer, a short one, or one that is no server’s is none', async () => {
    for (const answer of [
      () => null,
      (packet: Buffer) => packet.subarray(0, 20),
      (packet: Buffer) => Buffer.concat([Buffer.from([0x23]), packet.subarray(1)]),
    ]) {
      const { port, socket } = await serve(0, answer);
      expect(await clockOffset('127.0.0.1', { port, timeoutMs: 300 })).toBeNull();
      socket.close();
    }
  });
});
