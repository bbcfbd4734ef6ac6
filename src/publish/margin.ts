/** Listeners' holes, as they come, into what is public of their days. */
import { readDay, writeMargin } from './day.ts';
import { INDEX, type PublishPorts, readIndex } from './publish.ts';
import { type IndexEntry, indexText, withEntries } from './site/index-json.ts';

/**
 * Prints the margins that have more holes than their days tell: the picture, the page, and last the index. Days that are not
 * public have none to print; doing it again changes nothing.
 * @param counts holes by performance
 */
export async function publishMargins(
  counts: ReadonlyMap<string, number>,
  ports: PublishPorts,
): Promise<void> {
  if (counts.size === 0) return;
  const before = await readIndex(ports.site);
  const made: IndexEntry[] = [];
  for (const old of before.performances) {
    const holes = counts.get(old.id) ?? 0;
    const day = holes > old.holes ? await readDay(ports.performances, old.id) : null;
    if (!day) continue;
    const entry = { ...old, holes };
    await writeMargin(day, entry, before, ports);
    made.push(entry);
  }
  // Read again: a day may have been published meanwhile.
  if (made.length > 0) await ports.site.put(INDEX, indexText(withEntries(await readIndex(ports.site), made)));
}
