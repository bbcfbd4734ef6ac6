/** What is given back: the music with its continuation as MIDI, a record of it, its roll as a picture, and the sheet. */
import { hash } from 'node:crypto';
import { type Continuation, type GoOnPorts, goOn, seedOfMusic } from '../compose/continuation.ts';
import { DEFAULT_CANDIDATES } from '../compose/performance.ts';
import { type MidiFile, readMidiFile } from '../music/midi/file.ts';
import { writeLanes } from '../music/midi/lanes.ts';
import type { Repair } from '../music/midi/limits.ts';
import { musicXml } from '../music/sheet/musicxml.ts';
import { rollPng } from '../publish/pictures/roll.ts';
import { type Given, type Refused, tooManyStrikes } from './given.ts';

/** What is known of a continuation; stored beside its MIDI. */
export type ContinuationRecord = {
  readonly schema: 1;
  /** Of the file that was given; its name where it has no title. */
  readonly title: string;
  readonly name: string;
  readonly verdict: 'accepted' | 'accepted with repairs';
  readonly repairs: readonly Repair[];
  /** Sentences for people, those of the repairs among them. */
  readonly warnings: readonly string[];
  readonly notes: number;
  readonly addedNotes: number;
  readonly durationMs: number;
  /** The first onset of what was added, milliseconds. */
  readonly continuedFromMs: number;
  /** E.g. "Continuation in D minor". */
  readonly movement: string;
  readonly quartersPerMinute: number;
  /** Whether beats had to be found, since the file has no grid. */
  readonly quantised: boolean;
  readonly minutes: number;
  readonly candidates: number;
  readonly seed: number;
  readonly tokens: number;
  readonly modelSha256: string;
  readonly midiSha256: string;
};

export type Answer = {
  readonly outcome: 'continued';
  readonly record: ContinuationRecord;
  readonly midi: Uint8Array;
  readonly roll: Uint8Array;
  /** MusicXML of what was added. */
  readonly sheet: string;
};

export type AnswerSettings = {
  readonly name: string;
  /** How much is added. */
  readonly minutes: number;
  /** One that belongs to the music where none is given. */
  readonly seed?: number;
  readonly candidates?: number;
};

/** The same music, settings and model give the same bytes. @throws what the sampler throws */
export async function answer(
  given: Given,
  settings: AnswerSettings,
  ports: GoOnPorts,
): Promise<Answer | Refused> {
  const { file, placed } = given;
  const { name, minutes, seed = seedOfMusic(file.music), candidates = DEFAULT_CANDIDATES } = settings;
  const made = await goOn(file.music, placed, { minutes, seed, candidates }, ports);
  if (made === null) {
    return {
      outcome: 'refused',
      reason: 'no_room',
      message: `${name} holds every key: nothing can be added`,
    };
  }
  const midi = midiOf(name, file, made);
  if ('outcome' in midi) return midi;
  const { music, score, slurs, home, quartersPerMinute, title: movement } = made;
  const title = titleOf(file, name);
  const movements = [{ title: movement, score, slurs, home, quartersPerMinute }];
  const record = {
    schema: 1,
    title,
    name,
    ...{ verdict: file.verdict, repairs: file.repairs, warnings: file.warnings },
    notes: music.notes.length,
    addedNotes: music.notes.length - file.music.notes.length,
    durationMs: music.durationMs,
    continuedFromMs: made.continuedFromMs,
    movement,
    quartersPerMinute: Math.round(quartersPerMinute * 10) / 10,
    quantised: made.quantised,
    ...{ minutes, candidates, seed, tokens: made.tokens },
    modelSha256: ports.sampler.sha256,
    midiSha256: hash('sha256', midi),
  } as const;
  const sheet = musicXml({ title: `${title}, continued`, colophon: 'Continued by Pianola', movements });
  return { outcome: 'continued', record, midi, roll: rollPng(music).png, sheet };
}

/** The file, read back as anybody's would be: what we could not play ourselves is not written. */
function midiOf(
  name: string,
  file: MidiFile,
  { music, continuedFromMs }: Continuation,
): Uint8Array | Refused {
  const markers = file.markers.map(({ ms, text }) => ({ ms, text: ascii(text) }));
  const midi = writeLanes({
    title: titleOf(file, name),
    music,
    markers: [...markers, { ms: continuedFromMs, text: 'Continuation' }].sort((a, b) => a.ms - b.ms),
  });
  if (midi === null) return tooManyStrikes(name);
  const read = readMidiFile(midi);
  if (!('problem' in read)) return midi;
  const message = `${name} leaves no room to go on: ${read.problem}; give less`;
  return { outcome: 'refused', reason: 'too_long', message };
}

const titleOf = ({ title }: MidiFile, name: string): string =>
  ascii(title || name.replace(/^.*[\\/]|\.(midi?|kar|rmi)$/gi, ''));
/** Text in a MIDI file has no stated encoding: what others wrote is kept where it can be meant one way only. */
const ascii = (text: string): string => text.replace(/[^ -~]/g, '?');
