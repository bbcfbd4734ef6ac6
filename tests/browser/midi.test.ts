import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { toMusic } from '../../src/music/note.ts';
import { SEND_AHEAD_MS } from '../../web/sound/midi-player.ts';
import { playAt, testStation } from './station.ts';
import { witnessed } from './witness/witnessed.ts';

const test = witnessed();

/** A key a quarter of a second, held for 200 ms, and a pedal that goes down and up each second. */
const MUSIC = toMusic(
  Array.from({ length: 240 }, (_, i) => ({
    onsetMs: i * 250,
    durationMs: 200,
    pitch: 40 + (i % 40),
    velocity: 40 + (i % 60),
  })),
  Array.from({ length: 120 }, (_, i) => ({ ms: i * 500 + 30, value: i % 2 === 0 ? 100 : 0 })),
);

/** What was sent: bytes, when it is to sound and when it was sent, epoch ms. */
type Sent = { readonly bytes: readonly number[]; readonly at: number; readonly sentAt: number };
type Faked = { midi: { asked: number; plug(name: string): void; unplug(): void } };

/** In place of the browser's own MIDI, one that writes down what it is given, also past the page's end. */
async function withMidi(page: Page, answer: 'port' | 'no port' | 'refused' | 'absent'): Promise<void> {
  await page.addInitScript((kind: string) => {
    const outputs = new Map<string, object>();
    const access: { outputs: typeof outputs; onstatechange: (() => void) | null } = {
      outputs,
      onstatechange: null,
    };
    // The picture that the page is left for is a document too.
    if (!location.pathname.endsWith('.svg')) sessionStorage.setItem('sent', '[]');
    const port = (name: string) => ({
      id: name,
      name,
      state: 'connected',
      send(bytes: number[], timestamp = 0) {
        const sent = JSON.parse(sessionStorage.getItem('sent')!) as object[];
        const origin = performance.timeOrigin;
        sent.push({ bytes, at: origin + timestamp, sentAt: origin + performance.now() });
        sessionStorage.setItem('sent', JSON.stringify(sent));
      },
    });
    const midi = {
      asked: 0,
      plug(name: string) {
        outputs.set(name, port(name));
        access.onstatechange?.();
      },
      unplug() {
        outputs.clear();
        access.onstatechange?.();
      },
    };
    (window as unknown as { midi: typeof midi }).midi = midi;
    if (kind === 'port') midi.plug('Grand');
    if (kind === 'absent') {
      // @ts-expect-error: it is no longer there.
      delete Navigator.prototype.requestMIDIAccess;
      return;
    }
    Navigator.prototype.requestMIDIAccess = async () => {
      midi.asked++;
      if (kind === 'refused') throw new DOMException('denied', 'NotAllowedError');
      return access as unknown as MIDIAccess;
    };
  }, answer);
}
const asked = (page: Page) => page.evaluate(() => (window as unknown as Faked).midi.asked);
const sentBy = (page: Page): Promise<Sent[]> =>
  page.evaluate(() => JSON.parse(sessionStorage.getItem('sent')!));
const status = (page: Page, text: string) => page.locator('#status', { hasText: text }).waitFor();
const isOn = ({ bytes }: Sent) => bytes[0] === 0x90;
const isPedal = ({ bytes }: Sent) => bytes[0] === 0xb0 && bytes[1] === 64;
/** Keys that are down after all of it, and the pedal. */
function leftBy(sent: readonly Sent[]): { keys: number[]; pedal: number } {
  const keys = new Set<number>();
  let pedal = 0;
  // In order of time; what was sent first goes first at one instant.
  for (const { bytes } of [...sent].sort((a, b) => a.at - b.at)) {
    const [kind, first = 0, second = 0] = bytes;
    if (kind === 0x90) keys.add(first);
    if (kind === 0x80) keys.delete(first);
    if (kind === 0xb0 && first === 64) pedal = second;
    if (kind === 0xb0 && first === 123) keys.clear();
  }
  return { keys: [...keys], pedal };
}

