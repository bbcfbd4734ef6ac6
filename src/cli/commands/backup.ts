/** `pianola backup` and `pianola restore`: a station in one file. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
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
      const file = { path, force: options.force, option: 'FILE' };
      const dataDir = resolve(options.data);
      if (!existsSync(join(dataDir, 'pianola.db')))
        throw new CliError(
          'notFound',
          'no_data',
          `there is no station's data in ${dataDir}: give another with --data`,
        );
      await refuseInTheWay(file);
      const { backup } = await import('../../local/backup.ts');
      const { archive, files } = await backup(dataDir, systemClock.now());
      await writeOut(file, archive);
      if (options.json) return printJson({ file: resolve(path), files, bytes: archive.byteLength });
      say(
        `Wrote ${path}: ${files} files, ${Math.ceil(archive.byteLength / 1024)} KB. It holds pianola.conf, secrets included.`,
      );
    });
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
      const archive = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== 'ENOENT') throw cause;
        throw new CliError('notFound', 'no_file', `there is no file ${path}`, { cause });
      });
      const dataDir = resolve(options.data);
      const { restore } = await import('../../local/backup.ts');
      const { files, at } = await restore(archive, dataDir).catch((cause: Error & { code?: string }) => {
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
