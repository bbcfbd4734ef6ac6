import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { Models } from '../../../ports.ts';
import { isoIn } from '../../../schedule/index.ts';
import { openBackend } from '../../place/place.ts';
import { confirm } from '../../terminal/confirm.ts';
import { examples } from '../../terminal/help.ts';
import { DEFAULT_DATA, PACKAGED_MODEL } from '../../terminal/options.ts';
import { CliError, printJson, printLine, say } from '../../terminal/output.ts';
import { progressBar } from '../../terminal/progress.ts';
import { checkModel } from './check.ts';

type Options = { data: string; stage?: string; json?: boolean; dryRun?: boolean; yes?: boolean };

export function registerModels(program: Command): void {
  const models = program
    .command('models')
    .description('Keep several models, choose which one composes, and take a bad one back')
    .addHelpText(
      'before',
      examples('models list', 'models push model/', 'models promote 31ae1a20', 'models rollback'),
    );
  common(models.command('list').description('List the models; the one in use is marked'))
    .addHelpText('before', examples('models list', 'models list --json'))
    .action(list);
  common(
    models
      .command('push')
      .description('Check a model and keep it; it composes nothing until it is promoted')
      .argument('<directory>', 'with model.json and the weights it names'),
  )
    .option('--dry-run', 'check it, and keep nothing')
    .addHelpText('before', examples('models push model/'))
    .action(push);
  common(
    models
      .command('promote')
      .description('Check a kept model once more and compose with it from now on')
      .argument('<sha256>', 'of its weights; its first digits suffice', digestArgument),
  )
    .option('--dry-run', 'check it, and leave the one in use')
    .addHelpText('before', examples('models promote 31ae1a20', 'models promote 31ae1a20 --dry-run'))
    .action(promote);
  common(models.command('rollback').description('Go back to the model that was in use before'))
    .option('--dry-run', 'show which one that is')
    .option('--yes', 'do not ask')
    .addHelpText('before', examples('models rollback --yes'))
    .action(rollback);
}

async function list(options: Options): Promise<void> {
  const store = await openStore(options);
  const inUse = (await store.promoted()).at(-1) ?? null;
  const stored = await store.list();
  const rows = stored.map(({ record, pushedAt }) => ({
    sha256: record.sha256,
    inUse: record.sha256 === inUse,
    pushedAt,
    bytes: record.bytes,
    opset: record.opset,
    contextLength: record.contextLength,
  }));
  if (options.json) {
    printJson({ sha256: null, packaged: true, inUse: inUse === null, directory: PACKAGED_MODEL });
    for (const row of rows) printJson(row);
    return;
  }
  printLine(`${inUse === null ? '*' : ' '} packaged          the one that came with this version`);
  for (const { sha256, inUse, bytes, pushedAt } of rows) {
    const size = `${(bytes / 1e6).toFixed(1)} MB`;
    printLine(`${inUse ? '*' : ' '} ${sha256.slice(0, 16)}  ${size}, kept since ${isoIn('UTC', pushedAt)}`);
  }
}

async function push(directory: string, options: Options): Promise<void> {
  const store = await openStore(options, !options.dryRun);
  const { record, testNotes } = await checked(directory);
  const outcome = options.dryRun ? 'checked' : await store.push(resolve(directory), record);
  if (options.json) return printJson({ sha256: record.sha256, outcome, testNotes });
  printLine(record.sha256);
  const verb = { pushed: 'Kept', present: 'There already:', checked: 'Would keep' }[outcome];
  say(
    `${verb} model ${record.sha256.slice(0, 16)}; use it with: pianola models promote ${record.sha256.slice(0, 8)}`,
  );
}

async function promote(digits: string, options: Options): Promise<void> {
  const store = await openStore(options, !options.dryRun);
  const sha256 = await find(digits, store);
  const { testNotes } = await checked(await store.bring(sha256));
  if (!options.dryRun) await store.promote(sha256);
  if (options.json) return printJson({ sha256, promoted: !options.dryRun, testNotes });
  say(`${options.dryRun ? 'Would compose' : 'From now on composes'} with model ${sha256.slice(0, 16)}`);
}

async function rollback(options: Options): Promise<void> {
  const store = await openStore(options, !options.dryRun);
  const history = await store.promoted();
  const from = history.at(-1);
  if (from === undefined) {
    throw new CliError(
      'notFound',
      'no_promotion',
      'no model was promoted here: the packaged one is in use already',
    );
  }
  const to = history.at(-2) ?? null;
  const name = to === null ? 'the packaged model' : `model ${to.slice(0, 16)}`;
  if (!options.dryRun) {
    if (!options.yes) await confirm(`Go back from model ${from.slice(0, 16)} to ${name}?`, options);
    if ((await store.rollback(from)) === 'changed') {
      const message = 'another model was promoted meanwhile: look with pianola models list, then try again';
      throw new CliError('conflict', 'changed', message);
    }
  }
  if (options.json) return printJson({ from, to, rolledBack: !options.dryRun });
  say(`${options.dryRun ? 'Would go' : 'Went'} back from model ${from.slice(0, 16)} to ${name}`);
}

async function checked(directory: string) {
  const bar = progressBar(`Checking ${directory}`);
  return checkModel(directory, bar.update).finally(bar.done);
}

async function find(digits: string, store: Models): Promise<string> {
  const all = (await store.list()).map(({ record }) => record.sha256);
  const found = all.filter((sha256) => sha256.startsWith(digits.toLowerCase()));
  if (found.length === 1) return found[0]!;
  const instead = 'pianola models list shows them';
  if (found.length > 1) {
    throw new CliError(
      'usage',
      'ambiguous',
      `${found.length} models begin with ${digits}: give more digits; ${instead}`,
    );
  }
  throw new CliError('notFound', 'no_model', `no model that is kept begins with ${digits}: ${instead}`);
}

const openStore = async (options: Options, writing = false): Promise<Models> =>
  (await openBackend(options, writing)).models;

function digestArgument(text: string): string {
  if (!/^[0-9a-f]{4,64}$/i.test(text)) {
    throw new InvalidArgumentError('Give 4 to 64 digits of a sha256, as pianola models list prints it.');
  }
  return text;
}

const common = (command: Command): Command =>
  command
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option('--stage <name>', 'a stage on AWS, in place of the data directory')
    .option('--json', 'print JSON');
