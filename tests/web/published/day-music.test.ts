import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readMidiFile } from '../../../src/music/midi/file.ts';
import { writeMidiFile } from '../../../src/music/midi/write.ts';
import { toMusic } from '../../../src/music/note.ts';
import { readDayMusic } from '../../../web/published/day-music.ts';
import { anyMusic, note } from '../../support/music.ts';

const markers = [{ ms: 0, text: 'Still' }];

test('reads what we write, note for note, as the general reader does', () => {
  fc.assert(
    fc.property(anyMusic(), (music) => {
      const bytes = writeMidiFile({ title: 'x', music, markers });
      const read = readMidiFile(bytes);
      expect('problem' in read).toBe(false);
      expect(readDayMusic(bytes)).toEqual((read as { music: unknown }).music);
    }),
    { numRuns: 60 },
  );
});

test('refuses what is not ours, or ends too soon', () => {
  const bytes = writeMidiFile({ title: 'x', music: toMusic([note(0, 500)]), markers });
  expect(() => readDayMusic(new TextEncoder().encode('<!doctype html><p>no'))).toThrow(RangeError);
  const otherTime = bytes.slice();
  new DataView(otherTime.buffer).setUint16(12, 480);
  expect(() => readDayMusic(otherTime)).toThrow('500 ticks');
  expect(() => readDayMusic(bytes.subarray(0, bytes.length - 5))).toThrow(RangeError);
});
