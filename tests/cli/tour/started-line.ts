/** `pianola start` in a process of its own, and the line in which it says where it is. */
import { spawn } from 'node:child_process';
import { BIN } from '../../support/cli.ts';

export type StartedLine = { readonly line: string; end(): Promise<number | null> };

export async function startedLine(args: readonly string[]): Promise<StartedLine> {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  let text = '';
  const line = await new Promise<string>((done, failed) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (more: string) => {
        text += more;
        const found = /^Pianola is on .*\n/m.exec(text);
        if (found) done(found[0].trimEnd());
      });
    void ended.then(() => failed(new Error(`start ended at once: ${text}`)));
  });
  return {
    line,
    async end() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
