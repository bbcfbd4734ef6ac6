/** `corpus`: gather music, write it as tokens, and tell what is there. */
import type { Command } from 'commander';
import { examples } from '../../terminal/help.ts';
import {
  addressOption,
  countOption,
  DEFAULT_DATA,
  heldOutOption,
  rateOption,
} from '../../terminal/options.ts';
import type { Options as CollectOptions } from './collect.ts';
import type { PublishOptions, WithdrawOptions } from './publish.ts';

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
    .argument('<place...>', 'directories, and addresses of sites; each becomes a source of its own')
    .requiredOption('--out <dir>', 'where the corpus goes')
    .option(
      '--held-out <n>',
      'of a hundred pieces so many are kept from learning to choose by (valid), and as many to report on (test), 1 to 40',
      heldOutOption,
      4,
    )
    .option(
      '--contact <address>',
      'of a site: e-mail or web address where its owner can reach you; sent with every request',
      addressOption,
    )
    .option('--rate <number>', 'of a site: requests a second, at most', rateOption, 1)
    .option('--most <count>', 'of a site: addresses that are visited, at most', countOption, 10_000)
    .option('--dry-run', 'show what would be collected of directories, and write nothing')
    .option('--force', 'replace the corpus that is there')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'before',
      examples(
        'corpus collect ~/midi ~/rolls --out music/',
        'corpus collect http://midi.example/~anna/ --contact me@example.org --out music/',
      ),
    )
    .action(async (places: string[], options: CollectOptions) => {
      const { collect } = await import('./collect.ts');
      await collect(places, options);
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
  registerShelf(corpus);
}

/** What is public of it. */
function registerShelf(corpus: Command): void {
  corpus
    .command('publish')
    .description(
      'Put a corpus on the station’s shelf, /shelf/: by site, with names, links and what is said of rights',
    )
    .argument('<dir>', 'directory with splits.tsv and the MIDI files it names')
    .requiredOption(
      '--takedown <address>',
      'e-mail or web address for whoever wants something taken away',
      addressOption,
    )
    .option('--data <dir>', 'data directory; PIANOLA_DATA in the environment', DEFAULT_DATA)
    .option('--stage <name>', 'of a deployed stage, instead of this machine')
    .option('--dry-run', 'show what would be published, and write nothing')
    .option('--json', 'print one JSON object')
    .addHelpText('before', examples('corpus publish music/ --takedown archive@example.org'))
    .action(async (directory: string, options: PublishOptions) => {
      const { publishCorpus } = await import('./publish.ts');
      await publishCorpus(directory, options);
    });
  corpus
    .command('withdraw')
    .description('Take pieces off the shelf, for good: no later publication brings them back')
    .argument('[piece...]', 'their links, or the 16 digits at the end of them')
    .option('--all', 'everything that is there')
    .option('--data <dir>', 'data directory; PIANOLA_DATA in the environment', DEFAULT_DATA)
    .option('--stage <name>', 'of a deployed stage, instead of this machine')
    .option('--json', 'print one JSON object')
    .addHelpText('before', examples('corpus withdraw 0123456789abcdef'))
    .action(async (pieces: string[], options: WithdrawOptions) => {
      const { withdrawPieces } = await import('./publish.ts');
      await withdrawPieces(pieces, options);
    });
}
