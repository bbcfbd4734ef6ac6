import { expect, test } from '@jest/globals';
import { dampers } from '../../../web/score/dampers.ts';
import { note } from '../../support/music.ts';

const C = note(0, 1_000, 60);
const NOTHING = { struck: [], damped: [] };

test('a note sounds until its key is let go', () => {
  const keys = dampers();
  expect(keys.take({ kind: 'on', ms: 0, note: C })).toEqual({ struck: [C], damped: [] });
  expect(keys.sounding).toEqual([C]);
  expect(keys.take({ kind: 'off', ms: 1_000, note: C })).toEqual({ struck: [], damped: [C] });
  expect(keys.sounding).toEqual([]);
});

test('the pedal holds what is let go while it is down, until it rises', () => {
  const keys = dampers();
  const held = note(100, 5_000, 64);
  keys.take({ kind: 'on', ms: 0, note: C });
  keys.take({ kind: 'on', ms: 100, note: held });
  keys.take({ kind: 'pedal', ms: 500, value: 64 });
  expect(keys.take({ kind: 'off', ms: 1_000, note: C })).toEqual(NOTHING);
  expect(keys.take({ kind: 'pedal', ms: 1_500, value: 63 })).toEqual({ struck: [], damped: [C] });
  expect(keys.sounding).toEqual([held]);
});

test('a key struck again damps its own string first, and the old note’s end means nothing to the new one', () => {
  const keys = dampers();
  const again = note(800, 1_000, 60);
  keys.take({ kind: 'on', ms: 0, note: C });
  expect(keys.take({ kind: 'on', ms: 800, note: again })).toEqual({ struck: [again], damped: [C] });
  expect(keys.take({ kind: 'off', ms: 1_000, note: C })).toEqual(NOTHING);
  expect(keys.sounding).toEqual([again]);
});

test('a note told twice, or one that a later one has replaced, is not struck', () => {
  const keys = dampers();
  keys.take({ kind: 'on', ms: 0, note: C });
  expect(keys.take({ kind: 'on', ms: 0, note: C })).toEqual(NOTHING);
  const again = note(800, 1_000, 60);
  keys.take({ kind: 'on', ms: 800, note: again });
  expect(keys.take({ kind: 'on', ms: 0, note: C })).toEqual(NOTHING);
});

test('a state damps what does not sound there, and strikes what should', () => {
  const keys = dampers();
  const stays = note(100, 90_000, 64);
  const byPedal = note(200, 300, 67);
  keys.take({ kind: 'on', ms: 0, note: C });
  keys.take({ kind: 'on', ms: 100, note: stays });
  const change = keys.take({ kind: 'state', ms: 60_000, sounding: [stays, byPedal], pedal: 127 });
  expect(change).toEqual({ struck: [byPedal], damped: [C] });
  expect(keys.take({ kind: 'pedal', ms: 61_000, value: 0 })).toEqual({ struck: [], damped: [byPedal] });
  expect(keys.sounding).toEqual([stays]);
});

test('a note that was damped is not struck again by a state that finds it held by a pedal nobody knew of', () => {
  const keys = dampers();
  keys.take({ kind: 'on', ms: 0, note: C });
  keys.take({ kind: 'off', ms: 1_000, note: C });
  expect(keys.take({ kind: 'state', ms: 1_500, sounding: [C], pedal: 100 })).toEqual(NOTHING);
});

test('the pedal of a state holds from 64 on, and not below', () => {
  const after = (pedal: number) => {
    const keys = dampers();
    keys.take({ kind: 'state', ms: 500, sounding: [C], pedal });
    keys.take({ kind: 'off', ms: 1_000, note: C });
    return keys.sounding;
  };
  expect(after(64)).toEqual([C]);
  expect(after(63)).toEqual([]);
});

test('in a state a key whose note goes on is down, and one whose note ends there is held by the pedal alone', () => {
  const keys = dampers();
  const goesOn = note(0, 501, 64);
  const endsThere = note(0, 500, 67);
  keys.take({ kind: 'state', ms: 500, sounding: [goesOn, endsThere], pedal: 100 });
  expect(keys.take({ kind: 'pedal', ms: 500, value: 0 })).toEqual({ struck: [], damped: [endsThere] });
});

test('of what was, a reset leaves nothing: no string, no onset, no pedal', () => {
  const keys = dampers();
  keys.take({ kind: 'on', ms: 0, note: C });
  keys.take({ kind: 'pedal', ms: 100, value: 127 });
  keys.reset();
  expect(keys.sounding).toEqual([]);
  expect(keys.take({ kind: 'state', ms: 500, sounding: [C], pedal: 0 })).toEqual({ struck: [C], damped: [] });
  keys.reset();
  keys.take({ kind: 'on', ms: 0, note: C });
  keys.take({ kind: 'pedal', ms: 100, value: 127 });
  keys.reset();
  keys.take({ kind: 'on', ms: 0, note: C });
  expect(keys.take({ kind: 'off', ms: 1_000, note: C })).toEqual({ struck: [], damped: [C] });
});
