import { describe, expect, test } from '@jest/globals';
import { arc, ritard } from '../../../src/music/pianist/arcs.ts';
import { overlap } from '../../../src/music/pianist/articulation.ts';
import { beatsOf, strength } from '../../../src/music/pianist/beats.ts';
import { harmonicCharge, melodicCharge } from '../../../src/music/pianist/charge.ts';
import { harmoniesOf } from '../../../src/music/pianist/harmony.ts';
import { melodyOf } from '../../../src/music/pianist/melody.ts';
import { durationContrast } from '../../../src/music/pianist/rules.ts';
import { strikable } from '../../../src/music/pianist/strike.ts';
import { beatOf } from '../../../src/music/score/score.ts';
import { bars, phrase, right, score } from './scores.ts';

describe('published constants', () => {
  test('an arc gathers speed so that its square grows with the way, and loses it so', () => {
    // Squares 0.25, 0.625, 1, 0.68, 0.36 at 0, 1/4, 1/2, 3/4, 1.
    const squares = [0, 0.25, 0.5, 0.75, 1].map((x) => arc(x, 0.5, 0.6, 0.5) ** 2);
    [0.25, 0.625, 1, 0.68, 0.36].forEach((square, i) => {
      expect(squares[i]).toBeCloseTo(square, 12);
    });
  });

  test('a final ritard stops as runners do: the cube of the speed falls with the way', () => {
    expect(ritard(0, 0.4)).toBe(1);
    expect(ritard(0.5, 0.4)).toBeCloseTo(0.532 ** (1 / 3), 12);
    expect(ritard(1, 0.4)).toBeCloseTo(0.4, 12);
  });

  test('short notes are shortened, those of 200 ms by 11 ms, of 400 by 7', () => {
    const by = [30, 115, 200, 300, 400, 500, 600].map((ms) => durationContrast({ ms }));
    [0, -5.5, -11, -9, -7, -3.5, 0].forEach((ms, i) => {
      expect(by[i]).toBeCloseTo(ms, 10);
    });
  });

  test('charges: the seventh over its chord, the dominant and the Neapolitan in their key', () => {
    expect([0, 7, 11, 1].map((pitch) => melodicCharge(60 + pitch, { root: 0 }))).toEqual([0, 1, 5, 6.5]);
    const key = { tonic: 2, major: true };
    expect(harmonicCharge({ root: 2, kind: 'major', key })).toBe(0);
    expect(harmonicCharge({ root: 9, kind: 'major', key })).toBe(1.5);
    expect(harmonicCharge({ root: 3, kind: 'major', key })).toBe(7);
    expect(harmonicCharge({ root: 1, kind: 'diminished', key })).toBe(5);
  });

  test('joined notes overlap by a twelfth of half a second, never by more than 90 ms', () => {
    expect(overlap(500)).toBeCloseTo(58.6, 10);
    expect(overlap(800)).toBeCloseTo(67.6, 10);
    expect(overlap(2000)).toBe(0);
  });
});

describe('beats', () => {
  test('are dotted in compound metres, halves in alla breve', () => {
    const metres = [
      [4, 4],
      [3, 4],
      [2, 2],
      [6, 8],
      [3, 8],
      [12, 8],
    ] as const;
    expect(metres.map(([beats, unit]) => beatOf({ beats, unit }))).toEqual([24, 24, 48, 36, 36, 36]);
  });

  test('are strongest on the first of a bar, then in its middle', () => {
    const [bar] = bars(1);
    expect([0, 24, 48, 72, 12].map((step) => strength(step, bar!))).toEqual([1, 0.3, 0.5, 0.3, 0]);
    expect(beatsOf(score([right(0, 96, 60)], bars(2)))).toEqual([0, 24, 48, 72, 96, 120, 144, 168]);
  });
});

test('the voice sings; where it rests for two quarters, the top of the right hand does', () => {
  const voice = [
    { ...right(0, 48, 64), part: 'voice' as const },
    { ...right(144, 48, 65), part: 'voice' as const },
  ];
  const rest = [right(0, 24, 72), right(72, 24, 67), right(96, 24, 69), right(144, 24, 71)];
  const sung = melodyOf(score([...voice, ...rest], bars(2)));
  expect(sung.map(({ onset, pitch }) => [onset, pitch])).toEqual([
    [0, 64],
    [72, 67],
    [96, 69],
    [144, 65],
  ]);
});

test('chords are found under broken figures, and change where the notes do', () => {
  const broken = (at: number, pitches: readonly number[]) => pitches.map((p, i) => right(at + 24 * i, 24, p));
  const music = score([...broken(0, [48, 55, 64, 60]), ...broken(96, [43, 55, 59, 62])], bars(2));
  const found = harmoniesOf(music, [phrase(0, 2)]);
  expect(found.map(({ start, root, kind }) => [start, root, kind])).toEqual([
    [0, 0, 'major'],
    [96, 7, 'major'],
  ]);
});

test('two hands of five fingers strike a tenth each', () => {
  expect(strikable([36, 52, 60, 76])).toBe(true);
  expect(strikable([36, 53, 60, 77])).toBe(false);
  expect(strikable([40, 41, 42, 43, 44, 45])).toBe(true);
  expect(strikable(Array.from({ length: 11 }, (_, i) => 60 + i))).toBe(false);
});
