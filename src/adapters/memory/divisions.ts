import type { Division, Divisions } from '../../ports.ts';

type Stored = { epoch: number; parts: number; here: number; helpers: Map<number, Attendance> };
type Attendance = { readonly name: string; readonly until: number };

/** Divisions in this process's memory: the plainest reading of their contract. */
export function memoryDivisions(): Divisions {
  const stored = new Map<string, Stored>();
  const publicOf = ({ epoch, parts, here, helpers }: Stored): Division => ({
    epoch,
    parts,
    here,
    attendedUntil: Array.from({ length: parts }, (_, part) => helpers.get(part)?.until ?? 0),
  });
  return {
    async get(broadcast) {
      const division = stored.get(broadcast);
      return division ? publicOf(division) : null;
    },
    async divide({ broadcast, epoch }, parts, here) {
      const before = stored.get(broadcast);
      if (before && before.epoch > epoch) return null;
      const helpers: Stored['helpers'] = before?.epoch === epoch ? before.helpers : new Map();
      const division = { epoch, parts, here, helpers };
      stored.set(broadcast, division);
      return publicOf(division);
    },
    async attend({ name, broadcast, epoch, part }, now, until) {
      const division = stored.get(broadcast);
      if (division?.epoch !== epoch) return null;
      const other = division.helpers.get(part);
      if (other && other.name !== name && other.until > now) return null;
      division.helpers.set(part, { name, until });
      return publicOf(division);
    },
  };
}
