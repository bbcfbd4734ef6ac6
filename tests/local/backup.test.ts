import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readTar, tarOf } from '../../src/adapters/disk/tar.ts';
import { withStores } from '../support/data.ts';
import { inProcess } from '../support/in-process.ts';
import { scale, stored } from '../support/music.ts';
import { timedStation } from '../support/timed-station.ts';
import { aWindow } from '../support/windows.ts';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'pianola-backup-'));
  await mkdir(at('data'));
});
afterEach(() => rm(place, { recursive: true }));
const at = (name: string) => join(place, name);

test('a station that runs is in the file, and comes out of it as it was: windows, days, records, page, settings', async () => {
  const station = await timedStation('2026-11-21T19:53:00Z', [aWindow({ id: 'noon' })]);
  try {
    await writeFile(join(station.dataDir, 'pianola.conf'), 'PIANOLA_AT=21:00\n');
    const { code, stdout } = await inProcess(['backup', at('b.tar.gz'), '--data', station.dataDir, '--json']);
    expect(code).toBe(0);
    const listed = spawnSync('tar', ['tzf', at('b.tar.gz')], { encoding: 'utf8' })
      .stdout.trim()
      .split('\n');
    expect(listed).toHaveLength(JSON.parse(stdout).files + 1);
    expect(listed).toEqual(expect.arrayContaining(['pianola.db', 'pianola.conf', 'site/index.json']));
    expect(listed.join(' ')).not.toMatch(/control\.json|station\.lock|-wal/);

    expect((await inProcess(['restore', at('b.tar.gz'), '--data', at('new')])).code).toBe(0);
    await withStores(at('new'), async ({ windows, performances }) => {
      expect((await windows.list()).map(({ window }) => window.id)).toEqual(['noon']);
      const day = (await performances.list())[0]!;
      expect(await performances.get(day)).toEqual(await station.station.performances.get(day));
    });
    expect(await readFile(at('new/pianola.conf'), 'utf8')).toBe('PIANOLA_AT=21:00\n');
  } finally {
    await station.close();
  }
});

test('nothing that is there is replaced: 5; where there is nothing to take or to read: 3', async () => {
  await withStores(
    at('data'),
    async ({ performances }) => void (await performances.create(stored('2026-11-21', scale(1000)))),
  );
  const codeOf = async (...args: string[]) => (await inProcess(args)).code;
  expect(await codeOf('backup', at('b.tar.gz'), '--data', at('none'))).toBe(3);
  expect(await codeOf('restore', at('none.tar.gz'), '--data', at('new'))).toBe(3);
  expect(await codeOf('backup', at('b.tar.gz'), '--data', at('data'))).toBe(0);
  expect(await codeOf('backup', at('b.tar.gz'), '--data', at('data'))).toBe(5);
  expect(await codeOf('backup', at('b.tar.gz'), '--data', at('data'), '--force')).toBe(0);
  expect(await codeOf('restore', at('b.tar.gz'), '--data', at('data'))).toBe(5);
  expect((await readdir(place)).sort()).toEqual(['b.tar.gz', 'data']);
});

test('what is no backup, is cut, or was changed is refused (2), and leaves nothing behind', async () => {
  await withStores(
    at('data'),
    async ({ performances }) => void (await performances.create(stored('2026-11-21', scale(1000)))),
  );
  await inProcess(['backup', at('b.tar.gz'), '--data', at('data')]);
  const whole = await readFile(at('b.tar.gz'));
  const entries = [...readTar(gunzipSync(whole))];
  const packed = (all: typeof entries) => gzipSync(Buffer.concat([...tarOf(all, 0)]));
  const [manifest, ...files] = entries;
  const changed = files.map(({ name, body }, i) => ({ name, body: i === 1 ? Buffer.from('x') : body }));
  const bad: [Uint8Array, RegExp][] = [
    [Buffer.from('nothing'), /cannot be unpacked/],
    [whole.subarray(0, whole.length / 2), /cannot be unpacked/],
    [packed(files), /does not begin with the list/],
    [packed([manifest!, ...files.slice(1)]), /does not hold what its list names/],
    [packed([manifest!, ...changed]), /in it is damaged/],
    [gzipSync(gunzipSync(whole).subarray(0, 2000)), /ends within|ends too early/],
  ];
  for (const [bytes, says] of bad) {
    await writeFile(at('bad.tar.gz'), bytes);
    const { code, stderr } = await inProcess(['restore', at('bad.tar.gz'), '--data', at('new')]);
    expect([code, says.test(stderr), stderr]).toEqual([2, true, stderr]);
  }
  expect((await readdir(place)).sort()).toEqual(['b.tar.gz', 'bad.tar.gz', 'data']);
});

test.each(['../out', '/etc/passwd', 'a//b', 'a/./b', 'a\\b', ''])('%j is no name in an archive', (name) =>
  expect(() => [...tarOf([{ name, body: new Uint8Array(1) }], 0)]).toThrow(RangeError),
);

test('a link, or anything but a file, in an archive is refused', () => {
  const tar = Buffer.concat([...tarOf([{ name: 'a', body: new Uint8Array(0) }], 0)]);
  tar.write('2', 156);
  const sum = tar.subarray(0, 512).reduce((all, byte, i) => all + (i >= 148 && i < 156 ? 32 : byte), 0);
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  expect(() => [...readTar(tar)]).toThrow('something else than a file');
});

test('long names, and bodies of every length around a block, come back', () => {
  const entries = [0, 1, 511, 512, 513].map((length, i) => ({
    name: `models/${'a'.repeat(64)}/${'b'.repeat(60)}-${i}`,
    body: new Uint8Array(length).fill(7),
  }));
  const back = [...readTar(Buffer.concat([...tarOf(entries, 1)]))];
  expect(back.map(({ name, body }) => [name, body.length])).toEqual(
    entries.map(({ name, body }) => [name, body.length]),
  );
});
