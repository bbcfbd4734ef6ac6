import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readTar, type TarEntry, tarOf } from '../../src/adapters/disk/tar.ts';
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
async function all<T>(coming: AsyncIterable<T>): Promise<T[]> {
  const come: T[] = [];
  for await (const one of coming) come.push(one);
  return come;
}
const tar = async (entries: readonly TarEntry[]) => Buffer.concat(await all(tarOf(entries, 0)));
/** In pieces of any length, as it comes from a disk. */
async function* inPieces(bytes: Uint8Array, length = 700): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += length) yield bytes.subarray(from, from + length);
}
const entriesOf = (bytes: Uint8Array) => all(readTar(inPieces(bytes)));

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
  const files = await entriesOf(gunzipSync(whole));
  const packed = async (entries: typeof files) => gzipSync(await tar(entries));
  const manifest = files.pop()!;
  const changed = files.map(({ name, body }, i) => ({ name, body: i === 1 ? Buffer.from('x') : body }));
  const bad: [Uint8Array, RegExp][] = [
    [Buffer.from('nothing'), /cannot be unpacked/],
    [whole.subarray(0, whole.length / 2), /cannot be unpacked/],
    [await packed(files), /has no list of what is in it/],
    [await packed([...files.slice(1), manifest]), /does not hold what its list names/],
    [await packed([...changed, manifest]), /in it is damaged/],
    [Buffer.concat([whole.subarray(0, -8), Buffer.alloc(8)]), /cannot be unpacked/],
    [gzipSync(gunzipSync(whole).subarray(0, 2000)), /ends within|ends too early/],
  ];
  for (const [bytes, says] of bad) {
    await writeFile(at('bad.tar.gz'), bytes);
    const { code, stderr } = await inProcess(['restore', at('bad.tar.gz'), '--data', at('new')]);
    expect([code, says.test(stderr), stderr]).toEqual([2, true, stderr]);
  }
  expect((await readdir(place)).sort()).toEqual(['b.tar.gz', 'bad.tar.gz', 'data']);
  // As they were made until 2026-11, the list before all else.
  await writeFile(at('old.tar.gz'), await packed([manifest, ...files]));
  expect((await inProcess(['restore', at('old.tar.gz'), '--data', at('new')])).code).toBe(0);
});

test('no backup is written into what it is a backup of, by whatever name, and nobody else may read it: 2, 600', async () => {
  await withStores(at('data'), async () => {});
  await symlink(at('data'), at('link'));
  for (const name of ['data/site', 'data/..b']) await mkdir(at(name), { recursive: true });
  for (const name of ['data/b.tar.gz', 'link/b.tar.gz', 'data/site/b.tar.gz', 'data/..b/b.tar.gz']) {
    const { code, stderr } = await inProcess(['backup', at(name), '--data', at('data'), '--force']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('of which it is a backup')]);
  }
  expect((await inProcess(['backup', at('b.tar.gz'), '--data', at('link')])).code).toBe(0);
  expect((await stat(at('b.tar.gz'))).mode & 0o777).toBe(0o600);
});

test('of an archive that has no end in sight one file at a time is in memory', async () => {
  let made = 0;
  async function* entries(): AsyncGenerator<TarEntry> {
    for (; ; made++) yield { name: `${made}`, body: new Uint8Array(10_000) };
  }
  let read = 0;
  for await (const _ of readTar(tarOf(entries(), 0))) if (++read === 100) break;
  expect(made).toBe(99);
});

test.each(['../out', '/etc/passwd', 'a//b', 'a/./b', 'a\\b', ''])('%j is no name in an archive', (name) =>
  expect(tar([{ name, body: new Uint8Array(1) }])).rejects.toThrow(RangeError),
);

test('a link, or anything but a file, in an archive is refused', async () => {
  const bytes = await tar([{ name: 'a', body: new Uint8Array(0) }]);
  bytes.write('2', 156);
  const sum = bytes.subarray(0, 512).reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  await expect(entriesOf(bytes)).rejects.toThrow('something else than a file');
});

test('long names, and bodies of every length around a block, come back', async () => {
  const entries = [0, 1, 511, 512, 513].map((length, i) => ({
    name: `models/${'a'.repeat(64)}/${'b'.repeat(60)}-${i}`,
    body: new Uint8Array(length).fill(7),
  }));
  const back = await entriesOf(await tar(entries));
  expect(back.map(({ name, body }) => [name, body.length])).toEqual(
    entries.map(({ name, body }) => [name, body.length]),
  );
});
