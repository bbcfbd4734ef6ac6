import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  askStation,
  type ControlFile,
  readControlFile,
  serveControl,
} from '../../../src/adapters/net/control.ts';

let data: string;
let control: { close(): Promise<void> };
let file: ControlFile;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'pianola-control-'));
  control = await serveControl(data, 'http://localhost:8080', {
    echo: async (input) => input,
    refuse: async () => {
      throw Object.assign(new Error('not now'), { exit: 'conflict', code: 'busy' });
    },
  });
  file = (await readControlFile(data))!;
});
afterEach(async () => {
  await control.close();
  await rm(data, { recursive: true, force: true });
});

const post = (headers: Record<string, string>, path = 'echo', method = 'POST', body: string | null = '{}') =>
  fetch(`http://127.0.0.1:${file.port}/${path}`, { method, headers, body: method === 'GET' ? null : body });
const bearer = () => ({ authorization: `Bearer ${file.token}` });

describe('the control port of a local station', () => {
  test('answers whoever may read the data directory, and passes refusals on by name', async () => {
    expect(await askStation(data, 'echo', { a: [1, 'ü'] })).toEqual({ result: { a: [1, 'ü'] } });
    expect(await askStation(data, 'refuse')).toEqual({
      error: { exit: 'conflict', code: 'busy', message: 'not now' },
    });
  });

  test('its token is for its owner alone', async () => {
    if (process.platform !== 'win32') expect((await stat(join(data, 'control.json'))).mode & 0o077).toBe(0);
    expect(file.token).toMatch(/^[0-9a-f]{64}$/);
  });

  test('refuses a wrong token, none, a browser, a reading request, and what it does not know', async () => {
    expect((await post({})).status).toBe(401);
    expect((await post({ authorization: 'Bearer ' })).status).toBe(401);
    expect((await post({ authorization: `Bearer ${'0'.repeat(64)}` })).status).toBe(401);
    expect((await post({ ...bearer(), origin: 'http://localhost:8080' })).status).toBe(403);
    expect((await post(bearer(), 'echo', 'GET')).status).toBe(404);
    expect((await post(bearer(), 'toString')).status).toBe(404);
    expect((await post(bearer())).status).toBe(200);
  });

  test('a body that is too long, or no JSON, is refused and harms nothing', async () => {
    const long = await (await post(bearer(), 'echo', 'POST', `"${'x'.repeat(5000)}"`)).json();
    expect(long).toMatchObject({ error: { message: 'the request is too long' } });
    const broken = await (await post(bearer(), 'echo', 'POST', '{')).json();
    expect(broken).toMatchObject({ error: { exit: 'fault' } });
    expect(await askStation(data, 'echo', 1)).toEqual({ result: 1 });
  });

  test('when it closes its file goes, and nobody answers', async () => {
    await control.close();
    expect(await askStation(data, 'echo')).toBeNull();
    expect(await readControlFile(data)).toBeNull();
  });

  test('what a killed station left behind counts as none', async () => {
    const left = await readFile(join(data, 'control.json'));
    await control.close();
    await writeFile(join(data, 'control.json'), left);
    expect(await askStation(data, 'echo')).toBeNull();
    await writeFile(join(data, 'control.json'), 'rubbish');
    expect(await askStation(data, 'echo')).toBeNull();
  });

  test('closing leaves the file of a station that came after', async () => {
    const later = await serveControl(data, 'http://localhost:8081', { echo: async () => 'later' });
    await control.close();
    expect(await askStation(data, 'echo')).toEqual({ result: 'later' });
    await later.close();
  });
});
