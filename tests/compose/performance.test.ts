import { expect, test } from '@jest/globals';
import { memoryPerformances } from '../../src/adapters/memory/memory.ts';
import * as days from '../../src/compose/day.ts';
import { minutesBefore, minutesOf, seedOf } from '../../src/compose/day.ts';
import * as composing from '../../src/compose/performance.ts';
import { type ComposePorts, type ComposeSettings, DeadlineError } from '../../src/compose/performance.ts';
import { samplerOf } from '../../src/compose/sampler.ts';
import { themeOf, weekOf } from '../../src/compose/week-theme.ts';
import { readMidiFile } from '../../src/music/midi/file.ts';
import { toMusic } from '../../src/music/note.ts';
import { planProgramme } from '../../src/music/plan/programme.ts';
import { seededRandom } from '../../src/music/random.ts';
import { barLength } from '../../src/music/score/score.ts';
import { CHUNK_MS, timeline } from '../../src/music/timeline.ts';
import type { Model } from '../../src/ports.ts';
import { scoreModel } from '../support/score-model.ts';

/** One candidate, unless more are asked for: most tests are not about the choice. */
const compose = (settings: ComposeSettings, ports: ComposePorts) =>
  composing.compose({ candidates: 1, ...settings }, ports);
const composeDay: typeof days.composeDay = (request, ...rest) =>
  days.composeDay({ candidates: 1, ...request }, ...rest);
const frozen = { now: () => 0 };
const ports = (model: Model = scoreModel()): ComposePorts => ({ sampler: samplerOf(model), clock: frozen });
const TONICS = ['C', 'D flat', 'D', 'E flat', 'E', 'F', 'F sharp', 'G', 'A flat', 'A', 'B flat', 'B'];
const musicOf = (midi: Uint8Array) => {
  const file = readMidiFile(midi);
  if ('problem' in file) throw new Error(file.problem);
  return file;
};

test('the same seed gives the same bytes, another seed others', async () => {
  const settings = { date: '2026-11-21', seed: 7, minutes: 1 };
  const [a, b] = [await compose(settings, ports()), await compose(settings, ports())];
  expect(b.midi).toEqual(a.midi);
  expect((await compose({ ...settings, seed: 8 }, ports())).midi).not.toEqual(a.midi);
});

test.each([1, 3, 5, 8, 15])('asked for %d minutes, it lasts that long within a sixth', async (minutes) => {
  const { record } = await compose({ date: '2026-11-21', seed: 1, minutes }, ports());
  expect(record.durationMs / 60_000).toBeGreaterThan((minutes * 5) / 6);
  expect(record.durationMs / 60_000).toBeLessThan((minutes * 7) / 6);
});

test('the record counts what the MIDI holds, and the movements are its markers', async () => {
  const { record, midi } = await compose({ date: '2026-11-21', seed: 3, minutes: 8 }, ports());
  const { music, markers, title } = musicOf(midi);
  expect(record).toMatchObject({ notes: music.notes.length, durationMs: music.durationMs, title, seed: 3 });
  expect([3, 4]).toContain(record.movements.length);
  expect(markers).toEqual(record.movements.map(({ startMs, title }) => ({ ms: startMs, text: title })));
});

test('after each movement, what is known of the performance is, chunk for chunk, what the whole will be', async () => {
  const known: Parameters<NonNullable<ComposePorts['onMovement']>>[] = [];
  const onMovement: ComposePorts['onMovement'] = (...soFar) => known.push(soFar);
  const settings = { date: '2026-11-21', seed: 3, minutes: 8 };
  const { record, midi } = await compose(settings, { ...ports(), onMovement });
  const whole = timeline(musicOf(midi).music);
  expect(known.map(([, { comingMs }]) => comingMs.length)).toEqual([2, 1, 0]);
  for (const [i, [, { comingMs }]] of known.entries())
    for (const [k, ms] of comingMs.entries())
      expect(ms / (known[i + k + 1]?.[1].knownMs ?? Number.NaN)).toBeCloseTo(1, 1);
  for (const [i, [soFar, { title, movements, knownMs }]] of known.entries()) {
    expect([title, movements]).toEqual([record.title, record.movements.slice(0, i + 1)]);
    const begun = timeline(toMusic(soFar.notes, soFar.pedal));
    const chunks = Math.floor(knownMs / CHUNK_MS);
    expect(chunks).toBeGreaterThan(8 * i);
    for (let seq = 0; seq < chunks; seq++) {
      const { notes, pedal, state } = begun.stretch(seq, 1);
      expect(whole.stretch(seq, 1)).toMatchObject({ notes, pedal, state });
    }
  }
});

