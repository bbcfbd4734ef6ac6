import { expect, test } from '@jest/globals';
import { memoryPerformances, memorySite } from '../../src/adapters/memory/memory.ts';
import { readIndex } from '../../src/publish/index-file.ts';
import { publishMargins } from '../../src/publish/margin.ts';
import { rollPng } from '../../src/publish/pictures/roll.ts';
import { publish } from '../../src/publish/publish.ts';
import { scale, stored } from '../support/music.ts';

const ID = '2026-11-21';
const MUSIC = scale(60_000);

async function world() {
  const [performances, site] = [memoryPerformances(), memorySite()];
  const written: string[] = [];
  const ports = {
    performances,
    site: {
      ...site,
      put: (path: string, body: Uint8Array | string) => {
        written.push(path);
        return site.put(path, body);
      },
      replace: (path: string, before: Uint8Array | null, body: Uint8Array | string) => {
        written.push(path);
        return site.replace(path, before, body);
      },
    },
  };
  await performances.create(stored(ID, MUSIC));
  await publish(ID, ports);
  written.length = 0;
  return { ports, written, text: (path: string) => new TextDecoder().decode(site.files.get(path)), site };
}

test('holes come into the day’s page and picture, last into the index; the same number again writes nothing', async () => {
  const { ports, written, text, site } = await world();
  expect(text(`${ID}/index.html`)).not.toContain('class="margin"');
  await publishMargins(new Map([[ID, 3]]), ports);
  expect(written).toEqual([`${ID}/roll.png`, `${ID}/index.html`, 'index.json']);
  const svg = /<svg class="margin".*?<\/svg>/.exec(text(`${ID}/index.html`))![0];
  expect(svg).toContain('aria-label="3 holes in the margin, punched by listeners"');
  expect(svg).toContain('d="M255 2h0M10 15h0M765 5h0"');
  expect(site.files.get(`${ID}/roll.png`)).toEqual(rollPng(MUSIC, 3).png);
  expect(rollPng(MUSIC, 3).png).not.toEqual(rollPng(MUSIC).png);
  expect((await readIndex(ports.site)).performances[0]).toMatchObject({ id: ID, holes: 3 });
  written.length = 0;
  await publishMargins(new Map([[ID, 3]]), ports);
  expect(written).toEqual([]);
});

test('a day that is published again keeps its holes; one that is not public shows none', async () => {
  const { ports, written, text } = await world();
  await publishMargins(new Map([['2026-11-22', 5]]), ports);
  expect(written).toEqual([]);
  await publishMargins(new Map([[ID, 1]]), ports);
  await publish(ID, ports);
  expect((await readIndex(ports.site)).performances[0]?.holes).toBe(1);
  expect(text(`${ID}/index.html`)).toContain('1 hole in the margin');
});

test('a full margin’s picture is as large as an empty one’s, and within its bounds', () => {
  const [full, empty] = [rollPng(MUSIC, 2_000), rollPng(MUSIC)];
  expect([full.width, full.height]).toEqual([empty.width, empty.height]);
});

test('what another process writes into the index while a margin is printed stays', async () => {
  const { ports, site } = await world();
  const put = ports.site.put;
  ports.site.put = async (path, body) => {
    await put(path, body);
    if (path !== `${ID}/index.html`) return;
    const { performances } = await readIndex(site);
    const lines = performances.map((line) => ({ ...line, soundBytes: 7, soundMs: 9, holes: 1 }));
    await site.put('index.json', JSON.stringify({ schema: 1, performances: lines }));
  };
  await publishMargins(new Map([[ID, 3]]), ports);
  expect((await readIndex(site)).performances).toMatchObject([
    { id: ID, soundBytes: 7, soundMs: 9, holes: 3 },
  ]);
});
