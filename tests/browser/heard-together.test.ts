import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { matched, onsets } from '../../bench/sound/onsets.ts';
import { buildPage } from '../../src/adapters/net/page-bundle.ts';
import { type Note, toMusic } from '../../src/music/note.ts';
import { capture, captureAsset, capturedBy } from './capture.ts';
import { record, samplesReady } from './recorder.ts';
import { playAt, testStation } from './station.ts';
import { witnessed } from './witness/witnessed.ts';

const HOUR_MS = 3_600_000;
/** Of one page from the other, note by note. */
const APART_MS = 5;
const NOTES: readonly Note[] = Array.from({ length: 40 }, (_, i) => ({
  onsetMs: 1_000 + i * 300 + (i % 3) * 17,
  durationMs: 200,
  pitch: 48 + ((i * 7) % 36),
  velocity: 55 + ((i * 5) % 30),
}));

const test = witnessed();

const until = (instant: number) => new Promise((resolve) => setTimeout(resolve, instant - Date.now()));

/** The onsets heard in what a page played, as milliseconds from T0 by the machine's clock. */
async function heardBy(page: Page, t0: number): Promise<number[]> {
  const { signal, sampleRate, epochOf } = await capturedBy(page);
  return onsets(signal, sampleRate).map((s) => epochOf(s) - t0);
}

test('what two pages with wrong clocks play is heard within 5 ms of one another, note by note', async ({
  newPage,
  played,
}) => {
  const assets = new Map([...(await buildPage()), captureAsset]);
  const station = await testStation(toMusic(NOTES), assets);
  try {
    const open = async (shiftMs: number) => {
      const page = await newPage();
      await capture(page);
      await record(page, shiftMs);
      await page.goto(station.url);
      await samplesReady(page);
      return page;
    };
    const pages = [await open(HOUR_MS), await open(-HOUR_MS / 2)];
    const t0 = Date.now() + 6_000;
    playAt(station, t0);
    for (const page of pages) await page.click('#join');
    await until(t0 + NOTES.at(-1)!.onsetMs + 1_500);
    await played();

    const score = NOTES.map(({ onsetMs }) => onsetMs);
    const [one, other] = await Promise.all(
      pages.map(async (page) => matched(score, await heardBy(page, t0), 60)),
    );
    const both = NOTES.flatMap((note, i) => {
      const [a, b] = [one![i]!, other![i]!];
      return a === null || b === null ? [] : [{ note, a, b }];
    });
    expect(both.length).toBeGreaterThanOrEqual(36);
    for (const { a, b } of both) expect(Math.abs(a - b)).toBeLessThanOrEqual(APART_MS);
    // A hammer's knock is heard a little before or after the tone, by key and loudness: few are further off than that.
    const inTime = both.filter(({ note, a }) => Math.abs(a - note.onsetMs) <= APART_MS);
    expect(inTime.length / both.length).toBeGreaterThanOrEqual(0.85);
  } finally {
    await station.end();
  }
});
