import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { toMusic } from '../../src/music/note.ts';
import { publish } from '../../src/publish/publish.ts';
import { note, stored } from '../support/music.ts';
import { TODAY } from './station.ts';
import { aBrowser, aStation } from './suite.ts';

/** A chord held for five and a half seconds, ten of rest, then short notes up to the half minute. */
const MUSIC = toMusic([
  ...[36, 48, 55, 64].map((pitch) => note(0, 5_500, pitch, 80)),
  ...Array.from({ length: 28 }, (_, i) => note(16_000 + 500 * i, 250, 60 + (i % 12), 80)),
]);

const browser = aBrowser();
const station = aStation();
let page: Page;
const faults: string[] = [];
beforeAll(async () => {
  const { record, midi } = stored(TODAY, MUSIC);
  const movements = [
    { startMs: 0, title: 'Still' },
    { startMs: 16_000, title: 'Lively' },
  ];
  await station().performances.create({ midi, record: { ...record, movements } });
  await publish(
    TODAY,
    { performances: station().performances, site: station().site },
    { heard: 1, playedAt: null },
  );
  page = await browser().newPage({ viewport: { width: 1_000, height: 700 } });
  await page.addInitScript(tapSound);
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('websocket', (socket) => faults.push(`websocket ${socket.url()}`));
});
beforeEach(async () => {
  faults.length = 0;
  await page.goto('about:blank');
  await page.goto(`${station().url}/${TODAY}/`);
  await page.locator('#roll').waitFor();
});

/** In the page: whatever goes to the loudspeaker is measured as well. */
function tapSound(): void {
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...to: unknown[]) => AudioNode;
  Object.assign(AudioNode.prototype, {
    connect(this: AudioNode, ...to: unknown[]) {
      if (to[0] instanceof AudioDestinationNode && this.context instanceof AudioContext) {
        const tap = this.context.createAnalyser();
        tap.fftSize = 4096;
        connect.call(this, tap);
        Object.assign(globalThis, { tap });
      }
      return connect.apply(this, to);
    },
  });
}
/** Loudness of the last tenth of a second, decibels against full scale. */
const loudness = () =>
  page.evaluate(() => {
    const { tap } = globalThis as unknown as { tap?: AnalyserNode };
    if (!tap) return Number.NEGATIVE_INFINITY;
    const samples = new Float32Array(tap.fftSize);
    tap.getFloatTimeDomainData(samples);
    return 10 * Math.log10(samples.reduce((sum, value) => sum + value * value, 0) / samples.length + 1e-12);
  });
const until = async (holds: () => Promise<boolean>) => {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds()) return;
    await page.waitForTimeout(50);
  }
  throw new Error('it never came to that');
};
const sounds = () => until(async () => (await loudness()) > -50);
const isSilent = () => until(async () => (await loudness()) < -70);
const status = () => page.locator('#status').textContent();
const positionS = async () => Number(await page.locator('#seek').inputValue()) / 1000;
const seekTo = (ms: number) =>
  page.locator('#seek').evaluate((slider: HTMLInputElement, value) => {
    slider.value = String(value);
    slider.dispatchEvent(new Event('input'));
  }, ms);

test('sought into the middle of a held chord, the chord sounds on; paused, there is silence', async () => {
  await seekTo(3_000);
  expect(await page.locator('#elapsed').textContent()).toBe('0:03 / 0:29');
  await page.keyboard.press('Space');
  await sounds();
  expect(await status()).toBe('Playing.');
  expect(await page.locator('#play').textContent()).toBe('Pause');
  // Nothing is struck between 0:00 and 0:16: what sounds is the chord.
  expect(await positionS()).toBeLessThan(16);
  await page.keyboard.press('Space');
  expect(await status()).toMatch(/^Paused at 0:\d\d\.$/);
  await isSilent();
  const stopped = await positionS();
  await page.waitForTimeout(300);
  expect(await positionS()).toBe(stopped);
  // And on from there, into the rest.
  await seekTo(12_000);
  await page.locator('#play').click();
  await page.waitForTimeout(300);
  await isSilent();
  await seekTo(16_500);
  await sounds();
  // Back into the chord, while it plays: of what came after it nothing is left.
  await seekTo(1_000);
  await page.waitForTimeout(500);
  expect(await loudness()).toBeGreaterThan(-50);
  expect(await positionS()).toBeLessThan(5);
  expect(faults).toEqual([]);
});

test('at twice the speed the music takes half the time; slowed down as it plays, twice as long', async () => {
  await page.locator('#speed').selectOption('2');
  await page.locator('#play').click();
  expect(await status()).toBe('Playing at 2×.');
  await until(async () => (await positionS()) > 1);
  /** Music and time that passed, by two looks of the same kind. */
  const look = () =>
    page.evaluate(
      () =>
        new Promise<[number, number]>((resolve) => {
          requestAnimationFrame((at) => {
            const slider = document.getElementById('seek') as HTMLInputElement;
            resolve([Number(slider.value), at]);
          });
        }),
    );
  /** Music that passes in a while, by the time of it. */
  const pace = async () => {
    const [fromMs, fromAt] = await look();
    await page.waitForTimeout(3_000);
    const [toMs, toAt] = await look();
    return (toMs - fromMs) / (toAt - fromAt);
  };
  expect(Math.abs((await pace()) - 2)).toBeLessThan(0.4);
  await page.locator('#speed').selectOption('0.5');
  expect(await status()).toBe('Playing at ½×.');
  await page.waitForTimeout(300);
  // The slider tells whole seconds.
  expect(Math.abs((await pace()) - 0.5)).toBeLessThan(0.4);
});

