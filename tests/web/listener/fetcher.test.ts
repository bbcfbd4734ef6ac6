/** What fetches chunks: when it asks for which file, what it takes, and when it asks again. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type Chunk, type Hello, type OnSite, readFrame } from '../../../src/wire.ts';
import { type Fetcher, fetcher } from '../../../web/listener/fetcher.ts';
import { getFile } from '../../../web/listener/get-file.ts';
import { type Score, score } from '../../../web/score/score.ts';
import { liveHello } from '../../support/hello.ts';

const FILES: OnSite = { path: 'live/b/p/', each: 4, from: 4, leadMs: 120_000 };
const HELLO = liveHello({ durationMs: 600_000, epoch: 3, chunks: FILES });

const chunk = (seq: number, count = 1, parts: Partial<Chunk> = {}): Chunk => ({
  ...{ type: 'chunk', seq, count, broadcast: 'b', epoch: 0, here: 0 },
  ...{ fromMs: seq * 15_000, toMs: (seq + count) * 15_000, state: { sounding: [], pedal: 0 } },
  notes: Array.from({ length: count }, (_, i) => [(seq + i) * 15_000 + 500, 400, 60, 64] as const).map(
    ([a, b, c, d]) => [a, b, c, d],
  ),
  pedal: [],
  ...parts,
});

let music: Score;
let at: number | null;
let local: number;
let asked: [path: string, again: boolean, at: number | null][];
let answer: (file: unknown) => void;
let it: Fetcher;
/** @param draw the random number */
const make = (draw = 0) => {
  it = fetcher({
    ...{ music, position: () => at, now: () => local, random: () => draw, read: readFrame },
    get(path, again) {
      asked.push([path, again, at]);
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
  });
};
beforeEach(() => {
  music = score();
  music.begin(HELLO);
  music.chunk(chunk(0, 4, { epoch: 3, here: 9 }));
  [at, local, asked] = [-60_001, 1_000, []];
  make();
});
const answered = async (file: unknown) => {
  answer(file);
  await Promise.resolve();
};
/** Looks once a second, for so many seconds. */
const look = (seconds: number, files = FILES) => {
  for (let i = 0; i < seconds; i++) {
    it.look(files);
    local += 1_000;
    if (at !== null) at += 1_000;
  }
};

describe('when', () => {
  test('a file is asked for when it is due, and not before the clock is known', () => {
    look(1);
    expect(asked).toEqual([]);
    at = null;
    look(1);
    expect(asked).toEqual([]);
    at = -60_000;
    look(5);
    expect(asked).toEqual([['live/b/p/4.json', false, -60_000]]);
  });

  test('each page has its own instant within the minute', () => {
    make(0.5);
    look(60);
    expect(asked.map(([, , when]) => when)).toEqual([-29_001]);
  });

  test('who holds a part of a file asks for it, and takes the rest', async () => {
    music.chunk(chunk(4, 2, { epoch: 3 }));
    look(2);
    expect(asked).toEqual([['live/b/p/4.json', false, -59_001]]);
    await answered([chunk(4, 4)]);
    expect(music.after(0)).toBe(7);
    expect(music.notes).toHaveLength(8);
  });

  test('nothing before the first, from the last on, or after the music is asked for', () => {
    look(10, { ...FILES, from: 8 });
    look(10, { ...FILES, until: 4 });
    music.begin(liveHello({ ...HELLO, durationMs: 60_000 }));
    look(10);
    expect(asked).toEqual([]);
  });

  test.each([
    '/evil.example/',
    'live/../',
    'live//b/',
    'live/b/',
    'https://evil.example/live/b/p/',
    'live/b/../p/',
  ])('no file is asked for at %s', (path) => {
    at = 0;
    look(10, { ...FILES, path });
    expect(asked).toEqual([]);
  });
});

describe('what', () => {
  beforeEach(() => {
    at = -60_000;
    look(1);
  });

  test('frames of an earlier epoch’s file are of the present one', async () => {
    await answered([chunk(4, 2), chunk(6, 2)]);
    expect(music.after(0)).toBe(7);
    look(70);
    expect(asked.map(([path]) => path)).toEqual(['live/b/p/4.json', 'live/b/p/8.json']);
    expect(asked[1]![2]).toBe(0);
  });

  test.each<[string, unknown]>([
    ['nothing', null],
    ['no list', { frames: [chunk(4, 4)] }],
    ['a list with something else in it', [chunk(4, 4), { type: 'pong', id: 1, receivedAt: 1, sentAt: 1 }]],
    ['a list with a note of no key', [chunk(4, 4, { notes: [[60_500, 400, 200, 64]] })]],
    ['another broadcast’s', [chunk(4, 4, { broadcast: 'c' })]],
    ['other chunks', [chunk(12, 4)]],
    ['more frames than any file has', Array.from({ length: 33 }, () => chunk(4, 4))],
  ])('%s is no file: it is asked for again, past the browser’s cache', async (_, file) => {
    await answered(file);
    expect(music.after(0)).toBe(3);
    look(3);
    expect(asked.map(([path, again]) => [path, again])).toEqual([
      ['live/b/p/4.json', false],
      ['live/b/p/4.json', true],
    ]);
  });

  test('what is not there is asked for ever less often, fifteen seconds apart at most', async () => {
    make(1);
    asked.length = 0;
    at = 0;
    const gaps: number[] = [];
    let last = local;
    for (let i = 0; i < 8; i++) {
      const before = asked.length;
      while (asked.length === before) look(1);
      gaps.push(local - last);
      last = local;
      await answered(null);
    }
    // The answer comes a second after the question.
    expect(gaps.slice(1)).toEqual([2_000, 3_000, 5_000, 9_000, 16_000, 16_000, 16_000]);
  });

  test('a stop wins over what was under way', async () => {
    music.stop('b', 3);
    await answered([chunk(4, 4)]);
    expect(music.eventsUntil(1e9)).toEqual([]);
  });
});

describe('what it is not asked for', () => {
  const missing = (parts: Partial<Hello>, ms: number) => {
    music.begin({ ...HELLO, ...parts });
    return music.missing(ms);
  };
  test('a page that fetches asks the station with less than half a minute in hand, one that does not, sooner', () => {
    expect(missing({}, 30_000)).toBeNull();
    expect(missing({}, 30_001)).toBe(3);
    expect(missing({ chunks: { ...FILES, from: 8 } }, 30_001)).toBe(3);
    music.chunk(chunk(8, 1, { epoch: 3 }));
    expect(missing({}, 0)).toBeNull();
    expect(missing({ chunks: { ...FILES, from: 8 } }, 0)).toBe(3);
    expect(missing({ chunks: { ...FILES, until: 4 } }, 0)).toBe(3);
  });
});

describe('over HTTP', () => {
  const get = async (response: () => Promise<Response>, again = false) => {
    const seen: unknown[] = [];
    const file = await getFile(async (url, { signal: _, ...options }) => {
      seen.push(url, options);
      return response();
    })('live/b/p/4.json', again);
    return [file, ...seen];
  };
  test('a file is fetched below the site’s root without cookies, and from a cache the first time alone', async () => {
    expect(await get(async () => Response.json([1]))).toEqual([
      [1],
      '/live/b/p/4.json',
      { cache: 'default', credentials: 'omit' },
    ]);
    expect(await get(async () => Response.json([1]), true)).toEqual([
      [1],
      '/live/b/p/4.json',
      { cache: 'reload', credentials: 'omit' },
    ]);
  });
  test('what is not there, is no JSON, or is out of reach is nothing', async () => {
    const [missing] = await get(async () => Response.json([1], { status: 404 }));
    const [text] = await get(async () => new Response('<html>'));
    const [nobody] = await get(async () => Promise.reject(new TypeError('offline')));
    expect([missing, text, nobody]).toEqual([null, null, null]);
  });
});
