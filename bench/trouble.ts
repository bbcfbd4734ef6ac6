/**
 * Whether trouble reaches the healthy: `npm run bench -- trouble --json`. Of a crowd a fifth is stale (answered 410), some
 * never read (no answer), and a twentieth of all posts is refused (429), on a clock of ours; the rate is a stack's default.
 * Measured is how late each chunk of a healthy listener is, beside the same evening at which whoever leaves says so, everybody
 * reads, and nothing is refused. Posts that were refused themselves stand apart: they wait for their next try.
 * With `--sockets`, a station of one's own over real sockets instead (Linux, three minutes).
 */
import { compared } from './trouble/compared.ts';

const CROWDS = [100, 1_000, 10_000];
const EVENING = { postsPerSecond: 1_500, minutes: 5, seed: 20_261_129 };
const TROUBLE = { staleShare: 0.2, stalledShare: 0.01, refusedShare: 0.05 };
const TARGETS = { growth: 5, lost: 0 };

export async function run(sizes: readonly number[] = CROWDS): Promise<object> {
  if (process.argv.includes('--sockets')) {
    const { overSockets } = await import('./trouble/sockets.ts');
    return { bench: 'trouble', ...(await overSockets()) };
  }
  const crowds = [];
  for (const listeners of sizes) crowds.push(await compared({ listeners, ...EVENING, ...TROUBLE }));
  const met = crowds.every((crowd) =>
    Object.entries(TARGETS).every(([name, most]) => crowd[name as keyof typeof TARGETS] <= most),
  );
  return { bench: 'trouble', ...EVENING, ...TROUBLE, crowds, targets: TARGETS, met };
}
