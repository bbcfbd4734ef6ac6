/** A broadcast with one listener, who keeps to the protocol and remembers what was told. */
import { memoryBroadcasts, memoryConnections, memoryPerformances } from '../../src/adapters/memory/memory.ts';
import { memoryBroadcastRecords } from '../../src/adapters/memory/windows.ts';
import type { BroadcastPorts } from '../../src/broadcast/broadcast.ts';
import { timelines } from '../../src/broadcast/timelines.ts';
import { parseFrame } from '../../src/wire.ts';
import { aListener } from '../support/a-listener.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { scale, stored } from '../support/music.ts';

export const T0 = 1_000_000_000;
const DAY = '2026-11-21';
export const ID = `daily@${T0}`;

export async function setUp(durationMs: number, now: number) {
  const clock = fakeClock(now);
  const performances = memoryPerformances();
  const music = scale(durationMs);
  await performances.create(stored(DAY, music));
  const broadcasts = memoryBroadcasts();
  await broadcasts.schedule({ id: ID, startsAt: T0, wanted: DAY, next: null });
  const connections = memoryConnections();
  await connections.add('a');
  const listener = aListener(clock.now, T0);
  const records = memoryBroadcastRecords();
  const log: string[] = [];
  const ports: BroadcastPorts = {
    broadcasts,
    performances,
    connections,
    clock,
    timelines: timelines(performances),
    post: async (_id, text) => {
      listener.receive(parseFrame(text)!);
      return 'sent';
    },
    log: (event) => log.push(event),
    keepRecord: records.put,
  };
  return { clock, ports, broadcasts, listener, music, log, records };
}
