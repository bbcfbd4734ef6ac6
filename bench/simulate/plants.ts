/** Bugs that are planted by wrong adapters, for the invariants to find. */
import type { Broadcasts } from '../../src/ports.ts';
import { parseFrame } from '../../src/wire.ts';

export const PLANTS = ['lease check removed', 'state left out', 'epoch ignored', 'restart forgets'] as const;
export type PlantName = (typeof PLANTS)[number];
export type Plant = {
  readonly broadcasts: (broadcasts: Broadcasts) => Broadcasts;
  /** On a frame's way to a page. */
  readonly garble: (text: string) => string;
  readonly forgets: boolean;
};

const NOTHING: Plant = { broadcasts: (broadcasts) => broadcasts, garble: (text) => text, forgets: false };

export function plant(name: PlantName | null): Plant {
  switch (name) {
    case 'lease check removed':
      return { ...NOTHING, broadcasts: unchecked };
    case 'state left out':
      return {
        ...NOTHING,
        garble: (text) => {
          const frame = parseFrame(text);
          return frame?.type === 'chunk'
            ? JSON.stringify({ ...frame, state: { sounding: [], pedal: 0 } })
            : text;
        },
      };
    case 'epoch ignored':
      return {
        ...NOTHING,
        garble: (text) => {
          const frame = parseFrame(text);
          return frame && 'epoch' in frame ? JSON.stringify({ ...frame, epoch: 1 }) : text;
        },
      };
    case 'restart forgets':
      return { ...NOTHING, forgets: true };
    case null:
      return NOTHING;
  }
}

/** Whoever asks has the lease: as if nobody held it. */
const unchecked = (broadcasts: Broadcasts): Broadcasts => ({
  ...broadcasts,
  acquire: (id, owner, _now, until) => broadcasts.acquire(id, owner, Number.POSITIVE_INFINITY, until),
});
