import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Note, toMusic } from '../../src/music/note.ts';
import { TILE_MS } from '../../web/roll/layout.ts';
import { playAt, testStation } from './station.ts';
import { aBrowser } from './suite.ts';

const browser = aBrowser();

const NOTES_PER_SECOND = 30;
const LONGEST_MS = 1_000;
/** Thirty notes a second, none longer than a second; no pedal, whose holes would be counted too. */
const MUSIC = toMusic(
  Array.from({ length: NOTES_PER_SECOND * 60 }, (_, i): Note => {
    const onsetMs = Math.round((i * 1_000) / NOTES_PER_SECOND);
    return {
      onsetMs,
      durationMs: 100 + ((i * 271) % (LONGEST_MS - 100)),
      pitch: 21 + ((i * 37) % 88),
      velocity: 64,
    };
  }),
);

type Counted = { frames: { holes: number; pixels: number }[] };

/** Before the page's own scripts: counts what each frame draws. */
async function countHoles(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const frames: Counted['frames'] = [];
    (window as unknown as Counted).frames = frames;
    let holes = 0;
    let pixels = 0;
    for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
      const { roundRect, fillRect } = prototype;
      prototype.roundRect = function (...args) {
        holes++;
        roundRect.apply(this, args);
      };
      prototype.fillRect = function (...args: [number, number, number, number]) {
        // A tile is begun by filling all of it.
        if (args[0] === 0 && args[1] === 0) pixels += this.canvas.width * this.canvas.height;
        fillRect.apply(this, args);
      };
    }
    const request = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (callback) =>
      request((time) => {
        [holes, pixels] = [0, 0];
        callback(time);
        frames.push({ holes, pixels });
      });
  });
}

test('at thirty notes a second a frame paints the holes of one tile, not of all that is seen', async () => {
  const station = await testStation(MUSIC);
  try {
    const page = await browser().newPage({ viewport: { width: 1_280, height: 800 } });
    await countHoles(page);
    await page.goto(station.url);
    // Eighteen seconds have been played: the strip behind the playhead is full.
    playAt(station, Date.now() - 18_000);
    await page.waitForFunction(() => document.body.dataset.state === 'live');
    await page.waitForTimeout(1_500);
    const from = await page.evaluate(() => (window as unknown as Counted).frames.length);
    await page.waitForTimeout(3_000);
    const [frames, strip] = await page.evaluate(() => {
      const { width, height } = document.querySelector('.strip')!.getBoundingClientRect();
      return [(window as unknown as Counted).frames, width * height] as const;
    });
    const steady = frames.slice(from);
    expect(steady.length).toBeGreaterThan(20);
    // A tile's own notes and those that reach into it, each with its edge; octaves, the minute and ticks; marks at the playhead.
    const tile = (2 * NOTES_PER_SECOND * (TILE_MS + LONGEST_MS)) / 1_000;
    const atOnce = (NOTES_PER_SECOND * LONGEST_MS) / 1_000;
    const most = 2 * tile + 2 * atOnce + 40;
    expect(Math.max(...steady.map(({ holes }) => holes))).toBeLessThanOrEqual(most);
    expect(most).toBeLessThan(0.95 * 2 * NOTES_PER_SECOND * 12);
    const pixels = steady.map((frame) => frame.pixels).sort((a, b) => a - b);
    expect(pixels[Math.floor(pixels.length / 2)]).toBeLessThan(0.2 * strip);
    // Also while it fills all of the strip, as after joining late: four tiles at most.
    expect(Math.max(...frames.map(({ holes }) => holes))).toBeLessThanOrEqual(most + 3 * (tile + 10));
  } finally {
    await station.end();
  }
});

test('while nothing moves nothing is painted', async () => {
  const station = await testStation(null);
  try {
    const page = await browser().newPage({ viewport: { width: 1_280, height: 800 } });
    await countHoles(page);
    await page.goto(`${station.url}?state=doors`);
    await page.waitForFunction(() => document.body.dataset.state === 'doors');
    // The fixture's fourteen listeners come to the leader first, a tick each, 140 ms apart.
    await page.waitForFunction((ms) => performance.now() > ms, 14 * 140 + 500);
    await page.waitForFunction(() => {
      const { frames } = window as unknown as Counted;
      return frames.length > 30 && frames.slice(-30).every(({ pixels }) => pixels === 0);
    });
    const from = await page.evaluate(() => (window as unknown as Counted).frames.length);
    await page.waitForTimeout(1_000);
    const frames = await page.evaluate(() => (window as unknown as Counted).frames);
    expect(frames.slice(from).length).toBeGreaterThan(5);
    expect(frames.slice(from).filter(({ pixels }) => pixels > 0)).toEqual([]);
  } finally {
    await station.end();
  }
});
