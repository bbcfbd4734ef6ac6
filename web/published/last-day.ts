/** A published day whole: its music, its programme, and how it was made. */
import type { Music } from '../../src/music/note.ts';
import type { Day } from './days.ts';

export type Movement = { readonly startMs: number; readonly title: string };
export type WholeDay = Day & {
  readonly music: Music;
  readonly movements: readonly Movement[];
};

/** @throws Error where the music cannot be had; without a record there is no programme, and it plays all the same */
export async function wholeDay(
  day: Day,
  world: {
    readonly music: (id: string) => Promise<Music>;
    readonly record: (id: string) => Promise<unknown>;
  },
): Promise<WholeDay> {
  const [music, record] = await Promise.all([world.music(day.id), world.record(day.id).catch(() => null)]);
  return { ...day, music, movements: movementsOf(record) };
}

function movementsOf(record: unknown): readonly Movement[] {
  const list = (record as { movements?: unknown } | null)?.movements;
  return (Array.isArray(list) ? list : []).flatMap((value) => {
    const { startMs, title } = (value ?? {}) as Record<string, unknown>;
    return typeof startMs === 'number' && startMs >= 0 && typeof title === 'string'
      ? [{ startMs, title }]
      : [];
  });
}
