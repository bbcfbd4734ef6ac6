import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { vocabularyHash } from '../adapters/vocabulary-hash.ts';
import { readMidiFile } from '../music/midi-file.ts';
import { encode, VOCABULARY } from '../music/tokens.ts';
import { CliError, printJson, say } from './output.ts';
import { examples } from './schedule.ts';

const SPLITS = ['train', 'valid', 'test'] as const;
type Split = (typeof SPLITS)[number];
type Piece = { file: string; source: string; start: number; length: number; flatVelocity: boolean };

/** Below this many distinct velocities a file says nothing about loudness. */
const EXPRESSIVE_VELOCITIES = 8;

export function registerCorpus(program: Command): void {
  const corpus = program
    .command('corpus')
    .description('Prepare the music that the model learns from')
    .addHelpText('before', examples('corpus tokens --corpus music/ --out model/data'));
  corpus
    .command('tokens')
    .description('Write every piece of a corpus as tokens: one shard a split, and an index')
    .requiredOption('--corpus <dir>', 'directory with splits.tsv and the MIDI files it names')
    .requiredOption('--out <dir>', 'where the shards go')
    .option('--json', 'print one JSON object')
    .addHelpText('before', examples('corpus tokens --corpus music/ --out model/data'))
    .action(writeTokens);
}

async function writeTokens(options: { corpus: string; out: string; json?: boolean }): Promise<void> {
  const table = await readFile(join(options.corpus, 'splits.tsv'), 'utf8').catch(() => {
    throw new CliError(
      'notFound',
      'no_corpus',
      `${options.corpus} has no splits.tsv: give the corpus directory`,
    );
  });
  const shards: Record<Split, number[]> = { train: [], valid: [], test: [] };
  const pieces: Record<Split, Piece[]> = { train: [], valid: [], test: [] };
  const refused: string[] = [];
  for (const line of table.split('\n').slice(1)) {
    const [file, split] = line.split('\t') as [string, Split];
    if (!file || !SPLITS.includes(split)) continue;
    const midi = readMidiFile(await readFile(join(options.corpus, file)));
    if ('problem' in midi) {
      refused.push(`${file}: ${midi.problem}`);
      continue;
    }
    const tokens = encode(midi.music);
    const velocities = new Set(midi.music.notes.map((note) => note.velocity));
    pieces[split].push({
      file,
      source: file.split('/')[0]!,
      start: shards[split].length,
      length: tokens.length,
      flatVelocity: velocities.size < EXPRESSIVE_VELOCITIES,
    });
    for (const token of tokens) shards[split].push(token);
  }
  await mkdir(options.out, { recursive: true });
  for (const split of SPLITS)
    await writeFile(join(options.out, `${split}.bin`), Uint16Array.from(shards[split]));
  const vocabulary = { ...VOCABULARY, hash: vocabularyHash() };
  await writeFile(join(options.out, 'index.json'), JSON.stringify({ vocabulary, splits: pieces }));
  for (const reason of refused) say(`left out ${reason}`);
  const summary = Object.fromEntries(
    SPLITS.map((split) => [split, { pieces: pieces[split].length, tokens: shards[split].length }]),
  );
  if (options.json) printJson({ ...summary, refused: refused.length });
  else
    for (const split of SPLITS)
      say(`${split}: ${pieces[split].length} pieces, ${shards[split].length} tokens`);
}
