/** `pianola start` in a process of its own, as everybody runs it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BIN } from './cli.ts';

export type StationProcess = {
  readonly child: ChildProcess;
  readonly data: string;
  /** On this machine, as it is printed. */
  readonly url: string;
  readonly port: number;
  /** What it printed, both streams. */
  said(): string;
  /** Whether it runs still. */
  alive(): boolean;
  /** Open descriptors; null where the system does not tell. */
  descriptors(): number | null;
  readonly ended: Promise<number | null>;
  end(): Promise<void>;
};

/**
 * Starts a station that plays nothing by itself, and waits until it says where it is.
 * @param words the shell command that runs it, where one is wanted; `"$@"` is the station
 * @param prepare fills its data directory before
 */
export async function stationProcess(
  options: {
    readonly words?: string;
    readonly args?: readonly string[];
    readonly port?: number;
    readonly env?: NodeJS.ProcessEnv;
    readonly prepare?: (data: string) => Promise<void>;
  } = {},
): Promise<StationProcess> {
  const data = await mkdtemp(join(tmpdir(), 'pianola-process-'));
  await options.prepare?.(data);
  const { words, args = [], port = 0 } = options;
  const command = [
    process.execPath,
    BIN,
    'start',
    '--no-first',
    '--port',
    String(port),
    '--data',
    data,
    ...args,
  ];
  const [file, ...rest] = words === undefined ? command : ['sh', '-c', words, 'sh', ...command];
  const child = spawn(file!, rest, {
    env: { ...process.env, NODE_OPTIONS: '', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (more: string) => {
        text += more;
        const match = /Pianola is on (?:https:\S+, here )?(http:\S+)/.exec(text);
        if (match) resolve(match[1]!);
      });
    }
    ended.then(() => reject(new Error(`it ended at once:\n${text}`)));
  });
  return {
    child,
    data,
    url,
    port: Number(new URL(url).port),
    said: () => text,
    alive: () => child.exitCode === null && child.signalCode === null,
    descriptors() {
      try {
        return readdirSync(`/proc/${child.pid}/fd`).length;
      } catch {
        return null;
      }
    },
    ended,
    async end() {
      child.kill('SIGKILL');
      await ended;
      await rm(data, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
