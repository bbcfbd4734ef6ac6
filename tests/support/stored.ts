import { hash } from 'node:crypto';
import type { BroadcastRecord, StoredPerformance } from '../../src/ports.ts';

/** A performance that any store must take; its bytes differ by `text`. */
export function aPerformance(id: string, text = id): StoredPerformance {
  const midi = new TextEncoder().encode(`MThd ${text} \u0000\u00ff`);
  return {
    midi,
    record: {
      schema: 1,
      id,
      title: `Pianola ${id}`,
      composedAt: 1_700_000_000_000,
      seed: 7,
      durationMs: 180_000,
      notes: 300,
      modelSha256: 'a'.repeat(64),
      midiSha256: hash('sha256', midi),
      settings: { minutes: 3, temperature: 0.98 },
      tokens: 900,
      movements: [{ startMs: 0, title: 'slow, low' }],
    },
  };
}

/** The record of a broadcast that was over five minutes after its T0. */
export const aRecord = (startsAt: number, fields: Partial<BroadcastRecord> = {}): BroadcastRecord => ({
  schema: 1,
  id: `evening-x2@${new Date(startsAt).toISOString()}`,
  startsAt,
  state: 'ended',
  performance: '2026-11-21',
  encore: false,
  durationMs: 300_000,
  epoch: 1,
  startLatenessMs: 2,
  endedAt: startsAt + 300_000,
  chunkSha256: ['a'.repeat(64), 'b'.repeat(64)],
  sha256: 'c'.repeat(64),
  ...fields,
});
