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

/** Asks the index for the week of a day, once it is named; calls back whenever more of it is known. */
export function weeks(world: {
  readonly fetch: (path: string) => Promise<unknown>;
  readonly later: (task: () => void, ms: number) => unknown;
  readonly onWeek: () => void;
}): (date: string) => readonly WovenDay[] {
  let known: { date: string; days: readonly WovenDay[] } | null = null;
  const ask = async (date: string, triesLeft: number): Promise<void> => {
    const days = await world.fetch('/index.json').then(wovenDays, () => null);
    if (known?.date !== date) return;
    if (days) {
      known = { date, days: weekOf(date, days) };
      world.onWeek();
    }
    if (!days?.has(date) && triesLeft > 1) world.later(() => void ask(date, triesLeft - 1), BETWEEN_MS);
  };
  return (date) => {
    if (known?.date !== date) {
      known = { date, days: weekOf(date, new Map()) };
      void ask(date, TRIES);
    }
    return known.days;
  };
}
