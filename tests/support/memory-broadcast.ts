/** A broadcast in memory on a held clock, with one listener, "a": what a broadcaster needs but its post and its log. */
import { memoryBroadcasts, memoryConnections, memoryPerformances } from '../../src/adapters/memory/memory.ts';
import { timelines } from '../../src/broadcast/timelines.ts';
import type { Music } from '../../src/music/note.ts';
import type { Broadcast } from '../../src/ports.ts';
import { fakeClock } from './fake-clock.ts';
import { stored } from './music.ts';

/** @param archive what is stored, by its day */
export async function memoryBroadcast(
  row: Pick<Broadcast, 'id' | 'startsAt' | 'wanted' | 'next'>,
  now: number,
  archive: Readonly<Record<string, Music>> = {},
) {
  const clock = fakeClock(now);
  const performances = memoryPerformances();
  for (const [day, music] of Object.entries(archive)) await performances.create(stored(day, music));
  const broadcasts = memoryBroadcasts();
  await broadcasts.schedule(row);
  const connections = memoryConnections();
  await connections.add('a');
  return { clock, performances, broadcasts, connections, timelines: timelines(performances) };
}
