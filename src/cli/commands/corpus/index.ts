/** `corpus`: gather music, write it as tokens, and tell what is there. */
import type { Command } from 'commander';
import { examples } from '../../terminal/help.ts';
import { heldOutOption } from '../../terminal/options.ts';

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
    .option(
      '--held-out <n>',
      'of a hundred pieces so many are kept from learning to choose by (valid), and as many to report on (test), 1 to 40',
      heldOutOption,
      4,
    )
    .option('--dry-run', 'show what would be collected, and write nothing')
    .option('--force', 'replace the corpus that is there')
    .option('--json', 'print one JSON object')
    .addHelpText('before', examples('corpus collect ~/midi ~/rolls --out music/'))
    .action(async (directories: string[], options: { out: string; heldOut: number }) => {
      const { collect } = await import('./collect.ts');
      await collect(directories, options);
    });
  corpus
    .command('tokens')
    .description('Write every piece of a corpus that has bars as tokens: one shard a split, and an index')
    .requiredOption('--corpus <dir>', 'directory with splits.tsv and the MIDI files it names')
    .requiredOption('--out <dir>', 'where the shards go')
    .option('--json', 'print one JSON object')
    .addHelpText('before', examples('corpus tokens --corpus music/ --out model/data'))
    .action(async (options: { corpus: string; out: string }) => {
      const { writeTokens } = await import('./tokens.ts');
      await writeTokens(options);
    });
  corpus
    .command('stats')
    .description('Show what a corpus consists of, by source and by split')
    .requiredOption('--corpus <dir>', 'directory with splits.tsv and the MIDI files it names')
    .option('--json', 'print one JSON object')
    .addHelpText('before', examples('corpus stats --corpus music/'))
    .action(async ({ corpus, json }: { corpus: string; json?: boolean }) => {
      const { printStats } = await import('./stats.ts');
      await printStats(corpus, json ?? false);
    });
}
