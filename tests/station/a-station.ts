/** A station in memory: what a broadcaster is woken with, and what prepares its evenings. */
import {
  memoryBroadcasts,
  memoryConnections,
  memoryPerformances,
  memorySite,
} from '../../src/adapters/memory/memory.ts';
import { memoryBroadcastRecords, memoryWindows } from '../../src/adapters/memory/windows.ts';
import { broadcastId } from '../../src/broadcast/id.ts';
import { timelines } from '../../src/broadcast/timelines.ts';
import type { BroadcastRecord } from '../../src/ports.ts';
import { virtualWindow } from '../../src/schedule/index.ts';
import type { PerformPorts } from '../../src/station/perform.ts';
import type { PreparePorts } from '../../src/station/prepare.ts';
import { fakeClock } from '../support/fake-clock.ts';

/** 20:00 in Berlin, winter. */
export const T0 = Date.UTC(2026, 10, 21, 19);
export const DAY = '2026-11-21';
export const ID = broadcastId('daily', T0);

export const aRecord = (fields: Partial<BroadcastRecord>): BroadcastRecord => ({
  ...{ schema: 1, id: ID, startsAt: T0, state: 'ended', performance: DAY, encore: false, durationMs: 40_000 },
  ...{ epoch: 1, startLatenessMs: 0, endedAt: T0 + 40_000, chunkSha256: [], sha256: '' },
  ...fields,
});

export function world(now: number) {
  const clock = fakeClock(now);
  const performances = memoryPerformances();
  const site = memorySite();
  const log: string[] = [];
  /** The same, with their details. */
  const told: [event: string, details: unknown][] = [];
  const armed: string[] = [];
  const woken: string[] = [];
  const shared = {
    clock,
    performances,
    site,
    siteUrl: 'https://piano.example',
    broadcasts: memoryBroadcasts(),
    records: memoryBroadcastRecords(),
    windows: memoryWindows(),
    otherwise: virtualWindow('20:00', 'Europe/Berlin'),
    timeZone: 'Europe/Berlin',
    log: (event: string, details?: unknown) => {
      log.push(event);
      told.push([event, details]);
    },
  };
  const performPorts: PerformPorts = {
    ...shared,
    connections: memoryConnections(),
    timelines: timelines(performances),
    post: async () => 'sent' as const,
  };
  const composed: string[] = [];
  const preparePorts: PreparePorts = {
    ...shared,
    timer: {
      async arm(id, reason) {
        if (armed.includes(`${id} ${reason}`)) return 'exists';
        armed.push(`${id} ${reason}`);
        return 'armed';
      },
      disarm: async () => {},
      armed: async () => armed,
    },
    wake: async (id) => void woken.push(id),
    ensure: async (date) => void composed.push(date),
  };
  return {
    ...shared,
    clock,
    performances,
    site,
    log,
    told,
    armed,
    woken,
    composed,
    performPorts,
    preparePorts,
  };
}