test('a prelude is as long as was asked for, and the rest as long as before; the record says so, and a short piece has none', async () => {
  const asked = { date: '2026-11-21', seed: 3, minutes: 5, preludeMinutes: 1 };
  const { record, midi } = await compose(asked, ports());
  const [first, second, ...more] = record.movements;
  expect([first?.title, more.length]).toEqual(['Prelude in B flat major', 1]);
  expect(second?.startMs).toBeGreaterThan(57_000);
  expect(second?.startMs).toBeLessThan(75_000);
  expect(record.durationMs / 300_000).toBeCloseTo(1, 0);
  expect(record.settings).toMatchObject({ minutes: 5, preludeMinutes: 1 });
  expect((await compose(asked, ports())).midi).toEqual(midi);
  const { preludeMinutes: _, ...without } = asked;
  expect((await compose(without, ports())).record.settings).not.toHaveProperty('preludeMinutes');
  const short = await compose({ ...asked, minutes: 2 }, ports());
  expect(short.record.movements.map(({ title }) => title)).toEqual([expect.not.stringMatching(/^Prelude/)]);
});

test('between movements there is silence of three to six seconds', async () => {
  const { record, midi } = await compose({ date: '2026-11-21', seed: 3, minutes: 8 }, ports());
  const { notes } = musicOf(midi).music;
  for (const { startMs } of record.movements.slice(1)) {
    const before = Math.max(...notes.filter((n) => n.onsetMs < startMs).map((n) => n.onsetMs + n.durationMs));
    expect(startMs - before).toBeGreaterThanOrEqual(3000);
    expect(startMs - before).toBeLessThanOrEqual(6000);
  }
});

test('every movement ends on a held chord of its tonic, and three seconds of silence end the piece', async () => {
  const { record, midi, scores } = await compose({ date: '2026-11-21', seed: 3, minutes: 8 }, ports());
  const { notes, durationMs } = musicOf(midi).music;
  expect(scores.map(({ startMs, title }) => ({ startMs, title }))).toEqual(
    record.movements.map(({ startMs, title }) => ({ startMs, title })),
  );
  for (const { score, title } of scores) {
    const last = score.notes.filter(({ onset }) => onset >= score.bars.at(-1)!.start);
    const tonic = TONICS.indexOf(title.replace(/^.* in /, '').replace(/ m[a-z]+$/, ''));
    expect(Math.min(...last.map(({ pitch }) => pitch)) % 12).toBe(tonic);
  }
  const releaseMs = Math.max(...notes.map((n) => n.onsetMs + n.durationMs));
  expect(durationMs - releaseMs).toBeGreaterThanOrEqual(3000);
});

test('what is engraved and what is played are the same notes', async () => {
  const { record, midi, scores } = await compose({ date: '2026-11-21', seed: 3, minutes: 5 }, ports());
  const { notes } = musicOf(midi).music;
  const starts = [...record.movements.map(({ startMs }) => startMs), Number.POSITIVE_INFINITY];
  scores.forEach(({ score }, i) => {
    const own = notes.filter(({ onsetMs }) => onsetMs >= starts[i]! && onsetMs < starts[i + 1]!);
    const pitches = (list: readonly { pitch: number }[]) =>
      list.map(({ pitch }) => pitch).sort((a, b) => a - b);
    expect(pitches(own)).toEqual(pitches(score.notes));
    expect(score.bars.every(({ length, metre }) => length === barLength(metre))).toBe(true);
  });
});

test('all days of a week open with one theme, each in a key of its own; another week has another', async () => {
  const openings: number[][] = [];
  for (const date of ['2026-11-23', '2026-11-25', '2026-11-29', '2026-11-30']) {
    const { scores } = await compose({ date, seed: seedOf(date), minutes: 1 }, ports());
    const { score } = scores[0]!;
    const theme = score.notes.filter(({ onset }) => onset < score.bars[8]!.start);
    openings.push(theme.map(({ pitch }) => pitch));
  }
  const [monday, wednesday, sunday, next] = openings;
  expect(wednesday!.map((pitch) => pitch - 2)).toEqual(monday);
  expect(sunday).toEqual(monday);
  expect(next).not.toEqual(monday);
});

test('a week is named by its Monday', () => {
  expect([weekOf('2026-11-23'), weekOf('2026-11-29'), weekOf('2026-11-30')]).toEqual([
    { day: 0, seed: 20261123 },
    { day: 6, seed: 20261123 },
    { day: 0, seed: 20261130 },
  ]);
});

