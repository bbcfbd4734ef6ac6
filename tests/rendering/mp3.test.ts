import { readFileSync } from 'node:fs';
import { beforeAll, expect, jest, test } from '@jest/globals';
import { MPEGDecoder } from 'mpg123-decoder';
import { integratedLoudness, truePeak } from '../../bench/sound/loudness.ts';
import { matched, onsets } from '../../bench/sound/onsets.ts';
import { readMidiFile } from '../../src/music/midi/file.ts';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import { type Music, toMusic } from '../../src/music/note.ts';
import type { RenderedSound } from '../../src/ports.ts';
import { mp3Of } from '../../src/rendering/mp3.ts';
import { LEAD_S, openGrand, SAMPLE_RATE, TAIL_S } from '../../src/rendering/piano.ts';
import type { Grand } from '../../web/instrument/samples.ts';
import { note } from '../support/music.ts';

jest.setTimeout(240_000);

const PIANO = new URL('../../web/piano/', import.meta.url);
let grand: Grand;
let made: RenderedSound;
const parts: number[] = [];
beforeAll(async () => {
  grand = await openGrand(PIANO);
  made = await mp3Of(grand, midiOf(SCALE), (part) => parts.push(part));
});

const midiOf = (music: Music): Uint8Array => writeMidiFile({ title: '', markers: [], music });
async function decoded(mp3: Uint8Array) {
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const made = decoder.decode(mp3);
  decoder.free();
  return made;
}

/** Over the keyboard, apart enough to be told from one another. */
const SCALE = toMusic([39, 46, 53, 60, 67, 74, 81].map((pitch, i) => note(i * 600, 500, pitch, 50 + 6 * i)));

test('it is an MP3 of two channels, as long as the music, the silence before and what rings on, within a tenth of a second', async () => {
  const { mp3, durationMs } = made;
  const { channelData, sampleRate, errors } = await decoded(mp3);
  expect(errors).toEqual([]);
  expect([channelData.length, sampleRate]).toEqual([2, 44_100]);
  const seconds = channelData[0]!.length / sampleRate;
  expect(Math.abs(seconds - (LEAD_S + SCALE.durationMs / 1000 + TAIL_S))).toBeLessThan(0.1);
  expect(Math.abs(durationMs / 1000 - seconds)).toBeLessThan(0.1);
  expect(parts.at(-1)).toBe(1);
  expect(parts).toEqual([...parts].sort((a, b) => a - b));
});

test('each note begins where the music has it, within 20 ms, and none is missing or too many', async () => {
  const { channelData } = await decoded(made.mp3);
  const mono = channelData[0]!.map((value, i) => (value + channelData[1]![i]!) / 2);
  const found = onsets(mono, SAMPLE_RATE);
  const times = SCALE.notes.map(({ onsetMs }) => LEAD_S + onsetMs / 1000);
  for (const [i, time] of matched(times, found, 0.1).entries())
    expect(Math.abs(time! - times[i]!)).toBeLessThan(0.02);
  expect(found).toHaveLength(times.length);
});

test('the same music gives the same bytes, and other music others', async () => {
  const again = await mp3Of(grand, midiOf(SCALE));
  const other = await mp3Of(grand, midiOf(toMusic(SCALE.notes.slice(1))));
  expect(Buffer.from(made.mp3).equals(again.mp3)).toBe(true);
  expect(Buffer.from(made.mp3).equals(other.mp3)).toBe(false);
});

test('the opening of a performance is as loud as on the page, −16 to −21 LUFS, and does not clip when it is decoded', async () => {
  const read = readMidiFile(readFileSync(new URL('../fixtures/performance.mid', import.meta.url)));
  if ('problem' in read) throw new Error(read.problem);
  // Its level is found from all that is played: of the opening alone it is another one.
  const opening = toMusic(
    read.music.notes.filter(({ onsetMs }) => onsetMs < 20_000),
    read.music.pedal.filter(({ ms }) => ms < 20_000),
  );
  const { channelData } = await decoded((await mp3Of(grand, midiOf(opening))).mp3);
  const loudness = integratedLoudness(channelData, SAMPLE_RATE);
  expect(loudness).toBeLessThan(-16);
  expect(loudness).toBeGreaterThan(-21);
  expect(truePeak(channelData)).toBeLessThan(-1);
});

test('what is no MIDI file is refused with its reason, and a piano that is not whole plays nothing', async () => {
  await expect(mp3Of(grand, Uint8Array.of(1, 2, 3))).rejects.toThrow(/the MIDI cannot be read: .*, byte 0/);
  await expect(openGrand(new URL('../fixtures/', import.meta.url))).rejects.toThrow(/manifest\.json/);
});
