/** Whether the machine stood still: what stands for AWS answers from this process, and functions wait a second for their tables. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const EVERY_MS = 20;

/** @returns the longest that this process waited for a processor since then, milliseconds */
export function watchMachine(): () => number {
  const delays = monitorEventLoopDelay({ resolution: EVERY_MS });
  delays.enable();
  return () => {
    delays.disable();
    return Math.round(delays.max / 1e6);
  };
}
