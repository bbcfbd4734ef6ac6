/** Shows to whoever has opened the page already what becomes of the piece that is played as soon as it may begin. */
import type { ComposePorts, Progress } from '../../../compose/performance.ts';
import type { Station } from '../../../local/station.ts';
import { weaveOf } from '../../../music/weave.ts';

/** Pages are told no oftener than this, milliseconds. */
const EVERY_MS = 1_000;

export type Watching = Required<Pick<ComposePorts, 'onProgress' | 'onMovement'>>;
export type Told = Watching & {
  /** It plays already: pages are told no more of it. */
  plays(): void;
  done(): void;
};

/** @param now milliseconds, of a clock that never goes back */
export function tellComposing(station: Pick<Station, 'composing'>, now: () => number): Told {
  let weave = '';
  let toldAt = Number.NEGATIVE_INFINITY;
  let plays = false;
  return {
    onProgress({ composedMs, ofMs }: Progress) {
      if (plays || now() - toldAt < EVERY_MS) return;
      toldAt = now();
      station.composing({ part: Math.min(1, composedMs / ofMs), weave });
    },
    onMovement(soFar) {
      weave = weaveOf(soFar);
    },
    plays() {
      plays = true;
      station.composing(null);
    },
    done() {
      if (!plays) station.composing(null);
    },
  };
}
