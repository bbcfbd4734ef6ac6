import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { inProcess } from '../../support/in-process.ts';

const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;

/** What bash offers for the last of these words. */
async function complete(...words: string[]): Promise<string[]> {
  const { stdout } = await inProcess(['completion', 'bash']);
  const script = `${stdout}\nCOMP_WORDS=("$@")\nCOMP_CWORD=$(($# - 1))\n_pianola\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout: offered, status } = spawnSync('bash', ['-c', script, 'bash', 'pianola', ...words], {
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  return offered.split('\n').filter(Boolean);
}

(has('bash') ? describe : describe.skip)('completion in bash', () => {
  test('commands, and those beneath them', async () => {
    expect(await complete('sch')).toEqual(['schedule']);
    expect(await complete('schedule', '')).toEqual(
      expect.arrayContaining(['add', 'list', 'next', 'show', 'edit', 'cancel']),
    );
    expect(await complete('broadcast', 's')).toEqual(['stop', 'status']);
  });
  test('options of the command that stands there, also behind others', async () => {
    expect(await complete('schedule', 'add', '--at', '20:00', '--t')).toEqual(['--tz', '--title']);
    expect(await complete('replay', '2026-11-21', '--sp')).toEqual(['--speed']);
  });
  test('values that come from a list', async () => {
    expect(await complete('schedule', 'add', '--sky', 'f')).toEqual(['full-moon']);
    expect(await complete('schedule', 'add', '--tz', 'Europe/Berl')).toEqual(['Europe/Berlin']);
  });
});

test.each(['bash', 'zsh', 'fish'])('%s: every command is in it', async (shell) => {
  const { code, stdout } = await inProcess(['completion', shell]);
  expect(code).toBe(0);
  for (const word of ['schedule', 'broadcast', 'doctor', 'rollback']) expect(stdout).toContain(word);
});

test.each(['bash', 'zsh', 'fish'].filter(has))('%s takes the script without complaint', async (shell) => {
  const { stdout } = await inProcess(['completion', shell]);
  const { status, stderr } = spawnSync(shell, ['-n'], { input: stdout, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
