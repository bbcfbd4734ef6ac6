import type { PerformanceRecord, Performances, Site } from './ports.ts';

/** A day as the archive's index lists it. */
export type IndexEntry = Pick<PerformanceRecord, 'id' | 'title' | 'durationMs' | 'notes'>;
export type ArchiveIndex = { readonly schema: 1; readonly performances: readonly IndexEntry[] };

/**
 * Makes a performance public, which nothing of it is before its first broadcast has ended.
 * Publishing it again changes nothing.
 */
export async function publish(
  performanceId: string,
  { performances, site }: { readonly performances: Performances; readonly site: Site },
): Promise<void> {
  const stored = await performances.get(performanceId);
  if (!stored) throw new Error(`no performance ${performanceId} to publish`);
  await site.put(`${performanceId}/performance.mid`, stored.midi);
  await site.put(`${performanceId}/record.json`, `${JSON.stringify(stored.record, null, 2)}\n`);
  const { id, title, durationMs, notes } = stored.record;
  const others = (await readIndex(site)).performances.filter((entry) => entry.id !== id);
  const entries = [...others, { id, title, durationMs, notes }].sort((a, b) => (a.id < b.id ? 1 : -1));
  // Last, so that a reader of the index finds everything it names.
  await site.put(
    'index.json',
    `${JSON.stringify({ schema: 1, performances: entries } satisfies ArchiveIndex)}\n`,
  );
}

/** The public archive, newest first; empty before the first publication. */
export async function readIndex(site: Site): Promise<ArchiveIndex> {
  const bytes = await site.get('index.json');
  return bytes
    ? (JSON.parse(new TextDecoder().decode(bytes)) as ArchiveIndex)
    : { schema: 1, performances: [] };
}
