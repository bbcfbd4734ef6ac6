/** The published days, as the live page needs them: from the archive's index, asked for again until a new day is there. */
import { minutesText, ownTitle } from '../../src/words.ts';
import { heardText, listText, notesText } from '../language/written.ts';
import { ROOT } from '../site/root.ts';

export type Day = {
  /** `YYYY-MM-DD` in the station's zone. */
  readonly id: string;
  readonly title: string;
  readonly durationMs: number;
  readonly notes: number;
  /** Its strip, see music/weave.ts; '' where an older index has none. */
  readonly weave: string;
  /** Listeners; 0 leaves its holes hollow; null: nobody counted. */
  readonly heard: number | null;
  /** When it was played first, epoch ms; null where nobody noted it. */
  readonly playedAt: number | null;
};

const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Newest first. The index is a file from elsewhere: what is no day is left out, so that no link leads off the site. */
export function daysOf(index: unknown): readonly Day[] {
  const list = (index as { performances?: unknown } | null)?.performances;
  return (Array.isArray(list) ? list : [])
    .map(dayOf)
    .filter((day) => day !== null)
    .sort((a, b) => (a.id < b.id ? 1 : -1));
}

function dayOf(value: unknown): Day | null {
  const { id, title, durationMs, notes, weave, heard, playedAt } = (value ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || !DATE.test(id) || typeof title !== 'string') return null;
  if (!isCount(durationMs) || !isCount(notes)) return null;
  return {
    id,
    // The title, unless it only says the date again.
    title: ownTitle({ id, title }),
    durationMs,
    notes,
    weave: typeof weave === 'string' ? weave : '',
    heard: isCount(heard) ? heard : null,
    playedAt: isCount(playedAt) ? playedAt : null,
  };
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

export function dayText({ durationMs, notes, heard }: Day): string {
  return listText([minutesText(durationMs), notesText(notes), heardText(heard)]);
}

/** Seven dates that end with one: the week that a visitor looks back on. None for what is no date. */
export function weekUntil(date: string): readonly string[] {
  const at = DATE.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at)) return [];
  return Array.from({ length: 7 }, (_, i) => new Date(at - (6 - i) * DAY_MS).toISOString().slice(0, 10));
}

/** So long between the tries to learn whether there is an archive, ms. */
const AGAIN_MS = [3_000, 3_000, 3_000, 3_000];
/** And until a day that was played is there: publishing engraves its sheet, and what answers for the site may keep the index a minute. */
const UNTIL_PUBLISHED_MS = [3_000, 6_000, 15_000, 30_000, 60_000, 60_000, 120_000];

export type Published = {
  /** Newest first; null while nobody has answered. */
  readonly days: readonly Day[] | null;
  /** A day has been played: it is looked for until it is there. */
  expect(id: string): void;
};

/** @param onDays they are known, or others than before */
export function publishedDays(world: {
  readonly fetch: (path: string) => Promise<unknown>;
  readonly later: (task: () => void, ms: number) => unknown;
  readonly onDays: (days: readonly Day[]) => void;
}): Published {
  const { fetch, later, onDays } = world;
  let days: readonly Day[] | null = null;
  const expected = new Set<string>();

  const ask = async (isThere: () => boolean, [again, ...further]: readonly number[]): Promise<void> => {
    // Before the first day has been played there may be no index.
    const found = await fetch(`${ROOT}/index.json`).then(daysOf, () => null);
    if (found && JSON.stringify(found) !== JSON.stringify(days)) {
      days = found;
      onDays(found);
    } else if (!found && days === null && again === undefined) {
      days = [];
      onDays(days);
    }
    if (!isThere() && again !== undefined) later(() => void ask(isThere, further), again);
  };
  void ask(() => days !== null, AGAIN_MS);
  return {
    get days() {
      return days;
    },
    expect(id) {
      if (expected.has(id) || days?.some((day) => day.id === id)) return;
      expected.add(id);
      void ask(() => days?.some((day) => day.id === id) ?? false, UNTIL_PUBLISHED_MS);
    },
  };
}
