/** The first of the files that `npm run bench -- shelf` puts through the shelf: made here, since others' music is no part of the project. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { gather } from '../../bench/shelf/gather.ts';
import { ensembleOf } from '../../src/music/midi/ensemble.ts';
import { karaokeOf } from '../../src/music/midi/karaoke.ts';
import { readSmf } from '../../src/music/midi/walk.ts';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import { BLOCK } from '../../web/shelf/words.ts';
import { bandFile, wordsAt } from '../support/band-file.ts';
import { scale } from '../support/music.ts';
import { loudest, RATE, ready } from '../support/orchestra.ts';

let corpus: string;
beforeAll(async () => {
  corpus = await mkdtemp(join(tmpdir(), 'pianola-shelf-'));
  await mkdir(join(corpus, 'songs'));
  const words = wordsAt([
    [0, '/la'],
    [900, 'la'],
  ]);
  await writeFile(join(corpus, 'songs', 'band.mid'), bandFile(words));
  await writeFile(
    join(corpus, 'songs', 'scale.MID'),
    writeMidiFile({ title: 'Scale', music: scale(4_000), markers: [] }),
  );
});
afterAll(() => rm(corpus, { recursive: true, force: true }));

test('the same seed gives the same files: those of the corpus, and mutants of them', async () => {
  const given = await gather(corpus, join(corpus, 'no-cases'), 20, 1);
  expect(given.map(({ name }) => name).slice(0, 3)).toEqual([
    expect.stringMatching(/_songs_band\.mid$/),
    expect.stringMatching(/_songs_scale\.MID$/),
    expect.stringMatching(/^mutant-0-/),
  ]);
  expect(given).toHaveLength(20);
  expect(await gather(corpus, join(corpus, 'no-cases'), 20, 1)).toEqual(given);
  expect(await gather(corpus, join(corpus, 'no-cases'), 20, 2)).not.toEqual(given);
  await expect(gather(join(corpus, 'songs', '..', 'none'), corpus, 1, 1)).rejects.toThrow();
});

test('forty mutants are refused with a reason, or heard: finite, and no louder than full scale four times over', async () => {
  const outcomes = { heard: 0, refused: 0, silent: [] as string[] };
  for (const { name, bytes } of await gather(corpus, corpus, 40, 3)) {
    const reading = readSmf(bytes);
    if ('problem' in reading) {
      expect([name, reading.problem]).not.toEqual([name, '']);
      outcomes.refused++;
      continue;
    }
    karaokeOf(reading);
    const piece = ensembleOf(reading);
    const band = await ready(piece);
    // Half a second from its first strike on.
    const strike = piece.bytes.findIndex((byte, i) => i % 3 === 0 && (byte & 0xf0) === 0x90);
    band.seek(piece.times[strike / 3]!);
    band.play();
    const [left, right] = [new Float32Array(BLOCK), new Float32Array(BLOCK)];
    let most = 0;
    for (let at = 0; at < RATE / 2; at += BLOCK) {
      band.render(left, right);
      most = Math.max(most, loudest(left), loudest(right));
    }
    expect([name, Number.isFinite(most) && most < 4]).toEqual([name, true]);
    if (most > 1e-4) outcomes.heard++;
    else outcomes.silent.push(name);
  }
  expect(outcomes).toEqual({ heard: 13, refused: 27, silent: [] });
}, 120_000);
