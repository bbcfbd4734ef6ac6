/** A broadcast with one listener, who keeps to the protocol and remembers what was told. */
import { memoryBroadcastRecords } from '../../src/adapters/memory/windows.ts';
import type { BroadcastPorts } from '../../src/broadcast/broadcast.ts';
import { parseFrame } from '../../src/wire.ts';
import { aListener } from '../support/a-listener.ts';
import { memoryBroadcast } from '../support/memory-broadcast.ts';
import { scale } from '../support/music.ts';

export const T0 = 1_000_000_000;
const DAY = '2026-11-21';
export const ID = `daily@${T0}`;

export async function setUp(durationMs: number, now: number) {
  const music = scale(durationMs);
  const row = { id: ID, startsAt: T0, wanted: DAY, next: null };
  const memory = await memoryBroadcast(row, now, { [DAY]: music });
  const { clock, broadcasts } = memory;
  const listener = aListener(clock.now, T0);
  const records = memoryBroadcastRecords();
  const log: string[] = [];
  const ports: BroadcastPorts = {
    ...memory,
    post: async (_id, text) => {
      listener.receive(parseFrame(text)!);
      return 'sent' as const;
    },
    log: (event) => log.push(event),
    keepRecord: records.put,
  };
  return { clock, ports, broadcasts, listener, music, log, records };
}