test('everything by keyboard: play, the slider, a movement’s link; at its end it says so, and begins anew', async () => {
  await page.locator('#seek').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await page.locator('#elapsed').textContent()).toBe('0:02 / 0:29');
  expect(await page.locator('#seek').getAttribute('aria-valuetext')).toBe('0:02 of 0:29');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('play');
  await page.getByRole('link', { name: '0:16' }).focus();
  await page.keyboard.press('Enter');
  await until(async () => (await page.locator('#elapsed').textContent()) === '0:16 / 0:29');
  await seekTo(29_000);
  await page.locator('#play').focus();
  await page.keyboard.press('Enter');
  await until(async () => (await status()) === 'The end.');
  expect(await page.locator('#play').textContent()).toBe('Play');
  await page.keyboard.press('Enter');
  await until(async () => (await positionS()) > 0 && (await positionS()) < 15);
  expect(faults).toEqual([]);
});

test('the whole roll is seen, its future too; nearer, a click leads to where it was made', async () => {
  /** Columns of the canvas, in tenths of its width, that have holes in them. */
  const punched = () =>
    page.evaluate(() => {
      const canvas = document.getElementById('roll') as HTMLCanvasElement;
      const { data, width, height } = canvas
        .getContext('2d')!
        .getImageData(0, 0, canvas.width, canvas.height);
      const dark = Array<number>(10).fill(0);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const i = 4 * (y * width + x);
          if (data[i + 3]! > 200 && data[i]! < 60) dark[Math.floor((10 * x) / width)]!++;
        }
      }
      return dark.map((count) => count > 20);
    });
  // The chord is a fifth of the whole, the rest a third, the notes what is left; nothing has been played yet.
  expect(await punched()).toEqual([true, true, false, false, false, true, true, true, true, true]);
  expect(await page.locator('.whole').isHidden()).toBe(true);
  await page.locator('#roll').click({ position: { x: 500, y: 100 } });
  // 0:29.75 and 1.2 % of blank paper at both ends: its middle is at 0:14.
  expect(await page.locator('#elapsed').textContent()).toBe('0:14 / 0:29');
  await page.locator('#zoom').focus();
  await page.keyboard.press('End');
  // Eight seconds from edge to edge, a third of them past: from 0:12.2 on, and the first note at 0:16.
  expect((await punched()).indexOf(true)).toBe(4);
  await page.locator('#roll').click({ position: { x: 990, y: 100 } });
  expect(await page.locator('#elapsed').textContent()).toBe('0:20 / 0:29');
});

test('where motion is unwelcome the paper lies still, and only the playhead moves', async () => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.locator('#zoom').focus();
  await page.keyboard.press('End');
  const playheadX = () =>
    page.evaluate(() => {
      const canvas = document.getElementById('roll') as HTMLCanvasElement;
      const { data, width } = canvas.getContext('2d')!.getImageData(0, 4, canvas.width, 1);
      for (let x = 0; x < width; x++) if (data[4 * x]! > 150 && data[4 * x + 1]! < 90) return x;
      return -1;
    });
  await seekTo(4_000);
  const first = await playheadX();
  await seekTo(5_000);
  expect((await playheadX()) - first).toBeGreaterThan(100);
  await seekTo(9_000);
  expect(await playheadX()).toBeLessThan(first);
  await page.emulateMedia({ reducedMotion: null });
});

test('nothing on the page jumps when it comes to play', async () => {
  // Music and code wait until the page has been looked at without them.
  let go = () => {};
  const looked = new Promise<void>((resolve) => {
    go = resolve;
  });
  for (const late of ['**/performance.mid', '**/replay.js'])
    await page.route(late, (route) => looked.then(() => route.continue()));
  await page.goto(`${station().url}/${TODAY}/`, { waitUntil: 'commit' });
  const top = async () => (await page.locator('.columns').boundingBox())!.y;
  await page.locator('.columns').waitFor();
  const before = await top();
  expect(await page.locator('#play').isVisible()).toBe(false);
  go();
  await page.locator('#roll').waitFor();
  expect(await page.locator('#play').isVisible()).toBe(true);
  expect(await top()).toBe(before);
  await page.unrouteAll();
});

test('where the music or Web Audio is missing, the page says so and stays what it was', async () => {
  await page.route('**/performance.mid', (route) => route.abort());
  await page.reload();
  await page.getByText('The music cannot be loaded. Reload the page to try again.').waitFor();
  expect(await page.locator('.whole').isVisible()).toBe(true);
  expect(await page.locator('#play').isDisabled()).toBe(true);
  await page.unroute('**/performance.mid');
  const silent = await browser().newPage();
  await silent.addInitScript(() => Reflect.deleteProperty(globalThis, 'AudioContext'));
  await silent.goto(`${station().url}/${TODAY}/`);
  await silent.getByText('This browser has no Web Audio; the MIDI file is below.').waitFor();
  expect(await silent.locator('.whole').isVisible()).toBe(true);
  await silent.close();
});
