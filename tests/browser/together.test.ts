import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { buildPage } from '../../src/adapters/net/page-bundle.ts';
import { type Note, toMusic } from '../../src/music/note.ts';
import { judge, TOLERANCE_MS } from './judge.ts';
import { record, samplesReady, struckBy } from './recorder.ts';
import { playAt, testStation } from './station.ts';
import { witnessed } from './witness/witnessed.ts';

const HOUR_MS = 3_600_000;
const LENGTH_MS = 22_000;
const LATE_MS = 9_000;
/** Held by key, and by the pedal, while the late listener joins. */
const HELD: readonly Note[] = [
  { onsetMs: 5_060, durationMs: 9_000, pitch: 36, velocity: 70 },
  { onsetMs: 6_090, durationMs: 7_500, pitch: 43, velocity: 60 },
  { onsetMs: 7_560, durationMs: 100, pitch: 40, velocity: 66 },
];
const MUSIC = toMusic(
  [
    ...HELD,
    ...Array.from({ length: LENGTH_MS / 150 }, (_, i) => ({
      onsetMs: i * 150,
      durationMs: 80,
      pitch: 50 + ((i * 7) % 40),
      velocity: 40 + (i % 50),
    })),
  ],
  [
    { ms: 7_500, value: 100 },
    { ms: 12_000, value: 0 },
  ],
);

const test = witnessed();

async function open(page: Page, url: string, shiftMs: number): Promise<Page> {
  await record(page, shiftMs);
  await page.goto(url);
  await samplesReady(page);
  return page;
}
const until = (instant: number) => new Promise((resolve) => setTimeout(resolve, instant - Date.now()));

test('two pages play every note once, within 5 ms of the score and of each other, and the late one at once', async ({
  newPage,
  played,
}) => {
  const station = await testStation(MUSIC);
  try {
    const early = await open(await newPage(), station.url, HOUR_MS);
    const late = await open(await newPage(), station.url, -HOUR_MS / 2);
    const t0 = Date.now() + 4_000;
    playAt(station, t0);
    await early.click('#join');
    await until(t0 + LATE_MS);
    await late.click('#join');
    const joinedAt = Date.now();
    await until(t0 + LENGTH_MS + 1_000);
    await played();

    const first = judge(await struckBy(early), MUSIC.notes, t0, 0, LENGTH_MS);
    const struckLate = await struckBy(late);
    const second = judge(struckLate, MUSIC.notes, t0, joinedAt - t0 + 1_500, LENGTH_MS);
    expect(first.problems).toEqual([]);
    expect(second.problems).toEqual([]);
    expect(first.heard).toHaveLength(MUSIC.notes.length);

    const of = (note: Note, { heard }: typeof first) => heard.find((one) => one.note === note)?.struck;
    for (const { note, struck } of second.heard) {
      expect(Math.abs(struck.attackAt - of(note, first)!.attackAt)).toBeLessThanOrEqual(TOLERANCE_MS);
    }
    expect(Math.min(...struckLate.map(({ soundsAt }) => soundsAt)) - joinedAt).toBeLessThanOrEqual(1_500);
    for (const note of HELD) expect(of(note, second)!.soundsAt - joinedAt).toBeLessThanOrEqual(1_500);
    // Where no pedal holds them, dampers fall when keys are let go, and all is silent 0.6 s later at the latest.
    for (const { note, struck } of first.heard) {
      const letGo = note.onsetMs + note.durationMs;
      if (letGo >= 7_500 && letGo <= 12_000) continue;
      expect(struck.stopsAt! - t0 - letGo).toBeGreaterThan(0);
      expect(struck.stopsAt! - t0 - letGo).toBeLessThan(8 * 75 + TOLERANCE_MS);
    }
  } finally {
    await station.end();
  }
});

test('a page that takes its own clock for the server’s is caught by this very measurement', async ({
  newPage,
}) => {
  const assets = await buildPage({
    plugins: [
      {
        name: 'offset-zero',
        setup(build) {
          build.onResolve({ filter: /\/server-clock\.ts$/ }, () => ({
            path: `${import.meta.dirname}/offset-zero.ts`,
          }));
        },
      },
    ],
  });
  const station = await testStation(MUSIC, assets);
  try {
    const anHour = await open(await newPage(), station.url, HOUR_MS);
    const aBlink = await open(await newPage(), station.url, 40);
    const right = await open(await newPage(), station.url, 0);
    const t0 = Date.now() + 3_000;
    playAt(station, t0);
    for (const page of [anHour, aBlink, right]) await page.click('#join');
    await until(t0 + 6_000);
    const problemsOf = async (page: Page) =>
      judge(await struckBy(page), MUSIC.notes, t0, 0, 4_000).problems.length;
    expect(await problemsOf(anHour)).toBeGreaterThanOrEqual(26);
    expect(await problemsOf(aBlink)).toBeGreaterThanOrEqual(26);
    // The machine's own clock is the server's here, so that an offset of zero is right where nothing is shifted.
    await anHour.close();
    await aBlink.close();
    const [fromMs, toMs] = [8_025, 12_075];
    await until(t0 + toMs + 1_000);
    const alone = (await struckBy(right)).filter(
      ({ attackAt }) => attackAt >= t0 + fromMs && attackAt < t0 + toMs,
    );
    expect(judge(alone, MUSIC.notes, t0, fromMs, toMs).problems).toEqual([]);
  } finally {
    await station.end();
  }
});
