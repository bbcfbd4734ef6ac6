import type { Punches } from '../../ports.ts';

/** Punches in this process's memory: the plainest reading of their contract. */
export function memoryPunches(): Punches {
  const counts = new Map<string, number>();
  const marks = new Set<string>();
  return {
    async punch(connectionId, performance, most) {
      const holes = counts.get(performance) ?? 0;
      const mark = `${performance} ${connectionId}`;
      if (marks.has(mark)) return { outcome: 'again', holes };
      if (holes >= most) return { outcome: 'full', holes };
      marks.add(mark);
      counts.set(performance, holes + 1);
      return { outcome: 'punched', holes: holes + 1 };
    },
    all: async () => new Map(counts),
  };
}
