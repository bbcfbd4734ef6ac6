import type { BroadcastRecords, StoredWindow, Windows } from '../../ports.ts';
import { broadcastRecords } from '../stores/broadcast-records.ts';
import { memoryBlobs } from './blobs.ts';

export function memoryWindows(): Windows {
  const stored = new Map<string, StoredWindow>();
  const seen = (id: string, expected: number): { conflict: StoredWindow | null } | null => {
    const now = stored.get(id) ?? null;
    return (now?.version ?? 0) === expected ? null : { conflict: now };
  };
  return {
    async list() {
      return [...stored.values()].sort((a, b) => (a.window.id < b.window.id ? -1 : 1));
    },
    async get(id) {
      return stored.get(id) ?? null;
    },
    async put(window, expected) {
      const conflict = seen(window.id, expected);
      if (conflict) return conflict;
      const next = { window, version: expected + 1 };
      stored.set(window.id, next);
      return next;
    },
    async remove(id, expected) {
      const conflict = seen(id, expected);
      if (conflict) return conflict;
      stored.delete(id);
      return 'removed';
    },
  };
}

export const memoryBroadcastRecords = (): BroadcastRecords => broadcastRecords(memoryBlobs());
