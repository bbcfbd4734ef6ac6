/** `pianola start` as a process of its own, until it is ended. */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BIN } from './cli.ts';
import { withStores } from './data.ts';
import { aWindow } from './windows.ts';

/** A data directory whose only broadcast is years away: a station there composes and plays nothing by itself. */
export async function quietData(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'pianola-quiet-'));
  const rule = { kind: 'once' as const, at: `${new Date().getFullYear() + 2}-06-01T20:00` };
  await withStores(path, async ({ windows }) => {
    await windows.put(aWindow({ id: 'far-away', rule }), 0);
  });
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export type Started = {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  /** Its page, once it answers commands; "": it ended before. */
  url(): Promise<string>;
};

export function started(
  data: string,
  { stdio = 'ignore', args = [] }: { stdio?: StdioOptions; args?: readonly string[] } = {},
): Started {
  const child = spawn(process.execPath, [BIN, 'start', '--port', '0', '--data', data, ...args], {
    stdio,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let over = false;
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  void ended.then(() => {
    over = true;
  });
  const control = join(data, 'control.json');
  return {
    child,
    ended,
    async url() {
      while (!existsSync(control) && !over) await sleep(50);
      return over ? '' : (JSON.parse(await readFile(control, 'utf8')) as { url: string }).url;
    },
  };
}
