import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { browserPiano } from '../../../bench/sound/browser-piano.ts';
import { integratedLoudness, meanSquare } from '../../../bench/sound/loudness.ts';
import { readMidiFile } from '../../../src/music/midi/file.ts';
import { toMusic } from '../../../src/music/note.ts';
import { framesOf, LEAD_S, openGrand, playedBy, SAMPLE_RATE } from '../../../src/rendering/piano.ts';
import { aBrowser } from '../suite.ts';

const browser = aBrowser();

test('what a station renders without a browser is what a page plays: as loud within a tenth of a decibel, at the same instant, and what differs is 25 dB below', async () => {
  const file = readMidiFile(readFileSync(new URL('../../fixtures/performance.mid', import.meta.url)));
  if ('problem' in file) throw new Error(file.problem);
  const opening = <T>(all: readonly T[], ms: (one: T) => number) => all.filter((one) => ms(one) < 5_000);
  const music = toMusic(
    opening(file.music.notes, ({ onsetMs }) => onsetMs),
    opening(file.music.pedal, ({ ms }) => ms),
  );
  const frames = framesOf(music, LEAD_S);
  const ours = [new Float32Array(frames), new Float32Array(frames)] as const;
  let at = 0;
  for (const block of playedBy(await openGrand(new URL('../../../web/piano/', import.meta.url)), music)) {
    ours[0].set(block[0], at);
    ours[1].set(block[1], at);
    at += block[0].length;
  }
  const piano = await browserPiano(browser());
  const page = await piano.render(music, { sampleRate: SAMPLE_RATE });
  const loudness = (channels: readonly Float32Array[]) => integratedLoudness(channels, SAMPLE_RATE);
  expect(Math.abs(loudness(ours) - loudness(page.channels))).toBeLessThan(0.1);
  for (const [ear, signal] of ours.entries()) {
    const theirs = page.channels[ear]!;
    // The last half second goes to nothing in a file.
    const end = Math.min(signal.length, theirs.length) - SAMPLE_RATE / 2;
    const difference = (lag: number) => {
      const rest = signal.subarray(500, end).map((value, i) => value - theirs[i + 500 + lag]!);
      return 10 * Math.log10(meanSquare(rest, 0, rest.length) / meanSquare(theirs, 500, end));
    };
    expect(difference(0)).toBeLessThan(-25);
    // A fiftieth of a millisecond beside it fits worse.
    for (const lag of [-1, 1]) expect(difference(lag)).toBeGreaterThan(difference(0));
  }
}, 120_000);
