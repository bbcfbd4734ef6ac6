import { expect, test } from '@jest/globals';
import { memoryPerformances, memorySite } from '../../src/adapters/memory/memory.ts';
import { moveSite } from '../../src/publish/move.ts';
import { publish } from '../../src/publish/publish.ts';
import { scale, stored } from '../support/music.ts';

const FORMER = 'http://localhost:8080';
const NEW = 'https://example.org/piano';

async function published(siteUrl: string) {
  const site = memorySite();
  const performances = memoryPerformances();
  for (const id of ['2026-11-21', '2026-11-22']) {
    await performances.create(stored(id, scale(60_000)));
    await publish(id, { performances, site, siteUrl });
  }
  return site;
}
const texts = (files: ReadonlyMap<string, Uint8Array>) =>
  new Map([...files].map(([path, body]) => [path, Buffer.from(body).toString('latin1')]));

test('a site that was moved is byte for byte one that was published at the new address', async () => {
  const site = await published(FORMER);
  expect(await moveSite(site, NEW)).toBe(FORMER);
  const fresh = await published(NEW);
  expect(texts(site.files)).toEqual(texts(fresh.files));
  expect([...texts(site.files).values()].join('')).not.toContain('localhost');
});

test('a move that was cut short is made whole by the next; one that is done does nothing', async () => {
  const site = await published(FORMER);
  let left = 2;
  const failing = {
    ...site,
    async put(path: string, body: Uint8Array | string) {
      if (left-- === 0) throw new Error('the disk is full');
      await site.put(path, body);
    },
  };
  await expect(moveSite(failing, NEW)).rejects.toThrow('the disk is full');
  expect(await moveSite(site, NEW)).toBe(FORMER);
  expect(await moveSite(site, NEW)).toBeNull();
  expect(texts(site.files)).toEqual(texts((await published(NEW)).files));
});

test('where nothing is published there is nothing to move', async () =>
  expect(await moveSite(memorySite(), NEW)).toBeNull());
