/** From ticks to seconds. */

import { firstIndex } from '../search.ts';
import type { Tempo } from './reading.ts';

/** 120 quarters a minute, which RP-001 sets where a file says nothing. */
export const DEFAULT_TEMPO: Tempo = { tick: 0, microsecondsPerQuarter: 500_000 };

/** In order of time, with what holds from tick 0 on; of several at one tick the last counts. */
export function inTime(tempos: readonly Tempo[]): Tempo[] {
  const sorted = [...tempos].sort((a, b) => a.tick - b.tick);
  return sorted[0]?.tick === 0 ? sorted : [DEFAULT_TEMPO, ...sorted];
}

/** @param tempos in order of time, the first at tick 0 */
export function tempoMap(ppq: number, tempos: readonly Tempo[]): (tick: number) => number {
  // Beats a minute between, and beats added up rather than ticks: to the last bit what our files were read with before.
  const bpm = tempos.map(({ microsecondsPerQuarter }) => 60_000_000 / microsecondsPerQuarter);
  const beginsAt = new Float64Array(tempos.length);
  let quarters = 0;
  for (let i = 1; i < tempos.length; i++) {
    const passed = tempos[i]!.tick / ppq - quarters;
    beginsAt[i] = (60 / bpm[i - 1]!) * passed + beginsAt[i - 1]!;
    quarters += passed;
  }
  return (tick) => {
    const i = Math.max(0, firstIndex(tempos.length, (each) => tempos[each]!.tick > tick) - 1);
    return beginsAt[i]! + (60 / bpm[i]!) * ((tick - tempos[i]!.tick) / ppq);
  };
}
