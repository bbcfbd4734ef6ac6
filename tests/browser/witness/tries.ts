/** Tries a run again as long as it is inconclusive, and no other. */
import { describeStalls, type Stall, verdictOf } from './verdict.ts';

/** One run, as it ended, and what was seen of the machine meanwhile. */
export type Run = { readonly failure: Error | null; readonly stalls: readonly Stall[] };

/** Its name tells the soak that nothing was found out. */
export class InconclusiveError extends Error {
  override readonly name = 'InconclusiveError';
}

/**
 * Resolves as soon as a run passes. Throws the failure of a run during which the machine did not stall, at once, and an
 * `InconclusiveError` where every one of `tries` runs failed and had its stall.
 * @param pause between two runs: what took the machine away may be over then
 */
export async function conclude(
  run: () => Promise<Run>,
  tries: number,
  pause: () => Promise<void>,
  tell: (line: string) => void,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { failure, stalls } = await run();
    const verdict = verdictOf(failure !== null, stalls);
    if (verdict === 'passed') return;
    if (verdict === 'failed') throw failure;
    const line = `inconclusive, ${attempt} of ${tries}: the machine stood still (${describeStalls(stalls)})`;
    if (attempt === tries) throw new InconclusiveError(`${line}\n${failure!.message}`, { cause: failure });
    tell(`${line}; ${failure!.message.split('\n', 1)[0]}`);
    await pause();
  }
}
