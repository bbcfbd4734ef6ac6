import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LOOK_AHEAD_MS } from '../../../web/score/scheduler.ts';
import { runs } from '../../support/runs.ts';
import { EVENINGS, type Faults } from './faults.ts';
import { hear } from './wire.ts';

/** By then after the last fault a page has asked again, whatever it was waiting for: its longest wait is 80 s. */
const RECOVERED_MS = 100_000;
/** A look, and the ticks around it. */
const SOON_MS = LOOK_AHEAD_MS + 1_000;
const ALL_MS = 845_000;

const NO_FAULTS: Faults = {
  ...{ quietFromMs: 0, fates: [], receptions: [], outages: [], sleeps: [], forgotten: [] },
  ...{ takeovers: [], stopMs: null, driftPpm: 0 },
};

/** It wakes a moment before the first note, and its clock was set five minutes ago. */
const JUST_WOKEN: Faults = {
  ...NO_FAULTS,
  ...{ quietFromMs: 338_001, sleeps: [{ fromMs: 163_458, lengthMs: 174_543 }], driftPpm: 32 },
};

const when = fc.integer({ min: 0, max: ALL_MS });
const span = (longest: number) =>
  fc.record({ fromMs: when, lengthMs: fc.integer({ min: 100, max: longest }) });
const faults: fc.Arbitrary<Faults> = fc.record({
  quietFromMs: when,
  fates: fc.array(
    fc.record({ drop: fc.boolean(), twice: fc.boolean(), delayMs: fc.integer({ min: 1, max: 4_000 }) }),
    { maxLength: 8 },
  ),
  receptions: fc.array(fc.constantFrom('taken', 'taken', 'lost', 'throttled', 'refused'), { maxLength: 8 }),
  outages: fc.array(
    fc
      .tuple(
        span(60_000),
        fc.constantFrom(1001, 1006, 1008, 1012),
        fc.constantFrom('refused', 'hangs', 'half open'),
      )
      .map(([one, code, kind]) => ({ ...one, code, kind })),
    { maxLength: 4 },
  ),
  sleeps: fc.array(span(200_000), { maxLength: 2 }),
  forgotten: fc.array(when, { maxLength: 2 }),
  takeovers: fc.array(when, { maxLength: 3 }),
  stopMs: fc.option(when, { freq: 3 }),
  driftPpm: fc.integer({ min: -50, max: 50 }),
});

/** Who has just woken plays at once, by a clock that nobody has set since: by how much it ran off in the sleep, ms. */
const ranOffMs = ({ sleeps, driftPpm }: Faults, atMs: number): number =>
  Math.max(
    0,
    ...sleeps
      .filter(({ fromMs, lengthMs }) => atMs > fromMs && atMs < fromMs + lengthMs + SOON_MS)
      .map(({ lengthMs }) => (lengthMs * Math.abs(driftPpm)) / 1e6),
  );

/** Everything that must hold of what a page did; the reasons why it does not. */
function complaints(one: Faults): string[] {
  const { struck, inHand, stopToldMs, believable, connection } = hear(one);
  const all: string[] = [];
  const times = new Map<string, number>();
  for (const { evening, note, atMs, sentMs } of struck) {
    const key = `${evening} ${note.onsetMs} ${note.pitch}`;
    times.set(key, (times.get(key) ?? 0) + 1);
    const off = Math.abs(atMs - note.onsetMs);
    if (off > 10 + ranOffMs(one, EVENINGS[evening]!.t0 + note.onsetMs))
      all.push(`${key} was placed at ${atMs}`);
    if (note.pitch === 1 && believable === 0) all.push(`${key} of a lower epoch was struck`);
    if (evening === 0 && stopToldMs !== null && sentMs > stopToldMs) all.push(`${key} after the stop`);
  }
  for (const [key, count] of times) if (count > 1) all.push(`${key} ${count} times`);
  const isAwake = (atMs: number) =>
    !one.sleeps.some(
      ({ fromMs, lengthMs }) =>
        atMs > fromMs - SOON_MS && fromMs < one.quietFromMs && atMs < fromMs + lengthMs + SOON_MS,
    );
  for (const [evening, { music, t0 }] of EVENINGS.entries()) {
    for (const { onsetMs, pitch } of music.notes) {
      const atMs = t0 + onsetMs;
      if (!isAwake(atMs) || (evening === 0 && one.stopMs !== null && atMs > one.stopMs)) continue;
      // What a false chunk has taken the place of cannot be known to be wrong.
      if (believable > 0) continue;
      const had = inHand[evening]!.get(onsetMs) ?? Number.POSITIVE_INFINITY;
      const due = had + SOON_MS < atMs || atMs > one.quietFromMs + RECOVERED_MS;
      if (due && !times.has(`${evening} ${onsetMs} ${pitch}`))
        all.push(`${evening} ${onsetMs} was not struck`);
    }
  }
  if (one.quietFromMs + RECOVERED_MS < ALL_MS && connection !== 'open')
    all.push(`at the end it is ${connection}`);
  return all;
}

test('on a wire that does nothing wrong a page hears two evenings, from waiting to the end', () => {
  expect(complaints(NO_FAULTS)).toEqual([]);
  expect(hear(NO_FAULTS).struck).toHaveLength(EVENINGS.flatMap(({ music }) => music.notes).length);
});

test('on a wire that drops, delays, doubles, refuses, stalls and closes no page is connected and deaf', () => {
  fc.assert(
    fc.property(faults, (one) => {
      expect(complaints(one)).toEqual([]);
    }),
    { numRuns: runs(100), examples: [[JUST_WOKEN]] },
  );
});

/** Found by the property above: each kept a page deaf, or a stopped station loud. */
test.each<[string, Partial<Faults>]>([
  [
    'the hello of the doors is lost',
    { fates: [{ drop: true, twice: false, delayMs: 1 }], quietFromMs: 41_000 },
  ],
  ['the station loses sight of the page while it waits', { forgotten: [10_000], quietFromMs: 10_001 }],
  [
    'the stop is lost, and the hello after it',
    { fates: [{ drop: true, twice: false, delayMs: 1 }], quietFromMs: 250_022, stopMs: 250_021 },
  ],
])('where %s the page asks, and hears what is due', (_what, some) => {
  expect(complaints({ ...NO_FAULTS, ...some })).toEqual([]);
});