test('an instrument plays what the page plays, at the same times, and whoever mutes or leaves lets go of it', async ({
  newPage,
}) => {
  const station = await testStation(MUSIC);
  try {
    const page = await newPage();
    await withMidi(page, 'port');
    await page.goto(station.url);
    const t0 = Date.now() + 1_000;
    playAt(station, t0);
    await page.click('#join');
    await page.locator('#instrument').waitFor();
    expect(await asked(page)).toBe(0);
    await page.selectOption('#instrument', { label: 'An instrument, by MIDI' });
    await page.waitForFunction(
      () => (document.getElementById('instrument') as HTMLSelectElement).value === 'Grand',
    );
    expect(await asked(page)).toBe(1);

    await page.waitForTimeout(6_000);
    const sent = await sentBy(page);
    // One that was due just before the instrument was there is struck at once.
    const struck = sent.filter(isOn).filter(({ at, sentAt }, i) => i > 0 || at > sentAt);
    expect(struck.length).toBeGreaterThan(8);
    const pitched = (pitch: number | undefined) => MUSIC.notes.find((note) => note.pitch === pitch)!;
    const offBy = struck.map(({ bytes, at }) => at - t0 - pitched(bytes[1]).onsetMs);
    // The times are the page's estimate of the server's clock, which a busy machine moves by some milliseconds.
    expect(Math.abs(offBy[0]!)).toBeLessThan(25);
    for (const off of offBy) expect(Math.abs(off - offBy[0]!)).toBeLessThanOrEqual(1);
    for (const { bytes, at, sentAt } of struck) {
      expect(bytes[2]).toBe(pitched(bytes[1]).velocity);
      expect(at - sentAt).toBeLessThanOrEqual(SEND_AHEAD_MS);
      expect(at - sentAt).toBeGreaterThan(0);
    }
    // Every key once.
    expect(new Set(struck.map(({ bytes }) => bytes[1])).size).toBe(struck.length);
    expect(sent.filter(isPedal).map(({ bytes }) => bytes[2])).toEqual(expect.arrayContaining([100, 0]));

    await page.keyboard.press('m');
    const muted = await sentBy(page);
    expect(leftBy(muted)).toEqual({ keys: [], pedal: 0 });
    await page.waitForTimeout(1_000);
    expect(await sentBy(page)).toHaveLength(muted.length);
    await page.keyboard.press('m');
    await page.waitForFunction(
      (before) => JSON.parse(sessionStorage.getItem('sent')!).length > before + 4,
      muted.length,
    );

    // What the page does as it is left is still written down.
    await page.goto(`${station.url}/favicon.svg`);
    expect(leftBy(await sentBy(page))).toEqual({ keys: [], pedal: 0 });
  } finally {
    await station.end();
  }
});

test('an instrument that is unplugged is let go, and the page’s piano plays on; one that is plugged in may be chosen', async ({
  newPage,
}) => {
  const station = await testStation(MUSIC);
  try {
    const page = await newPage();
    await withMidi(page, 'no port');
    await page.goto(station.url);
    playAt(station, Date.now() + 500);
    await page.click('#join');
    await page.selectOption('#instrument', 'ask');
    await status(page, 'No MIDI instrument is connected.');
    await page.evaluate(() => (window as unknown as Faked).midi.plug('Grand'));
    expect(await page.locator('#instrument option').allTextContents()).toEqual([
      'This page’s piano',
      'Grand',
    ]);
    await page.selectOption('#instrument', 'Grand');
    await page.locator('.delay summary').click();
    await page.fill('#latency', '40');
    await page.waitForFunction(() => JSON.parse(sessionStorage.getItem('sent')!).length > 4);
    await page.evaluate(() => (window as unknown as Faked).midi.unplug());
    await status(page, 'Grand was disconnected. The page’s piano plays on.');
    expect(await page.locator('#instrument').inputValue()).toBe('');
    // Its delay was its own, and is remembered; the loudspeakers have none.
    expect(await page.locator('#latency-ms').textContent()).toBe('0 ms');
    expect(await page.evaluate(() => localStorage.getItem('pianola.delays'))).toBe('[["Grand",40]]');
    expect(leftBy(await sentBy(page))).toEqual({ keys: [], pedal: 0 });
  } finally {
    await station.end();
  }
});

for (const [kind, words] of [
  ['refused', 'The browser does not let this page use MIDI.'],
  ['absent', 'This browser has no Web MIDI.'],
] as const) {
  test(`MIDI that is ${kind} is told in words, and the page’s piano stays`, async ({ newPage }) => {
    const station = await testStation(null);
    try {
      const page = await newPage();
      const faults: string[] = [];
      page.on('pageerror', ({ message }) => faults.push(message));
      await withMidi(page, kind);
      await page.goto(`${station.url}?state=live`);
      await page.click('#join');
      await page.selectOption('#instrument', 'ask');
      await status(page, words);
      expect(await page.locator('#instrument').inputValue()).toBe('');
      expect(faults).toEqual([]);
    } finally {
      await station.end();
    }
  });
}
