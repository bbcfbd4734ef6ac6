/** The shelf's sounds as they are committed: what the manifest says of them holds, and fewer recordings keep every key. */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { type BasicPreset, BasicSoundBank, SoundBankLoader } from 'spessasynth_core';
import { thin } from '../../infra/sounds/thin.ts';
import { manifest, SOUNDS, type Sound } from '../support/orchestra.ts';

const all = [...manifest.programs, manifest.drums];
const bankIn = (bytes: Uint8Array) => SoundBankLoader.fromArrayBuffer(new Uint8Array(bytes).buffer);
const bytesOf = ({ file }: Sound) => readFileSync(new URL(file, SOUNDS));
const keysOf = (preset: BasicPreset): Set<number> => {
  const keys = new Set<number>();
  for (const { instrument } of preset.zones)
    for (const { keyRange } of instrument.zones)
      for (let key = Math.max(0, keyRange.min); key <= keyRange.max; key++) keys.add(key);
  return keys;
};

test('129 files, each with its program, of the size and the hash that it is called by, seven megabytes at most', () => {
  expect(manifest.programs).toHaveLength(128);
  for (const sound of all) {
    const bytes = bytesOf(sound);
    expect(bytes.length).toBe(sound.bytes);
    expect(sound.file).toContain(`-${hash('sha256', bytes).slice(0, 8)}.sf3`);
  }
  expect(all.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(manifest.bytes);
  expect(manifest.bytes).toBeLessThan(7_000_000);
  for (const program of [0, 40, 127]) {
    const { presets } = bankIn(bytesOf(manifest.programs[program]!));
    expect(presets.map((preset) => [preset.program, preset.isGMGSDrum])).toEqual([[program, false]]);
  }
});

test('every key of General MIDI’s percussion has a recording, and every key of a piano', () => {
  const drums = keysOf(bankIn(bytesOf(manifest.drums)).presets[0]!);
  for (let key = 35; key <= 81; key++) expect([key, drums.has(key)]).toEqual([key, true]);
  const piano = keysOf(bankIn(bytesOf(manifest.programs[0]!)).presets[0]!);
  for (let key = 21; key <= 108; key++) expect([key, piano.has(key)]).toEqual([key, true]);
});

test('with fewer recordings the neighbours take over their keys: none is lost', () => {
  const from = bankIn(bytesOf(manifest.programs[0]!)).presets[0]!;
  const bank = new BasicSoundBank();
  const preset = bank.clonePreset(from);
  const [keys, before] = [keysOf(preset), bank.samples.length];
  thin(bank, preset, 10_000, 3);
  expect(keysOf(preset)).toEqual(keys);
  expect([before, bank.samples.length]).toEqual([10, 3]);
  // Bytes bind as well.
  const other = new BasicSoundBank();
  thin(other, other.clonePreset(from), 200_000, 1);
  const weight = other.samples.reduce((sum, sample) => sum + sample.getRawData(true).byteLength, 0);
  expect(weight).toBeLessThan(200_000);
  expect(weight).toBeGreaterThan(150_000);
});
