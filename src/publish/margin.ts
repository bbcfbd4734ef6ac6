/** Listeners' holes, as they come, into what is public of their days. */
import { readDay, writeMargin } from './day.ts';
import { changeIndex } from './index-file.ts';
import type { PublishPorts } from './publish.ts';
import { type ArchiveIndex, type IndexEntry, withEntries } from './site/index-json.ts';

/**
 * Prints the margins that have more holes than their days tell: the picture, the page, and last the index. Days that are not
 * public have none to print; doing it again changes nothing.
 * @param counts holes by performance
 */
export async function publishMargins(
  counts: ReadonlyMap<string, number>,
  ports: PublishPorts,
): Promise<void> {
  if (counts.size > 0) await changeIndex(ports.site, (index) => printMargins(index, counts, ports));
}

async function printMargins(
  index: ArchiveIndex,
  counts: ReadonlyMap<string, number>,
  ports: PublishPorts,
): Promise<ArchiveIndex | null> {
  const printed: IndexEntry[] = [];
  for (const old of index.performances) {
    const holes = counts.get(old.id) ?? 0;
    const day = holes > old.holes ? await readDay(ports.performances, old.id) : null;
    if (!day) continue;
    const line = { ...old, holes };
    await writeMargin(day, line, index, ports);
    printed.push(line);
  }
  return printed.length === 0 ? null : withEntries(index, printed);
}
