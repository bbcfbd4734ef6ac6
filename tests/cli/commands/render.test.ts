import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { MPEGDecoder } from 'mpg123-decoder';
import { writeMidiFile } from '../../../src/music/midi/write.ts';
import { inProcess } from '../../support/in-process.ts';
import { scale } from '../../support/music.ts';

jest.setTimeout(240_000);

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-render-'));
  await writeFile(at('a.mid'), writeMidiFile({ title: 'A', markers: [], music: scale(2_000) }));
});
afterAll(() => rm(directory, { recursive: true, force: true }));
const at = (name: string) => join(directory, name);
const render = (...more: string[]) => inProcess(['render', at('a.mid'), '--data', directory, ...more]);

test('a MIDI file becomes an MP3 that decodes to as many seconds as it is told to have', async () => {
  const { code, stdout, stderr } = await render('--mp3', at('a.mp3'), '--json');
  expect([code, stderr]).toEqual([0, '']);
  const told = JSON.parse(stdout);
  const mp3 = await readFile(at('a.mp3'));
  expect(told).toEqual({ file: at('a.mp3'), bytes: mp3.length, durationMs: expect.any(Number) });
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const { samplesDecoded, sampleRate } = decoder.decode(mp3);
  decoder.free();
  expect(Math.abs(samplesDecoded / sampleRate - told.durationMs / 1000)).toBeLessThan(0.1);
  expect(told.durationMs).toBeGreaterThan(5_000);
});

test('what is in the way, or has another name than an MP3, is refused before any work', async () => {
  await writeFile(at('there.mp3'), 'mine');
  const there = await render('--mp3', at('there.mp3'));
  expect([there.code, there.stderr]).toEqual([5, expect.stringContaining('exists: take another --mp3')]);
  expect(await readFile(at('there.mp3'), 'utf8')).toBe('mine');
  const wav = await render('--mp3', at('a.wav'));
  expect([wav.code, wav.stderr]).toEqual([2, expect.stringContaining('ends with .mp3')]);
});
