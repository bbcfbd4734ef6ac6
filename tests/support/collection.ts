/** Somebody's own collection, made by rule: songs without words of two staves, no two alike. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from '../../src/music/random.ts';
import { END_OF_TRACK, smf } from './smf.ts';

/** Ticks. */
const EIGHTH = 240;
const BARS = 32;
const MAJOR = [0, 2, 4, 5, 7, 9, 11];
/** A chord a bar, as degrees of the scale; the eighth rests on the tonic. */
const CHORDS = [0, 3, 4, 0, 5, 3, 4, 0];
/** Which of a chord's notes the left hand plays on the eighths of a bar. */
const FIGURE = [0, 2, 1, 2, 0, 2, 1, 2];

type Played = { readonly tick: number; readonly ticks: number; readonly pitch: number };

/** @param pieces MIDI files that are written: 4/4, in any of twelve keys */
export async function writeCollection(directory: string, pieces: number): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (let i = 0; i < pieces; i++)
    await writeFile(join(directory, `song-${String(i + 1).padStart(3, '0')}.mid`), song(i));
}

function song(seed: number): Uint8Array {
  const random = seededRandom(seed);
  const tonic = 48 + (seed % 12);
  const pitchOf = (degree: number): number =>
    tonic + 12 * Math.floor(degree / 7) + MAJOR[((degree % 7) + 7) % 7]!;
  const left: Played[] = [];
  const right: Played[] = [];
  let degree = 7;
  for (let bar = 0; bar < BARS; bar++) {
    const chord = CHORDS[bar % CHORDS.length]!;
    const start = bar * 8 * EIGHTH;
    for (const [i, third] of FIGURE.entries())
      left.push({ tick: start + i * EIGHTH, ticks: EIGHTH, pitch: pitchOf(chord + 2 * third - 7) });
    const rests = bar % 4 === 3;
    const lengths = rests ? [8] : random() < 0.5 ? [2, 2, 2, 2] : [3, 1, 2, 2];
    let at = 0;
    for (const eighths of lengths) {
      const step = Math.floor(random() * 5) - 2;
      degree = rests ? 7 + chord : Math.min(16, Math.max(5, degree + step));
      right.push({ tick: start + at * EIGHTH, ticks: eighths * EIGHTH, pitch: pitchOf(degree) });
      at += eighths;
    }
  }
  const metre = [0, 0xff, 0x58, 4, 4, 2, 24, 8, ...END_OF_TRACK];
  return smf({ format: 1, tracks: [metre, staff(right), staff(left)] });
}

function staff(notes: readonly Played[]): number[] {
  const events = notes.flatMap(({ tick, ticks, pitch }) => [
    { tick: tick + ticks, bytes: [0x80, pitch, 0] },
    { tick, bytes: [0x90, pitch, 70] },
  ]);
  const bytes: number[] = [];
  let before = 0;
  // Releases before strikes.
  for (const { tick, bytes: own } of events.sort((a, b) => a.tick - b.tick || a.bytes[0]! - b.bytes[0]!)) {
    bytes.push(...quantity(tick - before), ...own);
    before = tick;
  }
  return [...bytes, ...END_OF_TRACK];
}

const quantity = (ticks: number): number[] => (ticks < 128 ? [ticks] : [0x80 | (ticks >> 7), ticks & 127]);
