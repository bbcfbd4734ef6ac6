/** The site's clock, which is sought when a station has told of it; before that, and where it cannot be had, nobody is asked. */
import type { AskSite, SiteClock, siteClock } from './site-clock.ts';

/** Calls `use` at once or later, and once; not at all where it cannot be had. */
export type BringSiteClock = (use: (make: typeof siteClock, ask: AskSite) => void) => void;

export type SoughtClock = SiteClock & {
  /** The station has told of it; being told again changes nothing. */
  seek(): void;
};

/** @param world what the clock needs, and whether the connection is open by the time it is there */
export function soughtClock({
  bring,
  isOpen,
  ...world
}: Omit<Parameters<typeof siteClock>[0], 'ask'> & {
  readonly bring: BringSiteClock | undefined;
  readonly isOpen: () => boolean;
}): SoughtClock {
  let found: SiteClock | null = null;
  let sought = false;
  return {
    get trusted() {
      return found?.trusted ?? false;
    },
    seek() {
      if (sought) return;
      sought = true;
      bring?.((make, ask) => {
        found = make({ ...world, ask });
        if (isOpen()) found.start();
      });
    },
    start: () => found?.start(),
    stop: () => found?.stop(),
  };
}
