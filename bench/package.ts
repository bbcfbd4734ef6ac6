import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The packager builds in two folders of the project, and takes them away: of two at once, one would lose its files. */
const LOCK = join('node_modules', '.cache', 'pianola-packaging.pid');
const LOOK_AGAIN_MS = 200;

/**
 * Packages the functions as a deployment would, for arm64 where nothing else is said; one process after the other. Not
 * synchronously: a child of tsx waits for its parent to answer.
 * @param params of the stack besides, `minutes=3`
 */
export async function packageInto(
  directory: string,
  architecture = 'arm64',
  params: readonly string[] = [],
): Promise<void> {
  const serverless = join('node_modules', 'serverless', 'bin', 'serverless.js');
  // It leaves every function unpacked where temporary files go, a hundred megabytes in all.
  const left = await mkdtemp(join(tmpdir(), 'pianola-packaging-'));
  await takeTurn();
  try {
    await promisify(execFile)(
      process.execPath,
      [
        serverless,
        'package',
        ...[`architecture=${architecture}`, ...params].map((param) => `--param=${param}`),
        '--package',
        directory,
      ],
      {
        env: { ...process.env, TMPDIR: left, SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off' },
        timeout: 600_000,
      },
    );
  } finally {
    await rm(LOCK);
    await rm(left, { recursive: true, force: true });
  }
}

/** Waits until no living process packages; one that was killed has left its file behind. */
async function takeTurn(): Promise<void> {
  await mkdir(join(LOCK, '..'), { recursive: true });
  for (;;) {
    try {
      return await writeFile(LOCK, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = Number(await readFile(LOCK, 'utf8').catch(() => ''));
    if (owner > 0 && !isAlive(owner)) await rm(LOCK, { force: true });
    else await sleep(LOOK_AGAIN_MS);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
