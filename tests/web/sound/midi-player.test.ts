import { beforeEach, expect, test } from '@jest/globals';
import type { ScoreEvent } from '../../../web/score/event.ts';
import { type MidiPlayer, midiPlayer, SEND_AHEAD_MS } from '../../../web/sound/midi-player.ts';
import { note } from '../../support/music.ts';

/** T0 on the local clock. */
const T0 = 50_000;
let now: number;
let latency: number;
let sent: [number, ...number[]][];
let player: MidiPlayer;
beforeEach(() => {
  now = T0;
  latency = 0;
  sent = [];
  player = midiPlayer({
    port: { send: (bytes, timestamp = 0) => sent.push([timestamp - T0, ...bytes]) },
    now: () => now,
    localTime: (positionMs) => T0 + positionMs,
    latencyMs: () => latency,
  });
});

const stroke = (onsetMs: number, durationMs: number, pitch: number, velocity = 64): ScoreEvent[] => {
  const struck = note(onsetMs, durationMs, pitch, velocity);
  return [
    { kind: 'on', ms: onsetMs, note: struck },
    { kind: 'off', ms: onsetMs + durationMs, note: struck },
  ];
};
const pedal = (ms: number, value: number): ScoreEvent => ({ kind: 'pedal', ms, value });
const inOrder = (...events: ScoreEvent[]) => events.sort((a, b) => a.ms - b.ms);
/** Lets the clock run to `ms` from T0, looking every 50 ms. */
const runTo = (ms: number) => {
  for (; now <= T0 + ms; now += 50) player.tick();
};

test('keys and pedal go out with the times at which they are to sound', () => {
  player.take(
    inOrder(...stroke(100, 400, 60, 90), pedal(300, 100), ...stroke(350, 900, 36), pedal(1_000, 0)),
  );
  runTo(1_300);
  expect(sent).toEqual([
    [100, 0x90, 60, 90],
    [300, 0xb0, 64, 100],
    [350, 0x90, 36, 64],
    [500, 0x80, 60, 64],
    [1_000, 0xb0, 64, 0],
    [1_250, 0x80, 36, 64],
  ]);
});

test('nothing is sent more than a quarter of a second ahead, and nothing is kept back until it is late', () => {
  player.take(stroke(1_000, 500, 60));
  now = T0 + 1_000 - SEND_AHEAD_MS - 1;
  player.tick();
  expect(sent).toEqual([]);
  now += 1;
  player.tick();
  expect(sent).toEqual([[1_000, 0x90, 60, 64]]);
});

test('an instrument that takes its time is told that much earlier', () => {
  latency = 300;
  player.take(stroke(1_000, 500, 60));
  runTo(1_300);
  expect(sent.map(([at]) => at)).toEqual([700, 1_200]);
});

test('what comes late sets the pedal once and strikes nothing', () => {
  now = T0 + 10_000;
  player.take(
    inOrder(
      ...stroke(9_000, 5_000, 40),
      pedal(1_000, 90),
      pedal(2_000, 0),
      pedal(9_500, 80),
      ...stroke(10_500, 200, 62),
    ),
  );
  runTo(15_000);
  expect(sent).toEqual([
    [10_000, 0xb0, 64, 80],
    [10_500, 0x90, 62, 64],
    [10_700, 0x80, 62, 64],
  ]);
});

test('a state says where the pedal is; what sounds before it is known is not struck', () => {
  player.take([{ kind: 'state', ms: 0, sounding: [note(-500, 5_000, 40)], pedal: 127 }]);
  runTo(100);
  expect(sent).toEqual([[0, 0xb0, 64, 127]]);
});

test('a key struck again before it is let go is let go first, and its first end ends nothing', () => {
  player.take(inOrder(...stroke(100, 500, 60, 70), ...stroke(300, 600, 60, 80)));
  runTo(1_000);
  expect(sent).toEqual([
    [100, 0x90, 60, 70],
    [300, 0x80, 60, 64],
    [300, 0x90, 60, 80],
    [900, 0x80, 60, 64],
  ]);
});

test('a sound check strikes at once, without a score', () => {
  player.strikeNow(note(0, 500, 60, 58), 100, 600);
  player.strikeNow(note(0, 500, 64, 58), 200, 600);
  runTo(700);
  expect(sent).toEqual([
    [100, 0x90, 60, 58],
    [200, 0x90, 64, 58],
    [600, 0x80, 60, 64],
    [600, 0x80, 64, 64],
  ]);
});

test('silence lets go of every key and the pedal, now and after what was sent ahead, and forgets what was to come', () => {
  player.take(
    inOrder(pedal(0, 100), ...stroke(10, 9_000, 60), ...stroke(200, 9_000, 64), ...stroke(5_000, 10, 67)),
  );
  player.tick();
  sent = [];
  now = T0 + 50;
  player.silence();
  const letGo = (at: number) => [
    [at, 0x80, 60, 64],
    [at, 0x80, 64, 64],
    [at, 0xb0, 64, 0],
    [at, 0xb0, 123, 0],
  ];
  expect(sent).toEqual([...letGo(50), ...letGo(201)]);
  sent = [];
  runTo(10_000);
  expect(sent).toEqual([]);
  // And it plays on from what is taken next, the pedal too.
  now = T0 + 10_000;
  player.take(inOrder(pedal(10_100, 100), ...stroke(10_200, 100, 60)));
  runTo(10_400);
  expect(sent.map(([at]) => at)).toEqual([10_100, 10_200, 10_300]);
});

test('a browser that can take back what was sent ahead is asked to', () => {
  let cleared = 0;
  const taking = midiPlayer({
    port: { send: () => {}, clear: () => cleared++ },
    now: () => now,
    localTime: (positionMs) => T0 + positionMs,
    latencyMs: () => 0,
  });
  taking.silence();
  expect(cleared).toBe(1);
});
