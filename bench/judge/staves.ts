/** Printed music in MIDI files, as staves: ticks, tracks, metres. */
import * as toneMidi from '@tonejs/midi';
import { layOut, type Staves } from '../../src/music/score/lay-out.ts';
import type { Score } from '../../src/music/score/score.ts';

type MidiClass = typeof toneMidi.Midi;
const Midi: MidiClass =
  toneMidi.Midi ?? (toneMidi as unknown as { default: { Midi: MidiClass } }).default.Midi;
const PERCUSSION_CHANNEL = 9;

/** @param path says whether it is a song, as the corpus is laid out */
export function stavesOf(bytes: Uint8Array, path: string): Staves {
  const midi = new Midi(bytes);
  return {
    ppq: midi.header.ppq,
    signatures: midi.header.timeSignatures.map(({ ticks, timeSignature: [beats = 4, unit = 4] }) => ({
      tick: ticks,
      metre: { beats, unit },
    })),
    staves: midi.tracks
      .filter(({ channel }) => channel !== PERCUSSION_CHANNEL)
      .map((track) => ({
        program: track.instrument.number,
        notes: track.notes.map(({ ticks, durationTicks, midi: pitch }) => ({
          tick: ticks,
          ticks: durationTicks,
          pitch,
        })),
      })),
    song: /(^|\/)song\/|lieder/.test(path),
  };
}

/** @returns null where there is nothing that bars can be put around */
export function readScore(bytes: Uint8Array, path: string): Score | null {
  const staves = stavesOf(bytes, path);
  // Duets and chamber music have more staves than one pianist has hands.
  return layOut(staves);
}
