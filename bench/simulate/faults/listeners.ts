/** What may befall listeners, and the wires to them. */
import { calmLine, type Line } from '../gateway.ts';
import type { Evening } from '../world.ts';
import { between, type Fault, pick, present, SECOND } from './fault.ts';

/** For so many seconds a listener's line, or everybody's, is not as usual. */
function onLine(evening: Evening, seconds: number, set: (until: number) => Partial<Line>): number {
  const { clock, gateway, random } = evening;
  const one = pick(evening, present(evening));
  const all = random() < 0.3 ? present(evening) : one ? [one] : [];
  const until = clock.now() + seconds * SECOND;
  const changes = set(until);
  const usual = calmLine() as Record<string, unknown>;
  const back = Object.fromEntries(Object.keys(changes).map((key) => [key, usual[key]]));
  for (const { name } of all) {
    const line = gateway.line(name);
    Object.assign(line, changes);
    clock.at(until, () => void Object.assign(line, back), true);
  }
  return until;
}
export const LISTENER_FAULTS: readonly Fault[] = [
  {
    name: 'a connection breaks',
    befall(evening) {
      const one = pick(evening, present(evening));
      if (one) evening.gateway.close(1006, one.name);
      return evening.clock.now() + 20 * SECOND;
    },
  },
  {
    name: 'all connections are closed by the gateway',
    befall(evening) {
      evening.gateway.close(1001);
      return evening.clock.now() + 20 * SECOND;
    },
  },
  {
    name: 'a connection breaks, and handshakes are refused',
    befall(evening) {
      evening.gateway.close(1006, pick(evening, present(evening))?.name ?? '');
      return onLine(evening, between(evening, 2, 25), (refusedUntil) => ({ refusedUntil })) + 20 * SECOND;
    },
  },
  {
    name: 'connections break, and handshakes hang',
    befall(evening) {
      evening.gateway.close(1006);
      return onLine(evening, between(evening, 2, 25), (hangsUntil) => ({ hangsUntil })) + 30 * SECOND;
    },
  },
  {
    name: 'a connection is half open: all is swallowed',
    losesFrames: true,
    befall: (evening) =>
      onLine(evening, between(evening, 2, 30), (swallowsUntil) => ({ swallowsUntil })) + 60 * SECOND,
  },
  {
    name: 'frames are late',
    befall: (evening) =>
      onLine(evening, between(evening, 5, 40), () => ({ delayMs: 400, jitterMs: 2_500 })) + 10 * SECOND,
  },
  {
    name: 'frames overtake each other',
    place: 'cloud',
    befall: (evening) =>
      onLine(evening, between(evening, 20, 90), () => ({ disorder: true, jitterMs: 3_000 })) + 10 * SECOND,
  },
  {
    name: 'frames come twice',
    befall: (evening) => onLine(evening, between(evening, 10, 90), () => ({ twiceShare: 0.5 })),
  },
  {
    name: 'posts are throttled',
    place: 'cloud',
    losesFrames: true,
    befall: (evening) => onLine(evening, between(evening, 5, 40), () => ({ lossShare: 0.6 })) + 60 * SECOND,
  },
  {
    name: 'posts fail',
    place: 'cloud',
    losesFrames: true,
    befall: (evening) => onLine(evening, between(evening, 5, 40), () => ({ faultShare: 0.6 })) + 60 * SECOND,
  },
  {
    name: 'messages are not heard',
    place: 'cloud',
    losesFrames: true,
    befall: (evening) =>
      onLine(evening, between(evening, 5, 40), () => ({ unheardShare: 0.7 })) + 90 * SECOND,
  },
  {
    name: 'messages are refused: too many requests',
    place: 'cloud',
    losesFrames: true,
    befall: (evening) =>
      onLine(evening, between(evening, 5, 40), () => ({ throttledShare: 0.7 })) + 90 * SECOND,
  },
  {
    name: 'nobody reports who has left',
    place: 'cloud',
    early: true,
    befall(evening) {
      evening.habits.disconnectsLost = true;
      return evening.clock.now();
    },
  },
  {
    name: 'a listener’s machine sleeps',
    befall(evening) {
      const until = evening.clock.now() + between(evening, 3_000, 70_000);
      pick(evening, present(evening))?.sleep(until);
      return until + 20 * SECOND;
    },
  },
  {
    name: 'listeners come in the middle',
    befall(evening) {
      for (let i = 0; i < 2; i++) evening.join();
      return evening.clock.now();
    },
  },
  {
    name: 'a listener leaves',
    befall(evening) {
      const one = pick(evening, present(evening));
      one?.leave();
      if (one) evening.gateway.close(1005, one.name);
      return evening.clock.now();
    },
  },
];
