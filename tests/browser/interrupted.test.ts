import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Note, toMusic } from '../../src/music/note.ts';
import { judge } from './judge.ts';
import { record, samplesReady, struckBy } from './recorder.ts';
import { playAt, testStation } from './station.ts';
import { witnessed } from './witness/witnessed.ts';

const test = witnessed();

const until = (instant: number) => new Promise((resolve) => setTimeout(resolve, instant - Date.now()));
/** A note each 150 ms, each held into the next. */
const legato = (fromMs: number, toMs: number): Note[] =>
  Array.from({ length: Math.floor((toMs - fromMs) / 150) }, (_, i) => ({
    onsetMs: fromMs + i * 150,
    durationMs: 170,
    pitch: 48 + ((i * 7) % 30),
    velocity: 60,
  }));

test('the first notes do not wait for the piano; it takes the tone’s place at a rest, and not before', async ({
  newPage,
}) => {
  // Twenty seconds: a machine that has other work takes long to decode a piano.
  const restMs = 20_000;
  const music = toMusic([...legato(0, restMs), ...legato(restMs + 1_000, restMs + 5_000)]);
  const station = await testStation(music);
  try {
    const page = await newPage();
    await record(page, 0);
    let arrive = (): void => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const asked = new Set<string>();
    await page.route('**/piano/*', async (route) => {
      const first = !asked.has(route.request().url());
      asked.add(route.request().url());
      // The network fails once: it is asked again.
      if (first) return route.abort();
      await arrived;
      await route.continue();
    });
    await page.goto(station.url);
    const t0 = Date.now() + 3_000;
    playAt(station, t0);
    await page.click('#join');
    await until(t0 + 2_000);
    arrive();
    await samplesReady(page);
    expect(Date.now() - t0).toBeLessThan(restMs - 1_500);
    await until(t0 + restMs + 5_000);
    const { heard, problems } = judge(await struckBy(page), music.notes, t0, 0, restMs + 3_000);
    expect(problems).toEqual([]);
    const byTone = (from: number, to: number) =>
      new Set(
        heard
          .filter(({ note }) => note.onsetMs >= from && note.onsetMs < to)
          .map(({ struck }) => struck.rate === 0),
      );
    expect(byTone(0, restMs)).toEqual(new Set([true]));
    expect(byTone(restMs, restMs + 3_000)).toEqual(new Set([false]));
  } finally {
    await station.end();
  }
});

type Interruptible = Window & { audio: AudioContext };

/** As a telephone call does: the audio clock stops, and may not run again until it is over. */
async function interrupt(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(async () => {
    const { audio } = window as unknown as Interruptible;
    audio.resume = () => Promise.reject(new DOMException('not yet', 'NotAllowedError'));
    await audio.suspend();
  });
  return () =>
    page.evaluate(async () => {
      const { audio } = window as unknown as Interruptible;
      Reflect.deleteProperty(audio, 'resume');
    });
}

test('after an interruption the next gesture brings the sound back, every note in its place', async ({
  newPage,
}) => {
  const music = toMusic(legato(0, 20_000));
  const station = await testStation(music);
  try {
    const page = await newPage();
    await page.addInitScript(() => {
      const Native = AudioContext;
      window.AudioContext = class extends Native {
        constructor(options?: AudioContextOptions) {
          super(options);
          (window as unknown as Interruptible).audio = this;
        }
      };
    });
    await record(page, 0);
    await page.goto(station.url);
    await samplesReady(page);
    const t0 = Date.now() + 3_000;
    playAt(station, t0);
    await page.click('#join');
    await until(t0 + 3_000);
    const over = await interrupt(page);
    await until(t0 + 7_000);
    const silent = (await struckBy(page)).length;
    await until(t0 + 8_000);
    expect(await struckBy(page)).toHaveLength(silent);
    await over();
    await page.keyboard.press('Shift');
    const backMs = Date.now() - t0;
    await until(t0 + 15_000);
    const after = (await struckBy(page)).slice(silent);
    const { problems } = judge(after, music.notes, t0, backMs + 1_500, 14_000);
    expect(problems.filter((problem) => problem.includes('missing'))).toEqual([]);
    // What was begun before the new clock was known is cut off again, and struck anew.
    const kept = after.filter(({ attackAt }) => attackAt - t0 > backMs + 1_500);
    expect(judge(kept, music.notes, t0, backMs + 1_500, 14_000).problems).toEqual([]);
  } finally {
    await station.end();
  }
});
