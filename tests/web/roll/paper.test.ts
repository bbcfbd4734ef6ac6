import { expect, test } from '@jest/globals';
import type { Hello } from '../../../src/wire.ts';
import type { Listener } from '../../../web/listener/listener.ts';
import { paper } from '../../../web/roll/paper.ts';
import type { RollView } from '../../../web/roll/roll.ts';

/** A station three minutes before T0, with so many listeners; and what is drawn of it. */
function leaderOf(here: { count: number }) {
  const clock = { ms: 0 };
  const drawn: RollView[] = [];
  const hello = { broadcast: 'b', durationMs: 60_000 } as Hello;
  const station = {
    score: { notes: [], pedal: [], hello },
    position: () => -60_000,
    get here() {
      return here.count;
    },
  } as unknown as Listener;
  const lying = paper({
    station,
    now: () => clock.ms,
    roll: { draw: (view) => void drawn.push(view), refresh() {} },
  });
  /** Ticks after so many milliseconds more. */
  const after = (ms: number): number => {
    for (let i = 0; i < ms; i += 20) {
      clock.ms += 20;
      lying.draw('leader');
    }
    return drawn.at(-1)!.here;
  };
  return { after, draw: lying.draw, drawn };
}

test('listeners come to the leader one by one, and do not go again', () => {
  const here = { count: 3 };
  const { after } = leaderOf(here);
  expect([after(140), after(140), after(140), after(2_000)]).toEqual([1, 2, 3, 3]);
  here.count = 2;
  expect(after(1_000)).toBe(3);
});

test('a crowd has come within some seconds, however large it is', () => {
  const { after } = leaderOf({ count: 5_000 });
  const first = after(140);
  expect(first).toBe(125);
  // Ever slower: a part of those who are missing with each step.
  expect(after(30_000)).toBe(5_000);
});

test('there are no ticks on paper that nobody waits before', () => {
  const { draw, drawn } = leaderOf({ count: 9 });
  draw('waiting');
  expect(drawn.at(-1)!.here).toBe(0);
});
