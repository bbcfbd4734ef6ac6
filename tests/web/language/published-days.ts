/** Days of all kinds, as the archive knows them: heard and unheard, counted or not, with and without a price, far apart. */
import type { PerformanceRecord } from '../../../src/ports.ts';
import type { IndexEntry } from '../../../src/publish/site/index-json.ts';

const day = (id: string, more: Partial<IndexEntry>): IndexEntry => ({
  ...{ id, title: 'Suite in D flat major', durationMs: 181_000, notes: 1_184, weave: '', heard: 12 },
  ...{ costUsd: 0.012, pricesDate: '2026-06-01', midiBytes: 9_000, playedAt: null, edition: 3, holes: 40 },
  ...{ soundBytes: 2_400_000, soundMs: 184_000 },
  ...more,
});

/** Newest first. */
export const ENTRIES: readonly IndexEntry[] = [
  day('2026-11-21', {}),
  day('2026-11-19', { title: 'Waltz in B minor', heard: 0, costUsd: 0, pricesDate: null, holes: 1 }),
  day('2026-10-02', { title: 'Pianola 2026-10-02', heard: null, costUsd: null, pricesDate: null, holes: 0 }),
  day('2026-10-01', { title: 'Pianola 2026-10-01', heard: 1, costUsd: 1.5, pricesDate: null, holes: 0 }),
];

export const recordOf = ({ id, title, durationMs, notes }: IndexEntry): PerformanceRecord => ({
  ...{ schema: 1, id, title, composedAt: Date.parse('2026-11-21T18:00:00Z'), seed: 7, durationMs, notes },
  ...{ modelSha256: '0123456789abcdef', midiSha256: 'fedcba9876543210', settings: {}, tokens: 3_552 },
  movements: [
    { startMs: 0, title: 'Mazurka in D flat major' },
    { startMs: 96_000, title: 'Song without words in A minor' },
  ],
});
