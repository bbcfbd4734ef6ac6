import { expect, test } from '@jest/globals';
import { memoryBlobs } from '../../src/adapters/memory/blobs.ts';
import { memoryPerformances, memorySite } from '../../src/adapters/memory/memory.ts';
import { site } from '../../src/adapters/stores/site.ts';
import { changeIndex, layOutIndex, readIndex } from '../../src/publish/index-file.ts';
import { publishMargins } from '../../src/publish/margin.ts';
import { publish } from '../../src/publish/publish.ts';
import { publishNextSound } from '../../src/publish/sound.ts';
import { scale, stored } from '../support/music.ts';

const [BEFORE, FIRST, SECOND] = ['2026-11-20', '2026-11-21', '2026-11-22'] as const;

test('processes that write it at once lose nothing of each other’s, and the pages show what all have written', async () => {
  const [performances, blobs] = [memoryPerformances(), memoryBlobs()];
  for (const id of [BEFORE, FIRST, SECOND]) await performances.create(stored(id, scale(10_000)));
  // One that shares no turn with the others, as another function of the cloud.
  const process = () => ({ performances, site: site(blobs) });
  await publish(BEFORE, process());
  const renderer = async () => ({ mp3: new Uint8Array(1_000), durationMs: 13_250 });
  await Promise.all([
    publish(FIRST, process()),
    publish(SECOND, process()),
    publishNextSound({ ...process(), renderer, log: () => {} }),
    publishMargins(new Map([[BEFORE, 3]]), process()),
  ]);
  const { performances: lines } = await readIndex(process().site);
  expect(lines.map(({ id, holes, soundMs }) => [id, holes, soundMs])).toEqual([
    [SECOND, 0, 0],
    [FIRST, 0, 0],
    [BEFORE, 3, 13_250],
  ]);
  const text = (path: string) => new TextDecoder().decode(blobs.files.get(path));
  for (const id of [BEFORE, FIRST, SECOND]) {
    expect(text('archive/2026/index.html')).toContain(`href="/${id}/"`);
    expect(text('feed.xml')).toContain(`/${id}/`);
  }
  expect(text(`${BEFORE}/index.html`)).toContain('3 holes in the margin');
  expect(text(`${BEFORE}/index.html`)).toContain('performance.mp3');
  expect(text(`${FIRST}/index.html`)).toContain(`href="/${BEFORE}/"`);
  expect(text(`${FIRST}/index.html`)).toContain(`href="/${SECOND}/"`);
});

test('what others change again and again is given up after five times, and is theirs', async () => {
  const place = memorySite();
  let others = 0;
  const made: number[] = [];
  const writing = changeIndex(place, async (index) => {
    made.push(others);
    await place.put('index.json', `{"schema":1,"performances":[],"others":${++others}}`);
    return index;
  });
  await expect(writing).rejects.toThrow('index.json was changed by others 5 times');
  expect(made).toEqual([0, 1, 2, 3, 4]);
  expect(new TextDecoder().decode(place.files.get('index.json'))).toContain('"others":5');
});

test('an empty one is laid out where there is none, and over none', async () => {
  const place = memorySite();
  const laidOut = () => new TextDecoder().decode(place.files.get('index.json'));
  await layOutIndex(place);
  expect(laidOut()).toBe('{"schema":1,"performances":[]}\n');
  // One that comes between the look and the writing stays too.
  await place.put('index.json', 'another’s');
  await layOutIndex({ ...place, get: async () => null });
  expect(laidOut()).toBe('another’s');
});
