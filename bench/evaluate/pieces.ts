import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { programmeWithin } from '../../src/compose/budget.ts';
import { compose } from '../../src/compose/performance.ts';
import type { Sampler } from '../../src/compose/sampler.ts';
import { type MidiFile, readMidiFile } from '../../src/music/midi/file.ts';
import { type Music, toMusic } from '../../src/music/note.ts';
import { foldPedal } from '../../src/music/pedal.ts';
import { passage } from '../../src/music/plan/section.ts';
import { FEWEST_NOTES } from '../../src/music/taste/ranges.ts';
import type { Taste } from '../../src/music/taste/taste.ts';
import type { PerformanceRecord } from '../../src/ports.ts';

/** What is measured: a movement of a performance, or the whole of a file that has no markers. */
export type Piece = {
  readonly name: string;
  readonly music: Music;
  /** From its last release to the next movement, or to the end of the file; milliseconds. */
  readonly silenceMs?: number;
};

/** Movements are cut at the markers, so that the silence between them counts for neither. */
export function movementsOf(name: string, { music, markers }: Pick<MidiFile, 'music' | 'markers'>): Piece[] {
  const { notes } = foldPedal(music);
  const starts = markers.length > 1 ? markers.map(({ ms }) => ms) : [0];
  return starts
    .map((from, i) => {
      const to = starts[i + 1] ?? Number.POSITIVE_INFINITY;
      const own = notes.filter(({ onsetMs }) => onsetMs >= from && onsetMs < to);
      const moved = toMusic(own.map((note) => ({ ...note, onsetMs: note.onsetMs - from })));
      const silenceMs = Math.min(to, music.durationMs) - from - moved.durationMs;
      return { name: starts.length > 1 ? `${name} ${i + 1}` : name, music: moved, silenceMs };
    })
    .filter((piece) => piece.music.notes.length >= FEWEST_NOTES);
}

/** Every MIDI file named, or below a directory named. */
export async function readPieces(paths: readonly string[]): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const path of paths) {
    const files = (await stat(path)).isDirectory()
      ? (await readdir(path, { recursive: true })).filter((name) => /\.midi?$/i.test(name)).sort()
      : [''];
    for (const file of files) {
      const midi = readMidiFile(await readFile(join(path, file)));
      if ('problem' in midi) console.error(`left out ${join(path, file)}: ${midi.problem}`);
      else pieces.push(...movementsOf(basename(join(path, file)), midi));
    }
  }
  return pieces;
}

/** The test split of a corpus, of the sources named: what nobody trained on. */
export async function readReferences(corpus: string, sources: readonly string[]): Promise<Piece[]> {
  const table = await readFile(join(corpus, 'splits.tsv'), 'utf8');
  const files = table
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([file, split]) => split === 'test' && sources.includes(file!.split('/')[0]!))
    .map(([file]) => join(corpus, file!));
  // A reference is one piece whatever markers it has.
  const pieces: Piece[] = [];
  for (const file of files) {
    const midi = readMidiFile(await readFile(file));
    if (!('problem' in midi)) pieces.push(...movementsOf(basename(file), { music: midi.music, markers: [] }));
  }
  return pieces;
}

/** A fresh performance, as `pianola compose` makes it. */
export async function composePieces(
  composer: { readonly sampler: Sampler; readonly taste: Taste | null },
  seed: number,
  minutes: number,
  candidates: number,
): Promise<{ readonly pieces: Piece[]; readonly midi: Uint8Array; readonly record: PerformanceRecord }> {
  const clock = { now: () => 0 };
  const { midi, record } = await compose(
    { date: '2026-01-01', seed, minutes, candidates },
    { ...composer, clock },
  );
  const file = readMidiFile(midi);
  if ('problem' in file) throw new Error(file.problem);
  const pieces = movementsOf(`seed ${seed}`, file);
  const named = pieces.map((piece, i) => ({
    ...piece,
    name: `${piece.name}: ${record.movements[i]?.title ?? ''}`,
  }));
  return { pieces: named, midi, record };
}

/** Each movement of a fresh performance's programme sampled in one go: what the network does without form. */
export async function singlePasses(sampler: Sampler, seed: number, minutes: number): Promise<Piece[]> {
  const { plans } = programmeWithin(Number.POSITIVE_INFINITY, minutes, seed);
  const sampled = await Promise.all(
    plans.map(({ controls, notesPerSecond, lengthMs }, i) =>
      sampler.sample(passage(controls, notesPerSecond, lengthMs), seed * 100 + i),
    ),
  );
  return sampled.map(({ notes }, i) => ({ name: `single pass ${seed} ${i + 1}`, music: toMusic(notes) }));
}
