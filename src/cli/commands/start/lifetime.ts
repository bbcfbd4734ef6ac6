/** What ends a station, and what does not. */
import { say } from '../../terminal/output.ts';

/** A terminal's Ctrl-C reaches us twice through npm. */
const SECOND_SIGINT_MS = 2_000;

/** Aborted by the first SIGINT or SIGTERM; one that follows within two seconds is the same wish. */
export function stopOnSignal(): AbortSignal {
  const stop = new AbortController();
  let firstAt = 0;
  const onSignal = () => {
    if (stop.signal.aborted && performance.now() - firstAt > SECOND_SIGINT_MS) process.exit(1);
    if (stop.signal.aborted) return;
    firstAt = performance.now();
    say('Stopping.');
    stop.abort(new Error('stopped by a signal'));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return stop.signal;
}

/**
 * Listeners do not care who reads what a station prints: it lives on when the reader of a pipe goes away, when what it
 * prints fills a disk, and when its terminal is closed. The log in the data directory goes on.
 */
export function outliveTerminal(): void {
  process.on('SIGHUP', () => {});
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error');
    stream.on('error', () => {});
  }
}
