import { beforeEach, describe, expect, test } from '@jest/globals';
import { type Note, toMusic } from '../../../src/music/note.ts';
import { replayScore } from '../../../web/score/day-score.ts';
import { type Replay, replay } from '../../../web/sound/transport.ts';
import { note } from '../../support/music.ts';

/** A held bass, a melody over it, and a note under the pedal. */
const MUSIC = toMusic(
  [note(0, 10_000, 36), note(1_000, 500, 60), note(2_000, 500, 62), note(6_000, 500, 64)],
  [
    { ms: 1_900, value: 127 },
    { ms: 5_000, value: 0 },
  ],
);
const LENGTH_MS = 10_000;

type Struck = { readonly note: Note; readonly atS: number; dampedS: number | null };

describe('a performance that is played again', () => {
  let now: number;
  let struck: Struck[];
  let silences: number;
  let ends: number;
  let player: Replay;

  /** What sounds or is to sound, since the last silence. */
  const sounding = () => struck.map(({ note, atS }) => [note.pitch, Number(atS.toFixed(3))]);
  /** Runs the clock, with a look every 50 ms. */
  const run = (seconds: number) => {
    for (const end = now + seconds; now < end - 1e-9; ) {
      now += 0.05;
      player.tick();
    }
  };

  beforeEach(() => {
    now = 100;
    struck = [];
    silences = 0;
    ends = 0;
    player = replay({
      music: MUSIC,
      nowS: () => now,
      onEnd: () => ends++,
      instrument: {
        strike(struckNote, atS) {
          const voice: Struck = { note: struckNote, atS, dampedS: null };
          struck.push(voice);
          return {
            damp(dampS) {
              voice.dampedS = dampS;
            },
          };
        },
        pedal() {},
        silence() {
          silences++;
          struck = [];
        },
      },
    });
  });

  test('sounds as it was written, a tenth of a second after it is asked for', () => {
    expect(player.playing).toBe(false);
    player.play();
    run(10.2);
    expect(sounding()).toEqual([
      [36, 100.1],
      [60, 101.1],
      [62, 102.1],
      [64, 106.1],
    ]);
    expect(struck.map(({ dampedS }) => Number(dampedS?.toFixed(3)))).toEqual([110.1, 101.6, 105.1, 106.6]);
    expect([player.playing, player.positionMs(), ends]).toEqual([false, LENGTH_MS, 1]);
  });

  test('sought into the middle of a held note, sounds it on, as if it had been struck in time', () => {
    player.play();
    run(0.5);
    player.seek(4_000);
    // Sought at 100.5 s, to sound from 100.6 s on.
    expect(sounding()).toEqual([
      [36, 96.6],
      [62, 98.6],
    ]);
    // The one was released and is held by the pedal, the other by its key.
    run(7);
    expect(struck.map(({ note: { pitch } }) => pitch)).toEqual([36, 62, 64]);
    expect(struck[1]!.dampedS! - struck[1]!.atS).toBeCloseTo(3);
    expect(struck[0]!.dampedS! - struck[0]!.atS).toBeCloseTo(10);
  });

  test('at twice the speed takes half the time, at half the speed twice', () => {
    player.setSpeed(2);
    player.play();
    run(5.2);
    expect(sounding()).toEqual([
      [36, 100.1],
      [60, 100.6],
      [62, 101.1],
      [64, 103.1],
    ]);
    expect([player.playing, ends]).toEqual([false, 1]);
    player.setSpeed(0.5);
    player.play();
    run(10);
    expect(player.positionMs()).toBeCloseTo(4_950, 0);
  });

  test('a change of speed goes on from where the music stands', () => {
    player.play();
    run(3.1);
    player.setSpeed(4);
    expect(player.positionMs()).toBeCloseTo(3_000);
    run(0.6);
    expect(player.positionMs()).toBeCloseTo(5_000);
    expect(struck.filter(({ note: { pitch } }) => pitch === 36)).toHaveLength(1);
  });

  test('falls silent when paused, stays there, and goes on from there', () => {
    player.play();
    run(2.6);
    const before = silences;
    player.pause();
    expect([silences, sounding()]).toEqual([before + 1, []]);
    expect(player.positionMs()).toBeCloseTo(2_500);
    run(5);
    expect(player.positionMs()).toBeCloseTo(2_500);
    expect(sounding()).toEqual([]);
    player.play();
    expect(struck.map(({ note: { pitch } }) => pitch)).toEqual([36, 62]);
  });

  test('stays silent while it is sought through without playing, and keeps to the music', () => {
    player.seek(99_000);
    expect([player.positionMs(), sounding()]).toEqual([LENGTH_MS, []]);
    player.seek(-5);
    expect(player.positionMs()).toBe(0);
    run(1);
    expect(sounding()).toEqual([]);
  });

  test('at the end begins anew', () => {
    player.seek(LENGTH_MS);
    player.play();
    expect(player.positionMs()).toBe(0);
    expect(sounding()).toEqual([
      [36, 100.1],
      [60, 101.1],
    ]);
  });

  test('a hundred seeks leave one string a key', () => {
    player.play();
    for (let i = 0; i < 100; i++) {
      player.seek((i * 997) % 9_000);
      run(0.1);
    }
    const pitches = struck.map(({ note: { pitch } }) => pitch);
    expect(new Set(pitches).size).toBe(pitches.length);
  });
});

test('the score of a whole hands out every event once, in order, and again after rewinding', () => {
  const score = replayScore(MUSIC);
  const kinds = (ms: number) => score.eventsUntil(ms).map(({ kind, ms: at }) => `${kind} ${at}`);
  expect(kinds(2_001)).toEqual(['on 0', 'on 1000', 'off 1500', 'pedal 1900', 'on 2000']);
  expect(kinds(1_000)).toEqual([]);
  expect(kinds(99_999)).toEqual(['off 2500', 'pedal 5000', 'on 6000', 'off 6500', 'off 10000']);
  score.rewind();
  expect(kinds(1)).toEqual(['on 0']);
});

test('a key let go as the pedal goes down is caught by it', () => {
  const score = replayScore(toMusic([note(0, 1_000)], [{ ms: 1_000, value: 127 }]));
  expect(score.eventsUntil(9_999).map(({ kind }) => kind)).toEqual(['on', 'pedal', 'off']);
});
