import { beforeEach, describe, expect, test } from '@jest/globals';
import { memoryPerformances, memorySite } from '../../src/adapters/memory/memory.ts';
import type { Renderer } from '../../src/ports.ts';
import { readIndex } from '../../src/publish/index-file.ts';
import { publish } from '../../src/publish/publish.ts';
import { publishNextSound } from '../../src/publish/sound.ts';
import { scale, stored } from '../support/music.ts';
import { podcastFaults } from '../support/podcast.ts';

const SITE = 'https://piano.example';
const MP3 = new Uint8Array(1_000).fill(0xff);

function world() {
  const performances = memoryPerformances();
  const site = memorySite();
  const logged: string[] = [];
  const rendered: Uint8Array[] = [];
  const renderer: Renderer = async (midi, { onProgress } = {}) => {
    rendered.push(midi);
    for (const part of [0.1, 0.3, 0.55, 1]) onProgress?.(part);
    return { mp3: MP3, durationMs: 63_250 };
  };
  const ports = {
    ...{ performances, site, siteUrl: SITE, renderer },
    log: (event: string, details?: object) => void logged.push(`${event} ${JSON.stringify(details)}`),
  };
  return {
    ...{ performances, site, ports, logged, rendered },
    text: (path: string) => new TextDecoder().decode(site.files.get(path)),
    async day(id: string) {
      const { record, midi } = stored(id, scale(60_000));
      await performances.create({ midi, record: { ...record, title: 'Prelude in C major' } });
      await publish(id, ports, { heard: 3, playedAt: Date.parse(`${id}T20:00:00Z`) });
    },
  };
}

let w: ReturnType<typeof world>;
beforeEach(() => {
  w = world();
});

test('a day is public without sound: its page, its feed and its index tell of none', async () => {
  await w.day('2026-11-21');
  expect(w.text('feed.xml')).not.toMatch(/<enclosure|<itunes:(image|duration)/);
  expect(w.text('2026-11-21/index.html')).not.toContain('.mp3');
  expect((await readIndex(w.site)).performances).toMatchObject([{ soundBytes: 0, soundMs: 0 }]);
});

describe('when a day is given its sound', () => {
  test('it is the day’s MIDI that is played, and page, feed and index tell of the file with its true length', async () => {
    await w.day('2026-11-21');
    expect(await publishNextSound(w.ports)).toBe('2026-11-21');
    expect(w.rendered.map((midi) => Buffer.from(midi))).toEqual([
      Buffer.from(w.site.files.get('2026-11-21/performance.mid')!),
    ]);
    const file = w.site.files.get('2026-11-21/performance.mp3')!;
    expect((await readIndex(w.site)).performances).toMatchObject([
      { id: '2026-11-21', heard: 3, soundBytes: file.length, soundMs: 63_250 },
    ]);
    expect(w.text('feed.xml')).toContain(
      `<enclosure url="${SITE}/2026-11-21/performance.mp3" length="${file.length}" type="audio/mpeg"/>`,
    );
    expect(w.text('feed.xml')).toContain('<itunes:duration>63</itunes:duration>');
    expect(w.text('2026-11-21/index.html')).toContain(
      '<a href="/2026-11-21/performance.mp3" download="pianola-2026-11-21.mp3">Download sound</a>',
    );
  });

  test('the file says what it is, in a tag of the length that it tells, before the sound', async () => {
    await w.day('2026-11-21');
    await publishNextSound(w.ports);
    const file = Buffer.from(w.site.files.get('2026-11-21/performance.mp3')!);
    expect(file.subarray(0, 5)).toEqual(Buffer.from([0x49, 0x44, 0x33, 4, 0]));
    const size = [...file.subarray(6, 10)].reduce((sum, byte) => 128 * sum + byte, 0);
    expect(file.subarray(10 + size)).toEqual(Buffer.from(MP3));
    const tag = file.subarray(10, 10 + size).toString('latin1');
    expect(tag).toContain('Prelude in C major');
    expect(tag).toContain('2026-11-21');
  });

  test('the feed is a podcast that Apple’s requirements find nothing wrong with, and its picture is as they want it', async () => {
    await w.day('2026-11-20');
    await w.day('2026-11-21');
    await publishNextSound(w.ports);
    await publishNextSound(w.ports);
    expect(podcastFaults(w.text('feed.xml'), (url) => w.site.files.get(url.slice(SITE.length + 1)))).toEqual(
      [],
    );
  });

  test('it is the newest day that has none, one after the other, and then none is left', async () => {
    for (const id of ['2026-11-19', '2026-11-21', '2026-11-20']) await w.day(id);
    const made = [];
    for (let i = 0; i < 4; i++) made.push(await publishNextSound(w.ports));
    expect(made).toEqual(['2026-11-21', '2026-11-20', '2026-11-19', null]);
    expect(w.rendered).toHaveLength(3);
  });

  test('an operator sees that it is begun, how far it is by quarters, and that it is done', async () => {
    await w.day('2026-11-21');
    await publishNextSound(w.ports);
    expect(w.logged.map((line) => line.split(' ')[0])).toEqual([
      ...['sound.begun', 'sound.progress', 'sound.progress', 'sound.progress', 'sound.published'],
    ]);
    expect(w.logged[2]).toBe('sound.progress {"performance":"2026-11-21","percent":50}');
  });

  test('it stays as it is when the day is published again', async () => {
    await w.day('2026-11-21');
    await publishNextSound(w.ports);
    const feed = w.text('feed.xml');
    await publish('2026-11-21', w.ports, { heard: 2, playedAt: null });
    expect(w.text('feed.xml')).toBe(feed);
    expect(w.text('2026-11-21/index.html')).toContain('performance.mp3');
    expect(await publishNextSound(w.ports)).toBeNull();
  });
});

test('a day that was published while another was rendered stays in the feed', async () => {
  await w.day('2026-11-20');
  const renderer: Renderer = async () => {
    await w.day('2026-11-21');
    return { mp3: MP3, durationMs: 63_250 };
  };
  expect(await publishNextSound({ ...w.ports, renderer })).toBe('2026-11-20');
  expect((await readIndex(w.site)).performances.map(({ id, soundMs }) => [id, soundMs])).toEqual([
    ['2026-11-21', 0],
    ['2026-11-20', 63_250],
  ]);
});

test('what cannot be rendered, or read, is left out from then on, and changes nothing of what is public', async () => {
  await w.day('2026-11-20');
  await w.day('2026-11-21');
  const { record } = stored('2026-11-21', scale(60_000));
  await w.performances.replace({ record, midi: new Uint8Array([1, 2, 3]) });
  const before = [...w.site.files].map(([path, bytes]) => [path, Buffer.from(bytes)]);
  const failed = new Set<string>();
  const ports = { ...w.ports, renderer: async () => null };
  const tried = [];
  for (let i = 0; i < 3; i++) tried.push(await publishNextSound(ports, failed));
  expect(tried).toEqual(['2026-11-21', '2026-11-20', null]);
  expect([...failed].sort()).toEqual(['2026-11-20', '2026-11-21']);
  expect([...w.site.files].map(([path, bytes]) => [path, Buffer.from(bytes)])).toEqual(before);
  expect(w.logged.join('\n')).toMatch(/sound\.not_rendered.*2026-11-21/);
});
