import { main } from '../../src/cli/main.ts';
import type { Ended } from './cli.ts';

/** Runs the command line in this process, as into pipes: quicker than a process of its own, for the many small cases. */
export async function inProcess(
  args: readonly string[],
  { cwd = process.cwd() }: { readonly cwd?: string } = {},
): Promise<Ended> {
  const out = { stdout: '', stderr: '' };
  const restore = [capture('stdout'), capture('stderr')];
  const before = process.exitCode;
  const here = process.cwd();
  process.exitCode = 0;
  process.chdir(cwd);
  try {
    await main(['node', 'pianola', ...args]);
    return { code: Number(process.exitCode), ...out };
  } finally {
    process.chdir(here);
    process.exitCode = before;
    for (const undo of restore) undo();
  }

  function capture(name: 'stdout' | 'stderr'): () => void {
    const stream = process[name];
    const { write, isTTY } = stream;
    stream.write = ((text: string | Uint8Array) => {
      out[name] += String(text);
      return true;
    }) as typeof stream.write;
    stream.isTTY = false;
    return () => Object.assign(stream, { write, isTTY });
  }
}

export const lines = (text: string): string[] => text.split('\n').filter(Boolean);
// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever JSON a command prints
export const jsonLines = (text: string): any[] => lines(text).map((line) => JSON.parse(line));
