import { expect, test } from '@jest/globals';
import { helloFrame } from '../src/broadcast/frames.ts';
import type { Broadcast } from '../src/ports.ts';
import { encodeFrame, type Hello, parseFrame } from '../src/wire.ts';

const ROW: Broadcast = {
  id: 'b',
  state: 'doors',
  startsAt: 1_790_000_000_000,
  wanted: '2026-11-21',
  performance: '2026-11-21',
  title: 'Rain',
  encore: false,
  durationMs: 300_000,
  startLatenessMs: null,
  heard: null,
  epoch: 1,
  next: null,
};

test('the title goes with the doors, and not before', () => {
  expect(helloFrame(ROW, 0, null).title).toBe('Rain');
  expect(helloFrame({ ...ROW, state: 'scheduled' }, 0, null)).toMatchObject({
    title: null,
    performance: null,
    t0: null,
    durationMs: null,
  });
});

test('the hello of a station that knows no titles is understood, and what it says beyond ours is dropped', () => {
  const hello = helloFrame(ROW, 0, null);
  const { title: _, ...older } = hello;
  expect(parseFrame(JSON.stringify(older))).toEqual({ ...hello, title: null });
  expect(parseFrame(encodeFrame({ ...hello, weather: 'fine' } as Hello))).toEqual(hello);
});
