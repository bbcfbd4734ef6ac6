/** Shows to whoever has opened the page already what becomes of the piece that is played as soon as it is whole. */
import type { ComposePorts, Progress } from '../../../compose/performance.ts';
import type { Station } from '../../../local/station.ts';
import { weaveOf } from '../../../music/weave.ts';

/** Pages are told no oftener than this, milliseconds. */
const EVERY_MS = 1_000;

export type Told = Required<Pick<ComposePorts, 'onProgress' | 'onMovement'>> & { done(): void };

/** @param now milliseconds, of a clock that never goes back */
export function tellComposing(station: Pick<Station, 'composing'>, now: () => number): Told {
  let weave = '';
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    onProgress({ composedMs, ofMs }: Progress) {
      if (now() - toldAt < EVERY_MS) return;
      toldAt = now();
      station.composing({ part: Math.min(1, composedMs / ofMs), weave });
    },
    onMovement(soFar) {
      weave = weaveOf(soFar);
    },
    done: () => station.composing(null),
  };
}
