/** A day of the archive as the page's textile shows it. */
export type WovenDay = {
  /** `YYYY-MM-DD` in the station's zone. */
  readonly date: string;
  /** Its strip, see music/weave.ts; null: nothing was played. */
  readonly weave: string | null;
  /** Listeners; 0 leaves its holes hollow; null: nobody counted. */
  readonly heard: number | null;
};

const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The days that the public index tells of. It is a file from elsewhere: what is no day is left out. */
export function wovenDays(index: unknown): ReadonlyMap<string, WovenDay> {
  const list = (index as { performances?: unknown } | null)?.performances;
  const days = new Map<string, WovenDay>();
  for (const entry of Array.isArray(list) ? list : []) {
    const { id, weave, heard } = (entry ?? {}) as Record<string, unknown>;
    if (typeof id !== 'string' || !DATE.test(id)) continue;
    days.set(id, {
      date: id,
      weave: typeof weave === 'string' ? weave : '',
      heard: typeof heard === 'number' && heard >= 0 ? heard : null,
    });
  }
  return days;
}

/** The seven days, from Monday on, of the week that a date lies in; none for what is no date. */
export function weekOf(date: string, days: ReadonlyMap<string, WovenDay>): readonly WovenDay[] {
  const at = DATE.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at)) return [];
  const monday = at - ((new Date(at).getUTCDay() + 6) % 7) * DAY_MS;
  return Array.from({ length: 7 }, (_, i) => {
    const date = new Date(monday + i * DAY_MS).toISOString().slice(0, 10);
    return days.get(date) ?? { date, weave: null, heard: null };
  });
}

/** A day is published a moment after its end, and asked for a few times until it is. */
const TRIES = 4;
const BETWEEN_MS = 5_000;
const LAST_AFTER_MS = 1_000;

export type Weeks = {
  /** The week of a day, as far as it is known; asks the index once the day is named. */
  daysOf(date: string): readonly WovenDay[];
  /** The strip of the newest day, '' while it is unknown; asks the index the first time. */
  lastWeave(): string;
};

export function weeks(world: {
  readonly fetch: (path: string) => Promise<unknown>;
  readonly later: (task: () => void, ms: number) => unknown;
}): Weeks {
  const { fetch, later } = world;
  let known: { date: string; days: readonly WovenDay[] } | null = null;
  let last: string | null = null;
  const load = async (): Promise<ReadonlyMap<string, WovenDay> | null> => {
    const days = await fetch('/index.json').then(wovenDays, () => null);
    const newest = [...(days?.keys() ?? [])].sort().at(-1);
    if (newest !== undefined) last = days?.get(newest)?.weave ?? '';
    return days;
  };

  const ask = async (date: string, triesLeft: number): Promise<void> => {
    const days = await load();
    if (known?.date !== date) return;
    if (days) known = { date, days: weekOf(date, days) };
    if (!days?.has(date) && triesLeft > 1) later(() => void ask(date, triesLeft - 1), BETWEEN_MS);
  };
  return {
    daysOf(date) {
      if (known?.date !== date) {
        known = { date, days: weekOf(date, new Map()) };
        void ask(date, TRIES);
      }
      return known.days;
    },
    lastWeave() {
      if (last === null) {
        last = '';
        // An ornament: all that matters goes first.
        later(() => void load(), LAST_AFTER_MS);
      }
      return last;
    },
  };
}
