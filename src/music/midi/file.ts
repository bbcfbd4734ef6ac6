import * as toneMidi from '@tonejs/midi';
import { type Music, type Note, type PedalChange, toMusic } from '../note.ts';
import { type Problem, walkSmf } from './walk.ts';

/**
 * Standard MIDI Files in and out. We write ticks that are milliseconds: 500 ticks a quarter at 120 quarters a
 * minute, so that file, wire and page agree to the number.
 */
const PPQ = 500;
const BPM = 120;
const SUSTAIN = 64;
const PERCUSSION_CHANNEL = 9;

// The package is CommonJS with a bundler's ES build beside it: Node puts its names under `default`, bundlers do not.
type MidiClass = typeof toneMidi.Midi;
const Midi: MidiClass =
  toneMidi.Midi ?? (toneMidi as unknown as { default: { Midi: MidiClass } }).default.Midi;

/** A named instant, written as a marker; a movement begins at each. */
export type Marker = { readonly ms: number; readonly text: string };

export type MidiFile = {
  readonly title: string;
  readonly music: Music;
  readonly markers: readonly Marker[];
};

/**
 * Reads a file of any origin. Onset and duration are rounded separately to whole milliseconds; a note lasts at
 * least 1 ms. The pedal is kept as it is. Bad bytes are an expected outcome: `problem` says what is wrong, and where.
 */
export function readMidiFile(bytes: Uint8Array): (MidiFile & { warnings: readonly string[] }) | Problem {
  const walked = walkSmf(bytes);
  if ('problem' in walked) return walked;
  const midi = new Midi(walked.bytes);
  const notes: Note[] = [];
  const pedal: PedalChange[] = [];
  for (const track of midi.tracks) {
    if (track.channel === PERCUSSION_CHANNEL) continue;
    for (const note of track.notes) {
      notes.push({
        onsetMs: Math.round(note.time * 1000),
        durationMs: Math.max(1, Math.round(note.duration * 1000)),
        pitch: note.midi,
        velocity: Math.max(1, Math.round(note.velocity * 127)),
      });
    }
    for (const change of track.controlChanges[SUSTAIN] ?? []) {
      pedal.push({ ms: Math.round(change.time * 1000), value: Math.round(change.value * 127) });
    }
  }
  if (notes.length === 0) return { problem: 'the file has no notes', at: 0 };
  const markers = midi.header.meta
    .filter((meta) => meta.type === 'marker')
    .map((meta) => ({ ms: Math.round(midi.header.ticksToSeconds(meta.ticks) * 1000), text: meta.text }));
  return { title: midi.header.name, music: toMusic(notes, pedal), markers, warnings: walked.warnings };
}

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
