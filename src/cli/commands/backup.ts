/** `pianola backup` and `pianola restore`: a station in one file. */
import { existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '../../adapters/system-clock.ts';
import { examples } from '../terminal/help.ts';
import { DEFAULT_DATA } from '../terminal/options.ts';
import { refuseInTheWay, writeOut } from '../terminal/out-file.ts';
import { CliError, printJson, say } from '../terminal/output.ts';

type Options = { data: string; force?: boolean; json?: boolean };

export function registerBackup(program: Command): void {
  program
    .command('backup')
    .description('Write all that a station has into one file (tar.gz), while it runs')
    .argument('<file>', 'where to')
    .option('--data <dir>', 'data directory; PIANOLA_DATA in the environment', DEFAULT_DATA)
    .option('--force', 'replace the file that is there')
    .option('--json', 'print one JSON object')
    .addHelpText('before', examples('backup pianola.tar.gz', 'backup /mnt/pianola.tar.gz --force'))
    .action(async (path: string, options: Options) => {
      const file = { path, force: options.force, mode: 0o600, option: 'FILE' };
      const dataDir = resolve(options.data);
      if (!existsSync(join(dataDir, 'pianola.db')))
        throw new CliError(
          'notFound',
          'no_data',
          `there is no station's data in ${dataDir}: give another with --data`,
        );
      await refuseWithin(dataDir, path);
      await refuseInTheWay(file);
      const { backup } = await import('../../local/backup.ts');
      const files = await backup(dataDir, systemClock.now(), (archive) => writeOut(file, archive));
      const bytes = (await stat(path)).size;
      if (options.json) return printJson({ file: resolve(path), files, bytes });
      say(
        `Wrote ${path}: ${files} files, ${Math.ceil(bytes / 1024)} KB. It holds pianola.conf, secrets included.`,
      );
    });
}

/** Where one backup would be in the next, and is lost with what it is of. */
async function refuseWithin(dataDir: string, path: string): Promise<void> {
  const folder = await realpath(dirname(resolve(path))).catch(() => null);
  if (folder === null) return;
  const way = relative(await realpath(dataDir), folder);
  // Absolute: on another drive.
  if (isAbsolute(way) || way.split(sep)[0] === '..') return;
  throw new CliError(
    'usage',
    'within_data',
    `${path} would be in ${dataDir}, of which it is a backup: give a file elsewhere`,
  );
}

export function registerRestore(program: Command): void {
  program
    .command('restore')
    .description('Make a data directory of what backup wrote; none that is there is touched')
    .argument('<file>', 'what backup wrote')
    .option('--data <dir>', 'data directory that is made', DEFAULT_DATA)
    .option('--json', 'print one JSON object')
    .addHelpText('before', examples('restore pianola.tar.gz --data /srv/pianola'))
    .action(async (path: string, options: Options) => {
      if (!existsSync(path)) throw new CliError('notFound', 'no_file', `there is no file ${path}`);
      const dataDir = resolve(options.data);
      const { restore } = await import('../../local/backup.ts');
      const { files, at } = await restore(path, dataDir).catch((cause: Error & { code?: string }) => {
        if (cause instanceof RangeError)
          throw new CliError('usage', 'bad_backup', `${path} is no backup of use: ${cause.message}`, {
            cause,
          });
        if (!['EEXIST', 'ENOTEMPTY', 'ENOTDIR'].includes(cause.code ?? '')) throw cause;
        const message = `${dataDir} is there already: move it away, or take another with --data`;
        throw new CliError('conflict', 'exists', message, { cause });
      });
      if (options.json) return printJson({ data: dataDir, files, at });
      say(`Made ${dataDir} of ${files} files, as they were at ${new Date(at).toISOString()}.`);
    });
}
