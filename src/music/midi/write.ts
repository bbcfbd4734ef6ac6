/**
 * Standard MIDI Files out. We write ticks that are milliseconds: 500 ticks a quarter at 120 quarters a minute, so that
 * file, wire and page agree to the number.
 */
import * as toneMidi from '@tonejs/midi';
import type { MidiFile } from './file.ts';
import { SUSTAIN } from './reading.ts';

const PPQ = 500;
const BPM = 120;

// The package is CommonJS with a bundler's ES build beside it: Node puts its names under `default`, bundlers do not.
type MidiClass = typeof toneMidi.Midi;
const Midi: MidiClass =
  toneMidi.Midi ?? (toneMidi as unknown as { default: { Midi: MidiClass } }).default.Midi;

/** The same music gives the same bytes. Titles and markers must be ASCII: SMF text has no stated encoding. */
export function writeMidiFile(file: MidiFile): Uint8Array {
  const midi = new Midi();
  midi.header.fromJSON({
    name: file.title,
    ppq: PPQ,
    tempos: [{ ticks: 0, bpm: BPM }],
    timeSignatures: [],
    keySignatures: [],
    meta: file.markers.map(({ ms, text }) => ({ type: 'marker', ticks: ms, text })),
  });
  const track = midi.addTrack();
  // The library keeps n/127 and writes floor(127 · that), which gives back every n from 0 to 127.
  const fraction = (value: number): number => value / 127;
  for (const note of file.music.notes) {
    track.addNote({
      midi: note.pitch,
      ticks: note.onsetMs,
      durationTicks: note.durationMs,
      velocity: fraction(note.velocity),
    });
  }
  for (const change of file.music.pedal) {
    track.addCC({ number: SUSTAIN, ticks: change.ms, value: fraction(change.value) });
  }
  return midi.toArray();
}
