import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

export const BIN = join(resolve(import.meta.dirname, '../..'), 'bin', 'pianola.js');
/** The same, as a user to whom nothing belongs, where these tests are run by root. */
const AS_NOBODY = join(import.meta.dirname, 'as-nobody.mjs');
export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Runs the command as a user would, its output in pipes, to its end. */
export function pianola(
  args: readonly string[],
  /** `hangUp`: reads the first of its output and goes away, as `head` does. */
  options: {
    cwd?: string;
    env?: NodeJS.ProcessEnv;
    hangUp?: boolean;
    /** Comes through a pipe; none where nothing is given. */
    input?: string;
    asNobody?: boolean;
    bin?: string;
  } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [options.bin ?? (options.asNobody ? AS_NOBODY : BIN), ...args], {
    cwd: options.cwd,
    env: { ...process.env, NODE_OPTIONS: '', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {}).end(options.input ?? '');
  const out = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out.stdout += text;
    if (options.hangUp) child.stdout.destroy();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    out.stderr += text;
  });
  return new Promise((done) => child.on('close', (code) => done({ code, ...out })));
}
