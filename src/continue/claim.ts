/** Of several that are told of the same work one does it; where it dies, another does, once its time is up. */
import type { Blobs } from '../ports.ts';

export type Claimant = {
  /** The same for a second try of the same teller, which need not wait for itself. */
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** By then it is done, or was given up. */
  readonly until: number;
};

/**
 * Durable: what was claimed is claimed in every process that sees the place. Two that find the same claim run out at once
 * may both take it; what they make is the same.
 * @returns null: it is ours; else until when it is another's
 */
export async function claim(
  place: Blobs,
  name: string,
  { owner, now, until }: Claimant,
): Promise<{ readonly until: number } | null> {
  const text = `${JSON.stringify({ schema: 1, owner, until })}\n`;
  if ((await place.create(name, text)) === 'created') return null;
  const found = await held(place, name);
  if (found && found.owner !== owner && found.until > now) return { until: found.until };
  await place.write(name, text);
  return null;
}

/** null: it cannot be told whose it is. */
async function held(place: Blobs, name: string): Promise<{ owner: string; until: number } | null> {
  const bytes = await place.read(name);
  try {
    const { owner, until } = JSON.parse(new TextDecoder().decode(bytes ?? undefined));
    return typeof owner === 'string' && typeof until === 'number' ? { owner, until } : null;
  } catch {
    return null;
  }
}
