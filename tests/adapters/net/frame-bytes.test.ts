import { expect, test } from '@jest/globals';
import { frameBytes } from '../../../src/adapters/net/frame-bytes.ts';

test('a long frame is turned into bytes once, a short one is left as it is', () => {
  const bytesOf = frameBytes();
  const frame = 'ü'.repeat(600);
  const bytes = bytesOf(frame);
  expect(bytes).toEqual(Buffer.from(frame));
  expect(bytesOf('ü'.repeat(600))).toBe(bytes);
  expect(bytesOf('{"type":"pong"}')).toBe('{"type":"pong"}');
});

test('sixteen are remembered, the oldest is forgotten first', () => {
  const bytesOf = frameBytes();
  const frames = Array.from({ length: 17 }, (_, i) => `${i} `.repeat(512));
  const bytes = frames.map(bytesOf);
  expect(bytesOf(frames[1]!)).toBe(bytes[1]);
  expect(bytesOf(frames[0]!)).not.toBe(bytes[0]);
  expect(bytesOf(frames[0]!)).toEqual(bytes[0]);
});
