/** What may befall a station: its processes, stores, timers, composer and operators. */
import type { Evening } from '../world.ts';
import { between, type Fault, pick, present, REPLACED_MS, SECOND } from './fault.ts';

function killOne(evening: Evening, late: boolean): number {
  const { clock, station } = evening;
  const process = pick(evening, station.processes());
  if (process) station.kill(process, late, between(evening, 300, 12_000));
  return clock.now() + REPLACED_MS;
}

export const STATION_FAULTS: readonly Fault[] = [
  { name: 'a process dies between two effects', befall: (evening) => killOne(evening, false) },
  { name: 'a process dies after an effect, before it knows', befall: (evening) => killOne(evening, true) },
  {
    name: 'all processes die at once',
    befall(evening) {
      const back = between(evening, 300, 12_000);
      for (const process of evening.station.processes()) evening.station.kill(process, false, back);
      return evening.clock.now() + REPLACED_MS;
    },
  },
  {
    name: 'a process stands still, and goes on as if nothing had been',
    befall(evening) {
      const until = evening.clock.now() + between(evening, 2_000, 40_000);
      pick(evening, evening.station.processes())?.stall(until);
      return until + 20 * SECOND;
    },
  },
  {
    name: 'the station restarts in good order',
    place: 'local',
    befall(evening) {
      evening.station.terminate(between(evening, 300, 20_000));
      return evening.clock.now() + 40 * SECOND;
    },
  },
  {
    name: 'the station is killed twice in a row',
    place: 'local',
    befall(evening) {
      const { clock, station } = evening;
      const again = () => {
        for (const process of station.processes()) station.kill(process, false, 2_000);
      };
      again();
      clock.at(clock.now() + between(evening, 2_500, 9_000), again);
      return clock.now() + 50 * SECOND;
    },
  },
  {
    name: 'the stores are out of reach',
    place: 'cloud',
    befall(evening) {
      evening.weather.downUntil = evening.clock.now() + between(evening, 500, 15_000);
      return evening.weather.downUntil + REPLACED_MS;
    },
  },
  {
    name: 'the stores are slow',
    place: 'cloud',
    befall(evening) {
      evening.weather.slowUntil = evening.clock.now() + between(evening, 5_000, 40_000);
      return evening.weather.slowUntil + 20 * SECOND;
    },
  },
  {
    name: 'the stores do something and do not say so',
    place: 'cloud',
    befall(evening) {
      evening.weather.lostAnswers += 1 + Math.floor(evening.random() * 3);
      return evening.clock.now() + REPLACED_MS;
    },
  },
  {
    name: 'timers are late',
    place: 'cloud',
    early: true,
    befall(evening) {
      evening.habits.timersLateMs = 59_000;
      return evening.clock.now();
    },
  },
  {
    name: 'timers fire twice',
    place: 'cloud',
    early: true,
    befall(evening) {
      evening.habits.timersTwice = true;
      return evening.clock.now();
    },
  },
  {
    name: 'the timer of the doors is lost, and the station prepares once more',
    place: 'cloud',
    early: true,
    befall(evening) {
      evening.habits.doorsLost = true;
      evening.clock.at(evening.startsAt - 200 * SECOND, () => evening.station.prepare());
      return evening.startsAt - 190 * SECOND;
    },
  },
  {
    name: 'the station prepares twice at once',
    befall(evening) {
      evening.station.prepare();
      evening.station.prepare();
      return evening.clock.now();
    },
  },
  {
    name: 'composing takes until after the doors',
    early: true,
    befall(evening) {
      evening.habits.composeMs = between(evening, 100_000, 330_000);
      return evening.clock.now();
    },
  },
  {
    name: 'composing fails, and an encore is played',
    early: true,
    befall(evening) {
      evening.habits.composeFailures = 99;
      return evening.clock.now();
    },
  },
  {
    name: 'composing fails once',
    early: true,
    befall(evening) {
      evening.habits.composeFailures = 1;
      evening.clock.at(evening.startsAt - 280 * SECOND, () => evening.station.prepare());
      return evening.clock.now();
    },
  },
  {
    name: 'functions start slowly',
    place: 'cloud',
    early: true,
    befall(evening) {
      evening.habits.startMs = 6_000;
      return evening.clock.now();
    },
  },
  {
    name: 'functions are cut off, and hand over before',
    place: 'cloud',
    early: true,
    befall(evening) {
      evening.habits.limitMs = between(evening, 130_000, 300_000);
      return evening.clock.now();
    },
  },
  {
    name: 'no successor can be had, for a while',
    place: 'cloud',
    early: true,
    befall(evening) {
      evening.habits.limitMs = between(evening, 130_000, 300_000);
      evening.habits.handOverFailures = 1 + Math.floor(evening.random() * 20);
      return evening.clock.now();
    },
  },
  {
    name: 'several listeners wake broadcasters at once',
    befall(evening) {
      const id = evening.id();
      for (let i = 0; id && i < 3; i++) evening.station.wake(id);
      return evening.clock.now();
    },
  },
  {
    name: 'what a dead process had posted comes after its successor’s, of which the first is lost',
    place: 'cloud',
    losesFrames: true,
    befall(evening) {
      const { clock, gateway, station } = evening;
      const diesAt = clock.now() + 16 * SECOND;
      for (const { name } of present(evening)) {
        const line = gateway.line(name);
        line.heldUntil = diesAt;
        clock.at(diesAt, () => Object.assign(line, { losesNext: true }), true);
      }
      clock.at(diesAt, () => {
        for (const process of station.processes()) station.kill(process, false, 0);
      });
      const id = evening.id();
      if (id) for (const seconds of [2, 16]) clock.at(diesAt + seconds * SECOND, () => station.wake(id));
      return diesAt + REPLACED_MS;
    },
  },
  {
    name: 'an operator stops the broadcast',
    befall(evening) {
      const id = evening.id();
      if (id)
        void evening.station.stop(id).then((how) => {
          if (how === 'stopped') evening.stoppedAt ??= evening.clock.now();
        });
      return evening.clock.now();
    },
  },
  {
    name: 'the window is shorter than the piece',
    early: true,
    befall(evening) {
      evening.limitMinutes = 1;
      return evening.clock.now();
    },
  },
  {
    name: 'the record cannot be kept at first',
    early: true,
    befall(evening) {
      evening.habits.recordFailures = 2;
      return evening.clock.now();
    },
  },
];
