import { expect, test } from '@jest/globals';
import { chooseSection } from '../../src/compose/choose-section.ts';
import type { Sampler } from '../../src/compose/sampler.ts';
import { passage, type Sampled } from '../../src/music/plan/section.ts';
import type { Taste } from '../../src/music/taste/taste.ts';
import { TRAITS } from '../../src/music/taste/traits.ts';
import { note, scale } from '../support/music.ts';
import { MODEL, TASTE } from '../support/taste.ts';

const CONTROLS = { style: 'stanford-piano-rolls', loudness: 2, density: 1, register: 4 } as const;
const REQUEST = passage(CONTROLS, 4, 20_000);
const walk = (seed: number) =>
  Array.from({ length: 80 }, (_, i) => note(i * 250, 200, 48 + ((i * i * (seed + 3)) % 31), 60));
const sampledOf = (notes: Sampled['notes'], nats = 7): Sampled => ({
  notes,
  tokens: 3 * notes.length,
  ended: false,
  nats: notes.map(() => nats),
});
/** The n-th candidate of a section, in the order of the seeds. */
const sampler = (candidate: (n: number) => Sampled): Sampler => ({
  sha256: MODEL,
  async sample(_request, seed) {
    return candidate(seed % 65_536);
  },
});
const choose = (candidate: (n: number) => Sampled, count: number, taste: Taste | null = TASTE) =>
  chooseSection(
    REQUEST,
    { seed: 5, count },
    sampler(candidate),
    taste,
    () => {},
    new AbortController().signal,
  );

test('the one whose likelihood is nearest to human music is chosen, not the likeliest', async () => {
  const nats = [4, 6.5, 9, 12];
  const chosen = await choose((n) => sampledOf(walk(n), nats[n]), 4);
  expect(chosen.notes).toEqual(walk(1));
  expect(chosen.spent).toBe(4 * 240);
});

test('another network has another idea of what is usual: then the seam decides', async () => {
  const nats = [4, 6.5, 3, 12];
  const taste = { ...TASTE, likelihood: { ...TASTE.likelihood, modelSha256: 'e'.repeat(64) } };
  expect((await choose((n) => sampledOf(walk(n), nats[n]), 4, taste)).notes).toEqual(walk(2));
});

test('the one that sounds most human is chosen among those that are alike otherwise', async () => {
  const repeated = TRAITS.indexOf('topRepeatShare');
  const classifier = { ...TASTE.classifier, weights: TRAITS.map((_, i) => (i === repeated ? -1 : 0)) };
  const stuck = Array.from({ length: 80 }, (_, i) => note(i * 250, 200, 60 + (i % 8 === 0 ? 5 : 0), 60));
  const chosen = await choose((n) => sampledOf(n === 3 ? walk(3) : stuck), 4, { ...TASTE, classifier });
  expect(chosen.notes).toEqual(walk(3));
});

test('to sound more human than human music does is no merit: the seam decides', async () => {
  const repeated = TRAITS.indexOf('topRepeatShare');
  const classifier = {
    ...TASTE.classifier,
    weights: TRAITS.map((_, i) => (i === repeated ? 9 : 0)),
    usual: 1,
  };
  const stuck = (leap: number) =>
    Array.from({ length: 80 }, (_, i) => note(i * 250, 200, 60 + (i % leap === 0 ? 5 : 0), 60));
  const candidates = [sampledOf(stuck(8)), sampledOf(stuck(4), 6.9), sampledOf(stuck(16))];
  const taste = { ...TASTE, classifier, likelihood: { ...TASTE.likelihood, modelSha256: '' } };
  expect((await choose((n) => candidates[n]!, 3, taste)).notes).toEqual(stuck(4));
});

test('one that comes to rest near the cut, on its tonic, is chosen among those that are alike otherwise', async () => {
  // C major throughout; the third pauses for two seconds over the C in its bass.
  const line = [60, 64, 67, 72, 71, 67, 65, 62];
  const flowing = (pauseMs: number) =>
    Array.from({ length: 96 }, (_, i) => [
      note(i * 250 + (i > 80 ? pauseMs : 0), 240, line[i % 8]!),
      ...(i % 8 === 0 ? [note(i * 250 + (i > 80 ? pauseMs : 0), 1500, 36)] : []),
    ])
      .flat()
      .sort((a, b) => a.onsetMs - b.onsetMs || a.pitch - b.pitch);
  const request = { ...REQUEST, cutMs: 20_500 };
  const { signal } = new AbortController();
  const candidate = (n: number) => sampledOf(flowing(n === 2 ? 2000 : 0));
  const settings = { seed: 5, count: 4 };
  const chosen = await chooseSection(request, settings, sampler(candidate), TASTE, () => {}, signal);
  expect(chosen.notes).toEqual(flowing(2000));
});

test('a section that quotes the training at length is sampled again, until one does not', async () => {
  const quoting = sampledOf(scale(20_000, 250).notes);
  const chosen = await choose((n) => (n < 5 ? quoting : sampledOf(walk(n))), 2);
  expect(chosen.notes).toEqual(walk(5));
  expect(chosen.knownRun).toBeLessThanOrEqual(20);
  expect(chosen.spent).toBe(6 * 240);
});

test('where all quote, the one that quotes least is taken after three rounds, and its figure told', async () => {
  const quoting = scale(20_000, 250).notes;
  const chosen = await choose(
    (n) => sampledOf([...quoting.slice(0, 70 - 5 * n), ...walk(n).slice(70 - 5 * n)]),
    2,
  );
  expect(chosen.spent).toBe(6 * 240);
  expect(chosen.knownRun).toBeGreaterThanOrEqual(43);
  expect(chosen.knownRun).toBeLessThanOrEqual(46);
});

test('without a taste the first candidate is taken', async () => {
  const chosen = await choose((n) => sampledOf(walk(n)), 4, null);
  expect(chosen).toMatchObject({ notes: walk(0), knownRun: null });
});

test('whatever order the candidates come in, the choice and the progress are the same', async () => {
  const told: number[] = [];
  const slowFirst: Sampler = {
    sha256: MODEL,
    async sample(_request, seed, watch) {
      const n = seed % 65_536;
      for (let turn = 0; turn < 3 * (4 - n); turn++) await null;
      watch?.onProgress?.(240, 20_000);
      return sampledOf(walk(n), [4, 6.5, 9, 12][n]);
    },
  };
  const { signal } = new AbortController();
  const progress = (tokens: number) => void told.push(tokens);
  const chosen = await chooseSection(REQUEST, { seed: 5, count: 4 }, slowFirst, TASTE, progress, signal);
  expect(chosen.notes).toEqual(walk(1));
  expect(told).toEqual([240, 480, 720, 960]);
});

test('once it is to stop, the longest candidate so far is the section', async () => {
  const stop = new AbortController();
  stop.abort();
  const part = (n: number) => sampledOf(walk(n).slice(0, [10, 30, 0][n]));
  const chosen = await chooseSection(
    REQUEST,
    { seed: 5, count: 3 },
    sampler(part),
    TASTE,
    () => {},
    stop.signal,
  );
  expect(chosen.notes).toEqual(walk(1).slice(0, 30));
});
