import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readMidiFile } from '../../../music/midi/file.ts';
import { encode, VOCABULARY } from '../../../music/tokens/vocabulary.ts';
import { vocabularyHash } from '../../../sampling/vocabulary-hash.ts';
import { examples } from '../../terminal/help.ts';
import { CliError, printJson, say } from '../../terminal/output.ts';
import { progressBar } from '../../terminal/progress.ts';

const SPLITS = ['train', 'valid', 'test'] as const;
type Split = (typeof SPLITS)[number];
type Piece = { file: string; source: string; start: number; length: number; flatVelocity: boolean };

/** Below this many distinct velocities a file says nothing about loudness. */
const EXPRESSIVE_VELOCITIES = 8;

export function registerCorpus(program: Command): void {
  const corpus = program
    .command('corpus')
    .description('Prepare the music that the model learns from')
    .addHelpText(
      'before',
      examples('corpus collect ~/midi --out music/', 'corpus tokens --corpus music/ --out model/data'),
    );
  corpus
    .command('collect')
    .description('Gather MIDI files: what can be read, each piece once, divided into train, valid and test')
    .argument('<directory...>', 'where they lie, at any depth; each becomes a source of its own')
    .requiredOption('--out <dir>', 'where the corpus goes')
    .option('--dry-run', 'show what would be collected, and write nothing')
    .option('--force', 'replace the corpus that is there')
    .option('--json', 'print one JSON object')
    .addHelpText('before', examples('corpus collect ~/midi ~/rolls --out music/'))
    .action(async (directories: string[], options: { out: string }) => {
      const { collect } = await import('./collect.ts');
      await collect(directories, options);
    });
  corpus
    .command('tokens')
    .description('Write every piece of a corpus as tokens: one shard a split, and an index')
    .requiredOption('--corpus <dir>', 'directory with splits.tsv and the MIDI files it names')
    .requiredOption('--out <dir>', 'where the shards go')
    .option('--json', 'print one JSON object')
    .addHelpText('before', examples('corpus tokens --corpus music/ --out model/data'))
    .action(writeTokens);
  corpus
    .command('stats')
    .description('Show what a corpus consists of, by source and by split')
    .requiredOption('--corpus <dir>', 'directory with splits.tsv and the MIDI files it names')
    .option('--json', 'print one JSON object')
    .addHelpText('before', examples('corpus stats --corpus music/'))
    .action(async ({ corpus, json }: { corpus: string; json?: boolean }) => {
      const { printStats } = await import('./stats.ts');
      await printStats(corpus, await readSplits(corpus), json ?? false);
    });
}

/** The pieces of a corpus and the split that each belongs to. */
async function readSplits(corpus: string): Promise<(readonly [file: string, split: Split])[]> {
  const table = await readFile(join(corpus, 'splits.tsv'), 'utf8').catch(() => {
    throw new CliError('notFound', 'no_corpus', `${corpus} has no splits.tsv: give the corpus directory`);
  });
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t') as [string, Split])
    .filter(([file, split]) => file && SPLITS.includes(split))
    .map(([file, split]) => [file, split] as const);
}

async function writeTokens(options: { corpus: string; out: string; json?: boolean }): Promise<void> {
  const rows = await readSplits(options.corpus);
  const shards: Record<Split, number[]> = { train: [], valid: [], test: [] };
  const pieces: Record<Split, Piece[]> = { train: [], valid: [], test: [] };
  const refused: string[] = [];
  const bar = progressBar(`Reading ${options.corpus}`);
  for (const [index, [file, split]] of rows.entries()) {
    bar.update(index / rows.length, `${index} of ${rows.length}`);
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
  bar.done();
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
