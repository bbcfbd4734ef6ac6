import { expect, test } from '@jest/globals';
import { pitchOfKey } from '../../../web/play/computer-keys.ts';
import { onMessage } from '../../../web/play/midi-in.ts';
import { phrase } from '../../../web/play/phrase.ts';

test('time begins with the first stroke; what is held lasts until now', () => {
  const played = phrase();
  played.strike(60, 70, 5_000);
  played.strike(64, 80, 5_250.4);
  played.release(60, 5_500);
  expect(played.count).toBe(2);
  expect(played.music(6_000)).toEqual({
    notes: [
      { onsetMs: 0, durationMs: 500, pitch: 60, velocity: 70 },
      { onsetMs: 250, durationMs: 750, pitch: 64, velocity: 80 },
    ],
    pedal: [],
    durationMs: 1_000,
  });
  played.clear();
  expect(played.music(7_000)).toEqual({ notes: [], pedal: [], durationMs: 0 });
});

test('a key that is struck again without a release is two notes; a release without a stroke is none', () => {
  const played = phrase();
  played.release(50, 0);
  played.strike(60, 70, 100);
  played.strike(60, 71, 300);
  played.release(60, 350);
  expect(played.music(400).notes.map(({ onsetMs, durationMs }) => [onsetMs, durationMs])).toEqual([
    [0, 200],
    [200, 50],
  ]);
});

test('a pedal that is down before the first stroke is down from the beginning', () => {
  const played = phrase();
  played.pedal(127, 10);
  played.strike(60, 70, 1_000);
  played.pedal(0, 1_400);
  expect(played.music(1_500).pedal).toEqual([
    { ms: 0, value: 127 },
    { ms: 400, value: 0 },
  ]);
});

test('after five minutes nothing more is taken down', () => {
  const played = phrase();
  played.strike(60, 70, 0);
  played.release(60, 300_000);
  played.strike(62, 70, 300_001);
  expect(played.count).toBe(1);
});

test('two rows of letters are two octaves and a third from C3, by the place of the key', () => {
  const pitches = ['KeyZ', 'KeyS', 'KeyM', 'KeyQ', 'Digit2', 'KeyU', 'KeyP'].map((code) =>
    pitchOfKey(code, 0),
  );
  expect(pitches).toEqual([48, 49, 59, 60, 61, 71, 76]);
  expect(pitchOfKey('KeyZ', -2)).toBe(24);
  expect(pitchOfKey('KeyP', 2)).toBe(100);
  expect(pitchOfKey('KeyA', 0)).toBeNull();
});

test('MIDI messages of any channel: strokes, both kinds of release, the pedal, and nothing else', () => {
  const told: string[] = [];
  const hands = {
    strike: (pitch: number, velocity: number) => told.push(`+${pitch} ${velocity}`),
    release: (pitch: number) => told.push(`-${pitch}`),
    pedal: (value: number) => told.push(`pedal ${value}`),
  };
  for (const bytes of [
    [0x90, 60, 1],
    [0x95, 62, 90],
    [0x90, 60, 0],
    [0x85, 62, 64],
    [0xb0, 64, 127],
    [0xb0, 1, 5],
    [0xf8],
    [],
  ])
    onMessage(Uint8Array.from(bytes), hands);
  expect(told).toEqual(['+60 1', '+62 90', '-60', '-62', 'pedal 127']);
});
