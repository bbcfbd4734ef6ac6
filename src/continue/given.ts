/** What others give to be gone on from: read, judged and laid in bars before any long work. */
import { type MidiMusic, musicOf } from '../music/midi/file.ts';
import { areWritable, MOST_LANES } from '../music/midi/lanes.ts';
import { type Reason, type Refusal, refusedBySize } from '../music/midi/limits.ts';
import { readSmf } from '../music/midi/walk.ts';
import { BARS_TOO_LONG, type Placed, placeMusic } from '../music/score/place.ts';

/** Music that can be gone on from. */
export type Given = {
  readonly outcome: 'given';
  readonly file: MidiMusic;
  readonly placed: Placed;
};

/** Why it cannot be gone on from: a code for programs (those of docs/midi.md among them) and a sentence for people. */
export type Refused = {
  readonly outcome: 'refused';
  readonly reason: Reason | 'no_bars' | 'too_many_strikes' | 'no_room';
  readonly message: string;
  /** Offset in the file, where it is the file's bytes that cannot be used. */
  readonly at?: number;
};

/** @param name what the file is called in a sentence */
export function readGiven(bytes: Uint8Array, name: string): Given | Refused {
  const reading = refusedBySize(bytes.length) ?? readSmf(bytes);
  if ('problem' in reading) return unreadable(reading, name);
  const file = musicOf(reading);
  if (!areWritable(file.music.notes)) return tooManyStrikes(name);
  const placed = placeMusic(reading);
  if (placed) return { outcome: 'given', file, placed };
  return { outcome: 'refused', reason: 'no_bars', message: `${name} ${BARS_TOO_LONG}` };
}

/** Of a file that is too long to be read at all. */
export function refusedLength(length: number, name: string): Refused {
  const refusal = refusedBySize(length);
  if (!refusal) throw new RangeError(`a file of ${length} bytes is not too long`);
  return unreadable(refusal, name);
}

const unreadable = ({ reason, problem, at }: Refusal, name: string): Refused => ({
  outcome: 'refused',
  reason,
  message: `${name} is no music that can be read: ${problem}`,
  at,
});

export function tooManyStrikes(name: string): Refused {
  const held = `${name} holds a key more than ${MOST_LANES} times at once, which cannot be written`;
  return { outcome: 'refused', reason: 'too_many_strikes', message: `${held}: give other music` };
}