/** Many tokens at once are quicker than one by one. */
const TAKEN_IN = 0.1;
/** A network that takes so many milliseconds a token, on a clock of its own. */
function timed(msPerToken: (taken: number) => number): Pick<ComposePorts, 'sampler' | 'clock'> {
  let now = 0;
  let taken = 0;
  const model = scoreModel({
    onAppend(tokens) {
      taken += tokens.length;
      now += msPerToken(taken) * (tokens.length === 1 ? 1 : TAKEN_IN * tokens.length);
    },
  });
  return { sampler: samplerOf(model), clock: { now: () => Math.round(now) } };
}

test('a deadline yields a whole, shorter piece in time, and its recorded budget the same bytes at any speed', async () => {
  const settings = { date: '2026-11-21', seed: 1, minutes: 15, candidates: 2 };
  const slow = timed(() => 1);
  const { record, midi } = await compose({ ...settings, deadline: 20_000 }, slow);
  expect(slow.clock.now()).toBeLessThan(20_000);
  expect(record.settings).toMatchObject({ minutes: 15, cutShort: false, candidates: 2 });
  expect(record.settings.plannedMinutes).toBeLessThan(14);
  expect(record.durationMs / 60_000 / (record.settings.plannedMinutes as number)).toBeCloseTo(1, 0);
  const tokenBudget = record.settings.tokenBudget as number;
  expect(tokenBudget).toBeLessThan(18_000);
  expect(record.tokens).toBeLessThan(tokenBudget * 1.1);
  expect(musicOf(midi).music.notes.at(-1)!.durationMs).toBeGreaterThanOrEqual(2500);
  const again = await compose({ ...settings, tokenBudget }, ports());
  expect(again.midi).toEqual(midi);
});

test('with time enough the deadline changes nothing but the recorded budget', async () => {
  const settings = { date: '2026-11-21', seed: 1, minutes: 1 };
  const { record, midi } = await compose(
    { ...settings, deadline: 900_000 },
    timed(() => 1),
  );
  expect(midi).toEqual((await compose(settings, ports())).midi);
  expect(record.settings).toMatchObject({ plannedMinutes: 1, cutShort: false });
  expect(record.settings.tokenBudget).toBeGreaterThan(200_000);
});

test('a machine that becomes slower than it was measured still ends the piece properly, and the record says so', async () => {
  // The theme, and the passage that is measured, are over by then.
  const slow = timed((taken) => (taken < 8_000 ? 1 : 30));
  const settings = { date: '2026-11-21', seed: 1, minutes: 15, deadline: 40_000 };
  const { record, midi } = await compose(settings, slow);
  expect(slow.clock.now()).toBeLessThan(40_000);
  expect(record.settings.cutShort).toBe(true);
  expect(musicOf(midi).music.notes.at(-1)!.durationMs).toBeGreaterThanOrEqual(2500);
});

test.each([1_000, 2_300])('a deadline of %d ms leaves no time: an error, not a stump', async (deadline) => {
  const settings = { date: '2026-11-21', seed: 1, minutes: 15, deadline };
  const late = compose(
    settings,
    timed(() => 1),
  );
  await expect(late).rejects.toThrow(DeadlineError);
});

test('a Sunday has fifteen minutes, other days eight', () => {
  expect([minutesOf('2026-11-22'), minutesOf('2026-11-21'), minutesOf('2026-11-23')]).toEqual([15, 8, 8]);
});

test('a performance is over before its broadcast is stopped: half a minute is kept for its ending', () => {
  expect([minutesBefore(15, 15), minutesBefore(15, 8), minutesBefore(8, 15), minutesBefore(0.7, 8)]).toEqual([
    14.5, 8, 7.5, 0.5,
  ]);
});

test('more candidates take as many times the tokens, theme aside', async () => {
  const settings = { date: '2026-11-21', seed: 1, minutes: 1 };
  const one = await compose({ ...settings, candidates: 1 }, ports());
  const four = await compose({ ...settings, candidates: 4 }, ports());
  expect(four.record.settings.candidates).toBe(4);
  const theme = await themeOf(settings.date, ports().sampler, null, new AbortController().signal);
  const { spent } = theme!;
  expect(spent).toBeGreaterThan(0);
  expect((four.record.tokens - spent) / (one.record.tokens - spent)).toBeGreaterThan(3);
});

