/** How much later than it should a device sounds, by the visitor's ear: kept for each device, in this browser alone. */
import { words } from '../language/words.ts';

/** The loudspeakers of this machine: browsers tell no page which of them it is. */
export const LOUDSPEAKERS = '';
/** Later than any loudspeaker is, milliseconds. */
const MOST_DELAY_MS = 500;

export type Delays = {
  /** Milliseconds, 0 for a device that was never set. */
  of(device: string): number;
  set(device: string, ms: number): void;
};

const KEY = 'pianola.delays';
/** The devices that were set last; the others are forgotten. */
const MOST_DEVICES = 16;

/** @param storage null, or one that refuses: delays then last as long as the page */
export function delays(storage: Pick<Storage, 'getItem' | 'setItem'> | null): Delays {
  let known = new Map<string, number>();
  try {
    const stored: unknown = JSON.parse(storage?.getItem(KEY) ?? '[]');
    if (Array.isArray(stored)) known = new Map(stored.flatMap(entryOf));
  } catch {
    // Refused, or written by somebody else.
  }
  return {
    of: (device) => known.get(device) ?? 0,
    set(device, ms) {
      known.delete(device);
      known.set(device, within(ms));
      known = new Map([...known].slice(-MOST_DEVICES));
      try {
        storage?.setItem(KEY, JSON.stringify([...known]));
      } catch {
        // Refused: for this page it is known all the same.
      }
    },
  };
}

/** A browser may refuse it as a whole, as in a frame on another site; null then. */
export function storageOf(window: { readonly localStorage: Storage }): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

const within = (ms: number): number =>
  Number.isFinite(ms) ? Math.min(MOST_DELAY_MS, Math.max(0, Math.round(ms))) : 0;

function entryOf(entry: unknown): [string, number][] {
  const [device, ms] = Array.isArray(entry) ? entry : [];
  return typeof device === 'string' && typeof ms === 'number' ? [[device, within(ms)]] : [];
}

/** @param measuredMs what the device says that its sound takes, which is counted in; null where it says nothing */
export function delayText(measuredMs: number | null): string {
  const told = measuredMs === null ? words.delayUntold : words.delayTold(measuredMs);
  return words.together(told, words.bluetooth);
}
