import { messageOf } from '../errors.ts';
import type { Broadcast } from '../ports.ts';
import type { BroadcastPorts } from './playing.ts';
import type { TitledTimeline } from './timelines.ts';

/** Without a performance by then, an encore is announced. */
const ENCORE_BEFORE_MS = 10_000;

/**
 * Today's performance; an encore from T0 − 10 s on; "silent" with an empty archive, or so late that it would be over
 * already; null: not yet. "lost": it was played while it was composed, and whoever did so has died before it was whole.
 */
export async function choose(
  row: Broadcast,
  {
    performances,
    timelines,
    clock,
    log,
  }: Pick<BroadcastPorts, 'performances' | 'timelines' | 'clock' | 'log'>,
): Promise<{ id: string; music: TitledTimeline } | 'silent' | 'lost' | null> {
  const load = async (id: string) => {
    try {
      const music = await timelines(id);
      // What will never be whole is not begun with.
      return music && (music.still !== 'broken' || row.performance === id) ? { id, music } : null;
    } catch (error) {
      log('performance.unusable', {
        performance: id,
        reason: messageOf(error),
      });
      return null;
    }
  };
  /** What nobody has begun is not begun after its end: nothing of it would be heard, and the books would say that it was played. */
  const begin = ({ id, music }: { id: string; music: TitledTimeline }) => {
    if (row.performance !== null || clock.now() < row.startsAt + music.music.durationMs) return { id, music };
    log('broadcast.missed', { broadcast: row.id, performance: id });
    return 'silent';
  };
  const already = row.performance ?? row.wanted;
  const found = await load(already);
  if (found) return begin(found);
  if (row.performance !== null && row.durationMs === null) return 'lost';
  if (clock.now() < row.startsAt - ENCORE_BEFORE_MS) return null;
  for (const id of await performances.list()) {
    if (id === already || id > row.wanted) continue;
    const encore = await load(id);
    if (!encore) continue;
    const begun = begin(encore);
    if (begun !== 'silent') log('broadcast.encore', { broadcast: row.id, performance: id });
    return begun;
  }
  return 'silent';
}
