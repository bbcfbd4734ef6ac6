/** What a witness' stamps say of the machine, and what a failed run is worth beside them; nothing here knows the page. */

/** A moment at which the machine did not do what it was asked in time. */
export type Stall = {
  /** A thread of the browser's, the clock of its audio output, or a thread of Node's. */
  readonly by: 'worker' | 'audio' | 'node';
  /** By how much, milliseconds. */
  readonly ms: number;
};
/** "inconclusive": it failed, and the machine had stood still, so that nobody can say whose fault it was. */
export type Verdict = 'passed' | 'failed' | 'inconclusive';

/** The worker and Node are asked for a stamp this often, milliseconds. */
export const EVERY_MS = 20;
/**
 * A stamp this much too late is a stall, milliseconds. On two cores with a load of twelve, the latest of 2,000 stamps was
 * 25 ms late; where a processor is taken away, it is tenths of a second.
 */
export const LATE_MS = 50;
/** A loss of the audio clock against the machine's of this much is a stall: what suites allow a note, milliseconds. */
const LOST_MS = 5;
/** Sound is rendered in bursts: of this long, the most that the audio clock was ahead counts, milliseconds. */
const BURSTS_MS = 250;

export const verdictOf = (failed: boolean, stalls: readonly Stall[]): Verdict =>
  failed ? (stalls.length > 0 ? 'inconclusive' : 'failed') : 'passed';

/** @param stamps instants at which a timer of `EVERY_MS` fired, ascending */
export function stallsOfTimer(by: Stall['by'], stamps: readonly number[]): Stall[] {
  return stamps.flatMap((at, i) => {
    const ms = i === 0 ? 0 : at - stamps[i - 1]! - EVERY_MS;
    return ms >= LATE_MS ? [{ by, ms }] : [];
  });
}

/**
 * Where no sound was rendered for `LATE_MS`, and where the audio clock lost time (or made it good) for longer than a burst:
 * one that is rendered late and still in time to be heard is no stall.
 * @param quanta `[machine's clock in ms, frames rendered]` each time that a block was rendered, ascending
 */
export function stallsOfAudio(quanta: readonly (readonly [number, number])[], sampleRate: number): Stall[] {
  const behind = new Map<number, number>();
  const silent: number[] = [];
  quanta.forEach(([at, frame], i) => {
    const burst = Math.floor((at - quanta[0]![0]) / BURSTS_MS);
    const ms = at - (frame * 1000) / sampleRate;
    behind.set(burst, Math.min(behind.get(burst) ?? Number.POSITIVE_INFINITY, ms));
    silent.push(i === 0 ? 0 : at - quanta[i - 1]![0]);
  });
  // The first bursts have the beginning of the output in them, and the last may be cut off.
  const least = [...behind.values()].slice(1, -1);
  const lost = least.map((ms, i) => (i === 0 ? 0 : Math.abs(ms - least[i - 1]!)));
  return [...silent.filter((ms) => ms >= LATE_MS), ...lost.filter((ms) => ms >= LOST_MS)].map((ms) => ({
    by: 'audio',
    ms,
  }));
}

/** The worst of each kind, in words: `audio 34 ms, worker 180 ms`. */
export function describeStalls(stalls: readonly Stall[]): string {
  const worst = new Map<string, number>();
  for (const { by, ms } of stalls) worst.set(by, Math.max(worst.get(by) ?? 0, ms));
  return [...worst].map(([by, ms]) => `${by} ${Math.round(ms)} ms`).join(', ');
}
