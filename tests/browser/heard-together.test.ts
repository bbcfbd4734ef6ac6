import { expect } from '@jest/globals';
import { lagOf } from '../../bench/sound/lag.ts';
import { matched, onsets } from '../../bench/sound/onsets.ts';
import { buildPage } from '../../src/adapters/net/page-bundle.ts';
import { type Note, toMusic } from '../../src/music/note.ts';
import { type Capture, capture, captureAsset, capturedBy } from './capture.ts';
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

/** Of a note's sound this much is compared, from so long before its onset on; of the other page's, this much more on each side. */
const PIECE_MS = 100;
const BEFORE_MS = 10;
const WITHIN_MS = 25;
/** Of one page's note and the other's: both play the same recordings in the same air. */
const LIKENESS = 0.95;

/** What left the loudspeaker from one epoch ms on, for so long; zeros where nothing was captured. */
function heardFrom({ signal, sampleRate, epochOf }: Capture, fromMs: number, lengthMs: number): Float32Array {
  const middle = signal.length / sampleRate / 2;
  // Twice: the audio clock runs at its own rate, and may have lost time on the way.
  const first = middle + (fromMs - epochOf(middle)) / 1000;
  const start = Math.round((first + (fromMs - epochOf(first)) / 1000) * sampleRate);
  return Float32Array.from(
    { length: Math.round((lengthMs * sampleRate) / 1000) },
    (_, i) => signal[start + i] ?? 0,
  );
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

    const [one, other] = (await Promise.all(pages.map(capturedBy))) as [Capture, Capture];
    const within = Math.round((WITHIN_MS * one.sampleRate) / 1000);
    const apart = NOTES.map(({ onsetMs }) => {
      const from = t0 + onsetMs - BEFORE_MS;
      const piece = heardFrom(one, from, PIECE_MS);
      const among = heardFrom(other, from - WITHIN_MS, PIECE_MS + 2 * WITHIN_MS);
      const { lag, likeness } = lagOf(piece, among, within);
      return { ms: (lag / one.sampleRate) * 1000, likeness };
    });
    for (const { ms, likeness } of apart) {
      expect(likeness).toBeGreaterThan(LIKENESS);
      expect(Math.abs(ms)).toBeLessThanOrEqual(APART_MS);
    }
    // A hammer's knock is heard a little before or after the tone, by key and loudness: few are further off than that.
    const heard = onsets(one.signal, one.sampleRate).map((s) => one.epochOf(s) - t0);
    const found = matched(
      NOTES.map(({ onsetMs }) => onsetMs),
      heard,
      60,
    );
    const inTime = found.filter((at, i) => at !== null && Math.abs(at - NOTES[i]!.onsetMs) <= APART_MS);
    expect(inTime.length / NOTES.length).toBeGreaterThanOrEqual(0.8);
  } finally {
    await station.end();
  }
});
