import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseWindow } from '../../schedule/window.ts';
import type { Database } from './database.ts';

/**
 * What an earlier Pianola kept in files of their own, `windows/<id>.json` and the like, becomes rows. It is done once,
 * together with the making of the tables; the files stay as they are, and are not read again. MIDI, models and the
 * public site are files as before.
 * @throws Error naming a window that cannot be read: then nothing was taken over, and nothing changed
 */
export function takeOver(directory: string, database: Database): void {
  const keep = (folder: string, pattern: RegExp, nameOf = (file: string) => file) => {
    for (const file of namesIn(join(directory, folder)).filter((name) => pattern.test(name))) {
      const path = join(directory, folder, file);
      database.run(
        'INSERT INTO blobs VALUES (?, ?, ?)',
        `${folder}/${nameOf(file)}`,
        readFileSync(path),
        Math.round(statSync(path).mtimeMs),
      );
    }
  };
  keep('performances', /^\d{4}-\d{2}-\d{2}\.json$/);
  keep('prompts', /^\d{4}-\d{2}-\d{2}\.json$/);
  keep('models', /^promoted\.json$/);
  // Colons, which some file systems refuse, stood there as underscores, which ids never hold.
  keep('broadcasts', /^[^.].*\.json$/, (file) => file.replaceAll('_', ':'));
  for (const file of namesIn(join(directory, 'windows'))) {
    if (!/^[a-z0-9][a-z0-9-]{0,39}\.json$/.test(file)) continue;
    const { window, version } = storedWindow(join(directory, 'windows', file));
    database.run('INSERT INTO windows VALUES (?, ?, ?)', window.id, version, JSON.stringify(window));
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function storedWindow(path: string) {
  try {
    const { version, window } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const parsed = parseWindow(window);
    if ('problem' in parsed) throw new Error(parsed.problem);
    if (!Number.isSafeInteger(version) || Number(version) < 1) throw new Error('it has no version');
    return { version: Number(version), window: parsed };
  } catch (cause) {
    throw new Error(`${path} is not a window`, { cause });
  }
}
