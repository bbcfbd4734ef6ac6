/** Who is judged and whom they are held against: files, scores, and the test split of a corpus. */

import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readMidiFile } from '../../src/music/midi/file.ts';
import { type Music, shifted, toMusic } from '../../src/music/note.ts';
import { interpret } from '../../src/music/pianist/interpretation.ts';
import { play } from '../../src/music/pianist/perform.ts';
import { phrasesOf } from '../../src/music/score/phrases.ts';
import type { Score } from '../../src/music/score/score.ts';
import { scoreClosesInItsKey } from './closure.ts';
import { pastedNotes } from './pasted.ts';
import { type Judged, judge, together } from './pieces.ts';
import { readScore } from './staves.ts';

export const PERFORMED = ['stanford-piano-rolls', 'giantmidi-piano-sample'] as const;
export const PRINTED = [
  'nifc-chopin-first-editions',
  'nifc-polish-scores',
  'openscore-lieder',
  'mutopia',
] as const;
/** Fewer bars are an exercise, or a fragment. */
const FEWEST_BARS = 8;
/** Of fewer nothing can be said. */
const FEWEST_NOTES = 2;
const FEW = 'it has fewer than two notes';
/** More than chords are apart, so that each step of the score is a strike of its own. */
const STEP_MS = 60;

/**
 * Performances: every MIDI file below the directories, or the files named, a piece each; passages do not reach over
 * markers, where movements begin.
 */
export async function judgeMidi(
  paths: readonly string[],
  leftOut: (why: string) => void = console.error,
): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const path of await filesBelow(paths, /\.midi?$/i)) {
    const midi = readMidiFile(await readFile(path));
    if ('problem' in midi) leftOut(`left out ${path}: ${midi.problem}, at byte ${midi.at}`);
    else {
      const movements = movementsOf(midi.music, midi.markers).map((music) => judge(path, music));
      if (movements.length === 0) leftOut(`left out ${path}: ${FEW}`);
      else judged.push(together(basename(path), movements));
    }
  }
  return judged;
}

/** Cut where markers stand; one without notes, or with a single one, is none. */
export function movementsOf(music: Music, markers: readonly { readonly ms: number }[]): Music[] {
  const starts = markers.length > 1 ? markers.map(({ ms }) => ms) : [0];
  return starts
    .map((from, i) => {
      const to = starts[i + 1] ?? Number.POSITIVE_INFINITY;
      const within = (ms: number) => ms >= from && ms < to;
      const notes = music.notes.filter(({ onsetMs }) => within(onsetMs));
      return toMusic(
        shifted(notes, -from),
        music.pedal.filter(({ ms }) => within(ms)).map(({ ms, value }) => ({ ms: ms - from, value })),
      );
    })
    .filter(({ notes }) => notes.length >= FEWEST_NOTES);
}

/** Scores, as MIDI on a grid or as JSON of the type `Score`, each played with an interpretation of its own. */
export async function judgeScores(
  paths: readonly string[],
  seed: number,
  leftOut: (why: string) => void = console.error,
): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const path of await filesBelow(paths, /\.(midi?|json)$/i)) {
    const score = scoreIn(await readFile(path), path);
    if ('problem' in score) leftOut(`left out ${path}: ${score.problem}`);
    else judged.push(judgePlayed(basename(path), score, seed + judged.length));
  }
  return judged;
}

function scoreIn(bytes: Buffer, path: string): Score | { readonly problem: string } {
  const none = { problem: 'no score of bars and notes' };
  try {
    const score: Score | null = path.endsWith('.json')
      ? JSON.parse(bytes.toString())
      : readScore(bytes, path);
    if (!score?.bars?.length || !score.notes?.length) return none;
    return score.notes.length < FEWEST_NOTES ? { problem: FEW } : score;
  } catch {
    return none;
  }
}

/** Human performances of a split; one file is one piece, whatever markers it has. */
export async function judgePerformed(corpus: string, source: string, split: string): Promise<Judged[]> {
  const files = (await splitOf(corpus, split)).filter((file) => file.startsWith(`${source}/`));
  const judged: Judged[] = [];
  for (const file of files) {
    const midi = readMidiFile(await readFile(join(corpus, file)));
    if (!('problem' in midi) && midi.music.notes.length >= FEWEST_NOTES) judged.push(judge(file, midi.music));
  }
  return judged;
}

/** Printed pieces of a split, `count` of them spread evenly over each source, played by our pianist. */
export async function judgePrinted(
  corpus: string,
  source: string,
  split: string,
  count: number,
  seed: number,
): Promise<Judged[]> {
  const files = (await splitOf(corpus, split)).filter((file) => file.startsWith(`${source}/`));
  const judged: Judged[] = [];
  for (const file of evenly(files, count)) {
    const score = readScore(await readFile(join(corpus, file)), file);
    if (score && score.bars.length >= FEWEST_BARS && score.notes.length >= FEWEST_NOTES)
      judged.push(judgePlayed(file, score, seed + judged.length));
  }
  return judged;
}

/** What only repeats, and the keys of beginning and end, are told by the score: it knows them exactly. */
export function judgePlayed(name: string, score: Score, seed: number): Judged {
  const phrases = phrasesOf(score);
  const { music, notes } = play(score, interpret(score, phrases, seed), phrases);
  const repeated = pastedNotes(
    score.notes.map(({ onset }, i) => ({ ...notes[i]!, onsetMs: onset * STEP_MS })),
  );
  const pasted = new Set([...repeated].map((i) => notes[i]!));
  return judge(name, music, {
    pasted: new Set(music.notes.flatMap((note, i) => (pasted.has(note) ? [i] : []))),
    closes: scoreClosesInItsKey(score),
  });
}

/** So many of a list, spread over all of it. */
export const evenly = <T>(list: readonly T[], count: number): T[] =>
  list.filter(
    (_, i) => Math.floor((i * count) / list.length) !== Math.floor(((i - 1) * count) / list.length),
  );

async function splitOf(corpus: string, split: string): Promise<string[]> {
  const table = await readFile(join(corpus, 'splits.tsv'), 'utf8');
  const rows = table.split('\n').map((line) => line.split('\t'));
  return rows.filter(([, own]) => own === split).map(([file]) => file!);
}

async function filesBelow(paths: readonly string[], name: RegExp): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    if (!(await stat(path)).isDirectory()) files.push(path);
    else {
      const below = (await readdir(path, { recursive: true })).filter((file) => name.test(file)).sort();
      files.push(...below.map((file) => join(path, file)));
    }
  }
  return files;
}
