import { execFile } from 'node:child_process';
import { expect, test } from '@jest/globals';
import type { Rehearsal } from '../../bench/rehearse/rehearsal.ts';

/** Dress rehearsals of the packaged stack: one of a whole evening, and three that must fail. `npm run test:cloud` packages them. */
const packaged = JSON.parse(process.env.PIANOLA_REHEARSALS ?? 'null') as Readonly<
  Record<string, string>
> | null;
const LONGEST_MS = 900_000;

/** Its exit status, and what it told. */
function rehearse(minutes: string, ...options: readonly string[]): Promise<{ status: number } & Rehearsal> {
  const args = [
    '--import',
    'tsx',
    'bench/rehearse.ts',
    '--json',
    '--packaged',
    packaged![minutes]!,
    ...options,
  ];
  return new Promise((resolve, reject) => {
    const limits = { timeout: LONGEST_MS, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, args, limits, (error, stdout, stderr) => {
      const last = stdout.trim().split('\n').at(-1);
      if (!last) return reject(new Error(`it told nothing:\n${stderr}`));
      resolve({ status: Number(error?.code ?? 0), ...(JSON.parse(last) as Rehearsal) });
    });
  });
}
const SHORT = ['--no-kill', '--no-browser', '--listeners', '1'];

if (!packaged) test.skip('needs the packaged functions: npm run test:cloud', () => {});
else {
  test(
    'an evening on the stack: nothing is refused, everybody hears what was composed, though its broadcaster is killed',
    async () => {
      const { status, faults, figures } = await rehearse('3');
      expect(faults).toEqual([]);
      expect(status).toBe(0);
      expect(figures.resources.unaccounted).toEqual([]);
      expect(figures.calls.refused).toBe(0);
      expect(figures.calls.allowed).toBeGreaterThan(500);
      expect(figures.composed).toBeGreaterThan(100);
      expect(figures.heard.map(({ who, notes }) => [who, notes])).toEqual(
        ['listener 1', 'listener 2', 'browser'].map((who) => [who, figures.composed]),
      );
      expect(figures.killed).toBe(1);
      expect(figures.epoch).toBeGreaterThanOrEqual(2);
    },
    LONGEST_MS,
  );

  test(
    'without the permission to post it fails, and says which call was refused to whom',
    async () => {
      const without = 'BroadcastRole/execute-api:ManageConnections';
      const { status, faults, figures } = await rehearse('0.5', ...SHORT, '--without', without);
      expect(status).toBe(1);
      expect(figures.calls.refused).toBeGreaterThan(0);
      expect(faults).toContainEqual(
        expect.stringMatching(/^refused: .*BroadcastRole.* execute-api:ManageConnections on resource: /),
      );
    },
    LONGEST_MS,
  );

  test(
    'without the response of the route by which pages join it fails: they hear what is posted from then on, and nothing of what went out before',
    async () => {
      const { status, faults, figures } = await rehearse('0.5', ...SHORT, '--without', 'JoinResponse');
      expect(status).toBe(1);
      expect(figures.calls.refused).toBe(0);
      const [heard] = figures.heard;
      expect(heard!.notes).toBeLessThan(figures.composed / 2);
      expect(faults).toEqual([`listener 1 heard ${heard!.notes} of ${figures.composed} notes`]);
    },
    LONGEST_MS,
  );

  test(
    'without the retry of a join that was refused nobody hears a note, and it fails',
    async () => {
      const { status, faults, figures } = await rehearse('0.5', ...SHORT, '--without', 'join-retry');
      expect(status).toBe(1);
      expect(figures.calls.refused).toBe(0);
      expect(faults).toContain(`listener 1 heard 0 of ${figures.composed} notes`);
    },
    LONGEST_MS,
  );
}
