import type { PerformanceRecord, Performances, Site } from './ports.ts';

/** Nothing of a performance is public before its first broadcast has ended; then its record and MIDI are. */
export async function publish(
  performanceId: string,
  ports: { readonly performances: Performances; readonly site: Site },
  published: readonly string[],
): Promise<void> {
  const stored = await ports.performances.get(performanceId);
  if (!stored) throw new Error(`no performance ${performanceId} to publish`);
  await ports.site.put(`${performanceId}/performance.mid`, stored.midi);
  await ports.site.put(`${performanceId}/record.json`, `${JSON.stringify(stored.record, null, 2)}\n`);
  const days = [...new Set([...published, performanceId])].sort().reverse();
  const entries: Pick<PerformanceRecord, 'id' | 'title' | 'durationMs' | 'notes'>[] = [];
  for (const id of days) {
    const day = await ports.performances.get(id).catch(() => null);
    if (day) {
      const { title, durationMs, notes } = day.record;
      entries.push({ id, title, durationMs, notes });
    }
  }
  // Last: a reader of the index finds everything that it names.
  await ports.site.put('index.json', `${JSON.stringify({ schema: 1, performances: entries })}\n`);
}
