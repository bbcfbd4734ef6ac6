/** Listeners' holes, as they come, into what is public of their days. */
import { readDay, writeMargin } from './day.ts';
import { inTurn } from './in-turn.ts';
import { INDEX, type PublishPorts, readIndex } from './publish.ts';
import { indexText, withEntries } from './site/index-json.ts';

/**
 * Prints the margins that have more holes than their days tell: the picture, the page, and last the index. Days that are not
 * public have none to print; doing it again changes nothing.
 * @param counts holes by performance
 */
export async function publishMargins(
  counts: ReadonlyMap<string, number>,
  ports: PublishPorts,
): Promise<void> {
  if (counts.size > 0) await inTurn(ports.site, () => printMargins(counts, ports));
}

async function printMargins(counts: ReadonlyMap<string, number>, ports: PublishPorts): Promise<void> {
  const before = await readIndex(ports.site);
  const made = new Set<string>();
  for (const old of before.performances) {
    const holes = counts.get(old.id) ?? 0;
    const day = holes > old.holes ? await readDay(ports.performances, old.id) : null;
    if (!day) continue;
    await writeMargin(day, { ...old, holes }, before, ports);
    made.add(old.id);
  }
  if (made.size === 0) return;
  // Read again: another process may have written of these days, or of others, meanwhile.
  const now = await readIndex(ports.site);
  const lines = now.performances
    .filter(({ id }) => made.has(id))
    .map((entry) => ({ ...entry, holes: Math.max(entry.holes, counts.get(entry.id) ?? 0) }));
  await ports.site.put(INDEX, indexText(withEntries(now, lines)));
}
