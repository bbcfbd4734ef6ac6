/** Fewer recordings for an instrument: those whose neighbours are nearest go first, and the neighbours take over their keys. */
import type {
  BasicInstrument,
  BasicInstrumentZone,
  BasicPreset,
  BasicSample,
  BasicSoundBank,
} from 'spessasynth_core';

const bytesOf = (sample: BasicSample): number => sample.getRawData(true).byteLength;

/** All recordings of a preset, each once. */
const samplesOf = (preset: BasicPreset): BasicSample[] => [
  ...new Set(preset.zones.flatMap(({ instrument }) => instrument.zones.map(({ sample }) => sample))),
];
const weight = (preset: BasicPreset): number =>
  samplesOf(preset).reduce((sum, sample) => sum + bytesOf(sample), 0);

/** Drops recordings until what is left weighs no more than `most` bytes, there are `fewest`, or none can be done without. */
export function thin(bank: BasicSoundBank, preset: BasicPreset, most: number, fewest: number): void {
  while (weight(preset) > most && samplesOf(preset).length > fewest) {
    const spare = samplesOf(preset)
      .map((sample) => ({ sample, gap: gapWithout(preset, sample) }))
      .filter(({ gap }) => gap < Number.POSITIVE_INFINITY)
      .sort((a, b) => a.gap - b.gap)[0];
    if (!spare) return;
    for (const instrument of new Set(preset.zones.map((zone) => zone.instrument)))
      leaveOut(instrument, spare.sample);
    bank.removeUnusedElements();
  }
}

/** The keys a percussion kit has recordings for, in General MIDI: others go. */
export function keepKeys(bank: BasicSoundBank, preset: BasicPreset, low: number, high: number): void {
  for (const { instrument } of preset.zones)
    for (let i = instrument.zones.length - 1; i >= 0; i--) {
      const { min, max } = instrument.zones[i]!.keyRange;
      if (max < low || min > high) instrument.deleteZone(i, true);
    }
  for (let i = preset.zones.length - 1; i >= 0; i--)
    if (preset.zones[i]!.instrument.zones.length === 0) preset.deleteZone(i);
  bank.removeUnusedElements();
}

/** Semitones between the neighbours that would meet; infinite for the only one, and for the lowest and the highest. */
function gapWithout(preset: BasicPreset, sample: BasicSample): number {
  let gap = 0;
  for (const instrument of new Set(preset.zones.map((zone) => zone.instrument)))
    for (const zone of instrument.zones.filter((each) => each.sample === sample)) {
      const { below, above } = neighbours(instrument, zone);
      if (!below || !above) return Number.POSITIVE_INFINITY;
      gap = Math.max(gap, above.keyRange.max - below.keyRange.min);
    }
  return gap;
}

/** Of the same loudness, and on the keys beside. */
function neighbours(instrument: BasicInstrument, { keyRange, velRange, sample }: BasicInstrumentZone) {
  const alike = instrument.zones.filter(
    (zone) =>
      zone.sample !== sample && zone.velRange.min === velRange.min && zone.velRange.max === velRange.max,
  );
  return {
    below: alike.find((zone) => zone.keyRange.max === keyRange.min - 1),
    above: alike.find((zone) => zone.keyRange.min === keyRange.max + 1),
  };
}

function leaveOut(instrument: BasicInstrument, sample: BasicSample): void {
  for (let i = instrument.zones.length - 1; i >= 0; i--) {
    const zone = instrument.zones[i]!;
    if (zone.sample !== sample) continue;
    const { min, max } = zone.keyRange;
    const middle = Math.floor((min + max) / 2);
    const { below, above } = neighbours(instrument, zone);
    if (below) below.keyRange.max = middle;
    if (above) above.keyRange.min = middle + 1;
    instrument.deleteZone(i, true);
  }
}
