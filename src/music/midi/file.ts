/** MIDI files as music: a piano's notes and pedal in milliseconds. Written by `write.ts`. */
import { type Music, type Note, type PedalChange, toMusic } from '../note.ts';
import { MAX_SECONDS, PERCUSSION_CHANNEL, type Refusal } from './limits.ts';
import { type Reading, SUSTAIN } from './reading.ts';
import { tempoMap } from './tempo-map.ts';
import { readSmf } from './walk.ts';

/** A named instant, written as a marker; a movement begins at each. */
export type Marker = { readonly ms: number; readonly text: string };

export type MidiFile = {
  readonly title: string;
  readonly music: Music;
  readonly markers: readonly Marker[];
};
/** `warnings`: sentences for people, those of the repairs among them. */
export type MidiMusic = MidiFile & Pick<Reading, 'verdict' | 'repairs' | 'warnings'>;

/**
 * Reads a file of any origin. Onset and duration are rounded separately to whole milliseconds; a note lasts at
 * least 1 ms. The pedal is kept as it is, whatever channel moves it. Bad bytes are an expected outcome: `problem`
 * says what is wrong, and where, `reason` what kind it is of.
 */
export function readMidiFile(bytes: Uint8Array): MidiMusic | Refusal {
  const reading = readSmf(bytes);
  return 'problem' in reading ? reading : musicOf(reading);
}

/** What a piano plays of a reading: every channel but percussion. */
export function musicOf(reading: Reading): MidiMusic {
  const secondsAt = tempoMap(reading.ppq, reading.tempos);
  const msAt = (tick: number): number => Math.round(secondsAt(tick) * 1000);
  const notes: Note[] = [];
  const pedal: PedalChange[] = [];
  for (const track of reading.tracks) {
    for (const { channel, tick, ticks, pitch, velocity } of track.notes) {
      if (channel === PERCUSSION_CHANNEL) continue;
      const seconds = secondsAt(tick + ticks) - secondsAt(tick);
      const durationMs = Math.max(1, Math.round(seconds * 1000));
      notes.push({ onsetMs: msAt(tick), durationMs, pitch, velocity });
    }
    for (const { channel, controller, tick, value } of track.controllers)
      if (channel !== PERCUSSION_CHANNEL && controller === SUSTAIN) pedal.push({ ms: msAt(tick), value });
  }
  const { title, verdict, repairs } = reading;
  const warnings = [...repairs.map(({ text }) => text), ...reading.warnings];
  return {
    title,
    music: toMusic(notes, pedal),
    markers: markersOf(reading, msAt),
    verdict,
    repairs,
    warnings,
  };
}

/** RP-001 has markers in the first track. One that stands hours after the music would be of no use. */
const markersOf = ({ tracks }: Reading, msAt: (tick: number) => number): Marker[] =>
  tracks[0]!.texts
    .filter(({ kind }) => kind === 'marker')
    .map(({ tick, text }) => ({ ms: msAt(tick), text }))
    .filter(({ ms }) => ms <= MAX_SECONDS * 1000);