test('whoever opened the sampler gets it back, also when nothing came of it', async () => {
  const performances = memoryPerformances();
  let open = 0;
  const opening = async () => {
    open++;
    return { ...ports(), release: async () => void open-- };
  };
  await composeDay({ date: '2026-11-21', minutes: 1 }, performances, opening);
  const late = composeDay({ date: '2026-11-22', deadline: -1 }, performances, opening);
  await expect(late).rejects.toThrow(DeadlineError);
  expect(await performances.list()).toEqual(['2026-11-21']);
  expect(open).toBe(0);
});

test('composing can be given up between two notes', async () => {
  const signal = AbortSignal.abort(new Error('Ctrl-C'));
  await expect(compose({ date: '2026-11-21', seed: 1, minutes: 1 }, { ...ports(), signal })).rejects.toThrow(
    'Ctrl-C',
  );
});

test('a day is composed once: a retry finds it, and does not even open the model', async () => {
  const performances = memoryPerformances();
  let opened = 0;
  const open = async () => {
    opened++;
    return ports();
  };
  const first = await composeDay({ date: '2026-11-21', minutes: 1 }, performances, open);
  const again = await composeDay({ date: '2026-11-21' }, performances, open);
  expect([first.outcome, again.outcome, opened]).toEqual(['composed', 'present', 1]);
  expect((await performances.get('2026-11-21'))?.record.seed).toBe(20261121);
});

test('a prompt takes the place of the theme: the day opens with its first eight bars', async () => {
  const given = await compose({ date: '2026-11-23', seed: 9, minutes: 1 }, ports());
  const notes = given.scores[0]!.score.notes.filter(
    ({ onset }) => onset < given.scores[0]!.score.bars[8]!.start,
  );
  const { metre } = given.scores[0]!.score.bars[0]!;
  const character = {
    name: 'Fantasia',
    source: 'nifc-polish-scores',
    metre,
    texture: 'solo',
    quartersPerMinute: [90, 90],
    notesPerQuarter: 2,
    register: 4,
  } as const;
  const prompt = {
    theme: { character, home: { tonic: 0, major: true }, notes, bars: 8, spent: 0 },
    sha256: 'e'.repeat(64),
  };
  const { record, scores } = await compose(
    { date: '2026-12-24', seed: 1, minutes: 1 },
    { ...ports(), prompt },
  );
  expect(scores[0]!.score.notes.slice(0, notes.length)).toEqual(notes);
  expect(record.title).toBe('Fantasia in C major');
  expect(record.settings.promptSha256).toBe(prompt.sha256);
});

test('of two composers of one day the first to finish keeps its piece, and both tell of it', async () => {
  const performances = memoryPerformances();
  const compose = () => composeDay({ date: '2026-11-21', minutes: 1 }, performances, async () => ports());
  const outcomes = await Promise.all([compose(), compose()]);
  expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['composed', 'present']);
});

test('other settings than those of the stored piece are a conflict; force replaces it', async () => {
  const performances = memoryPerformances();
  const day = (request: object) =>
    composeDay({ date: '2026-11-21', minutes: 1, ...request }, performances, async () => ports());
  await day({ seed: 7 });
  expect(await day({ seed: 8 })).toMatchObject({ outcome: 'conflict', differs: 'seed 7, not 8' });
  expect(await day({ minutes: 2 })).toMatchObject({ outcome: 'conflict', differs: '1 minutes, not 2' });
  expect(await day({ preludeMinutes: 1 })).toMatchObject({ differs: 'a prelude of 0 minutes, not 1' });
  expect((await performances.get('2026-11-21'))?.record.seed).toBe(7);
  expect(await day({ seed: 8, force: true })).toMatchObject({ outcome: 'composed' });
  expect((await performances.get('2026-11-21'))?.record.seed).toBe(8);
});

test('the seed of a day is its date', () => {
  expect(seedOf('2026-11-21')).toBe(20261121);
});

test('a programme of 8 minutes is three movements, one of them lively and not the first, in keys that are near', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const plans = planProgramme(8, seededRandom(seed), null);
    expect(plans).toHaveLength(3);
    const lively = plans.map(({ character }) =>
      ['Mazurka', 'Waltz', 'Polka', 'Allegro'].includes(character.name),
    );
    expect(lively.filter(Boolean)).toHaveLength(1);
    expect(lively[0]).toBe(false);
    expect(new Set(plans.map(({ character }) => character.name)).size).toBe(3);
    const whole = plans.reduce((sum, { lengthMs, restMs }) => sum + lengthMs + restMs, 0);
    expect(whole / 60_000).toBeCloseTo(8, 2);
  }
});
