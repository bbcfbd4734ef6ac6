import { spawn } from 'node:child_process';
import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');

test('npm run dev starts the station anew when a file of the page changes, and ends with it', async () => {
  const data = await mkdtemp(join(tmpdir(), 'pianola-dev-'));
  const args = ['--import', 'tsx', join(root, 'infra/dev.ts'), '--port', '0', '--data', data];
  const child = spawn(process.execPath, [...args, '--minutes', '0.5'], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let look = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      look();
    });
  }
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const saying = (words: RegExp) =>
    new Promise<void>((done, failed) => {
      look = () => words.test(said) && done();
      look();
      ended.then(() => failed(new Error(`it ended without saying ${words}:\n${said}`)));
    });
  try {
    await saying(/Pianola is on http/);
    // As saving it unchanged does.
    await utimes(join(root, 'web/favicon.svg'), new Date(), new Date());
    await saying(/dev: web\/favicon\.svg has changed[\s\S]*Stopping[\s\S]*Pianola is on http/);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(said.match(/Pianola is on/g)).toHaveLength(2);
  } finally {
    child.kill('SIGKILL');
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  }
});
