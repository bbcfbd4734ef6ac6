/** One simulated evening: a seed decides the station, the piece, who listens, and what goes wrong. */

import { memorySite } from '../../src/adapters/memory/memory.ts';
import { broadcastId } from '../../src/broadcast/id.ts';
import { seededRandom } from '../../src/music/random.ts';
import { stored } from '../../tests/support/music.ts';
import { simClock } from './clock.ts';
import { cloudStation } from './cloud.ts';
import { type Ears, ears } from './ears.ts';
import { FAULTS, type Fault } from './faults/index.ts';
import { gateway } from './gateway.ts';
import { localStation } from './local.ts';
import { anyPiece } from './music.ts';
import { type PlantName, plant } from './plants.ts';
import { type Befallen, verdict } from './verdict.ts';
import { type Evening, T0, TODAY, usualHabits, type World, YESTERDAY } from './world.ts';

export type Result = {
  readonly seed: number;
  /** What went wrong that must not; none where the evening holds. */
  readonly broken: readonly string[];
  readonly place: 'cloud' | 'local';
  readonly befallen: readonly Befallen[];
  /** Strokes of all listeners. */
  readonly strokes: number;
  readonly events: readonly string[];
};

const MOST_FAULTS = 4;
const MOST_LISTENERS = 3;
/** The longest piece, and the time in which everybody finds out that it is over. */
const LATEST_MS = 150_000 + 400_000;

export async function simulate(seed: number, planted: PlantName | null = null): Promise<Result> {
  const random = seededRandom(seed);
  const place = random() < 0.75 ? 'cloud' : 'local';
  const isNow = random() < 0.6;
  const startsAt = isNow ? T0 + Math.floor(random() * 1_000) : T0;
  const leadMs = isNow ? 20_000 + Math.floor(random() * 160_000) : 330_000;
  const clock = simClock(startsAt - leadMs);
  const events: string[] = [];
  const log = (event: string, details?: object) =>
    void events.push(
      `${((clock.now() - startsAt) / 1_000).toFixed(1)} ${event} ${JSON.stringify(details ?? {})}`,
    );
  // Making days public is tried in one evening of many: their pictures take as long as all the rest.
  const isPublic = random() < 1 / 40;
  const kept = memorySite();
  const world: World = {
    ...{ clock, random, log, events, isNow, limitMinutes: 60, complaints: [], habits: usualHabits() },
    gateway: gateway(clock, random),
    weather: { downUntil: 0, slowUntil: 0, lostAnswers: 0 },
    site: {
      ...kept,
      async get(path) {
        if (!isPublic) throw new Error('the site is out of reach');
        return kept.get(path);
      },
    },
    plant: plant(planted),
    piece: anyPiece(random),
  };
  const listening: Ears[] = [];
  const join = (): Ears => {
    const one = ears(`listener ${listening.length + 1}`, {
      ...{ clock, random, open: world.gateway.open, garble: world.plant.garble },
      driftPpm: (random() - 0.5) * 100,
    });
    listening.push(one);
    return one;
  };
  const befallen: Befallen[] = [];
  const befall = (fault: Fault) => {
    const until = fault.befall(evening);
    log('fault', { name: fault.name, seconds: Math.round((until - clock.now()) / 1_000) });
    befallen.push({ name: fault.name, at: clock.now(), until, losesFrames: fault.losesFrames ?? false });
  };
  const windowId = broadcastId('daily', startsAt);
  const nowId = broadcastId('now', startsAt);
  const evening: Evening = Object.assign(world as Evening, {
    ...{ ears: listening, join, startsAt, stoppedAt: null, id: () => (isNow ? nowId : windowId) },
  });
  const chosen = Array.from({ length: Math.floor(random() * (MOST_FAULTS + 1)) }, () => {
    const possible = FAULTS.filter((fault) => (fault.place ?? place) === place);
    return possible[Math.floor(random() * possible.length)]!;
  });
  for (const fault of chosen) if (fault.early && !isNow) befall(fault);
  const station = place === 'cloud' ? cloudStation(world) : localStation(world);
  Object.assign(evening, { station });
  await station.performances.create(stored(YESTERDAY, anyPiece(random)));
  if (isNow) await station.performances.create(stored(TODAY, world.piece));
  const lengthMs = world.piece.durationMs;
  for (const fault of chosen.filter((one) => !one.early)) {
    // Mostly near the music, where most can be lost.
    const from = Math.max(clock.now() + 2_000, startsAt - 150_000);
    clock.at(from + random() * (startsAt + lengthMs - from), () => befall(fault));
  }
  const listeners = 1 + Math.floor(random() * MOST_LISTENERS);
  for (let i = 0; i < listeners; i++) clock.at(clock.now() + random() * 15_000, () => void join());
  if (isNow) station.playNow(TODAY, startsAt - clock.now());
  else station.prepare();
  const isOver = (): boolean => {
    // Nobody is at work any more, and nothing is to come.
    if (
      clock.now() < startsAt + lengthMs + 20_000 ||
      befallen.length < chosen.filter((one) => !one.early || !isNow).length
    )
      return false;
    return place === 'local' ? recorded : station.processes().length === 0 && recorded;
  };
  let recorded = false;
  const look = () => {
    clock.at(clock.now() + 10_000, look);
    void station
      .records()
      .list()
      .then((list) => {
        recorded = list.length > 0;
      });
  };
  clock.at(startsAt + lengthMs, look);
  await clock.runTo(startsAt + LATEST_MS, isOver);
  clock.end();
  const broken = await verdict(evening, befallen);
  const strokes = listening.reduce((sum, one) => sum + one.strokes.length, 0);
  if ('close' in station) (station as { close(): void }).close();
  return { seed, broken, place, befallen, strokes, events };
}
