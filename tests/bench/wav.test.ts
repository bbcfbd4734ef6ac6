import { expect, test } from '@jest/globals';
import { wavFile } from '../../bench/sound/wav.ts';

test('a WAV file has its channels side by side, as 16-bit numbers, and nothing beyond full scale', () => {
  const file = Buffer.from(
    wavFile([Float32Array.from([0, 0.5, 2]), Float32Array.from([-1, -0.25, -3])], 48_000),
  );
  expect(file.subarray(0, 4).toString()).toBe('RIFF');
  expect(file.readUInt32LE(4)).toBe(file.length - 8);
  expect([
    file.readUInt16LE(22),
    file.readUInt32LE(24),
    file.readUInt32LE(28),
    file.readUInt16LE(34),
  ]).toEqual([2, 48_000, 192_000, 16]);
  expect(file.readUInt32LE(40)).toBe(12);
  const values = Array.from({ length: 6 }, (_, i) => file.readInt16LE(44 + 2 * i));
  expect(values).toEqual([0, -32_768, 16_384, -8_192, 32_767, -32_768]);
});
