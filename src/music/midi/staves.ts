/** MIDI files as printed music: one staff for every track, channel and program that has notes. */
import type { Signature, Staff, StaffNote, Staves } from '../score/lay-out.ts';
import { PERCUSSION_CHANNEL } from './limits.ts';
import type { Reading, Track } from './reading.ts';

/**
 * Staves in the file's order; percussion is left out.
 * @param song whether the first of three staves and more is a voice, where the programs do not say
 */
export function stavesOf(reading: Reading, song: boolean): Staves {
  const staves = reading.tracks.flatMap(stavesOfTrack);
  let end = 0;
  for (const { notes } of staves) for (const { tick, ticks } of notes) end = Math.max(end, tick + ticks);
  return { ppq: reading.ppq, signatures: signaturesOf(reading, end), staves, song };
}

/** Of several in one tick the last counts; what follows the music is left out. */
function signaturesOf({ timeSignatures }: Reading, end: number): Signature[] {
  return timeSignatures
    .filter(({ tick }, i) => tick < end && timeSignatures[i + 1]?.tick !== tick)
    .map(({ tick, beats, unit }) => ({ tick, metre: { beats, unit } }));
}

/** A program holds for its channel, from its tick on: notes and programs are both in order of time. */
function stavesOfTrack(track: Track): Staff[] {
  const staves = new Map<number, { program: number; notes: StaffNote[] }>();
  const current = new Uint8Array(16);
  let next = 0;
  for (const { tick, ticks, pitch, channel } of track.notes) {
    while (next < track.programs.length && track.programs[next]!.tick <= tick) {
      const change = track.programs[next++]!;
      current[change.channel] = change.program;
    }
    if (channel === PERCUSSION_CHANNEL) continue;
    const program = current[channel]!;
    const key = channel * 128 + program;
    const staff = staves.get(key);
    if (staff) staff.notes.push({ tick, ticks, pitch });
    else staves.set(key, { program, notes: [{ tick, ticks, pitch }] });
  }
  return [...staves.values()];
}
