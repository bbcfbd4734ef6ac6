/** How a day was made, in one line, from its public record; null where the record is not what it should be. */
export function colophonText(record: unknown): string | null {
  const { seed, modelSha256, notes } = (record ?? {}) as Record<string, unknown>;
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(notes) || typeof modelSha256 !== 'string')
    return null;
  // Twelve digits tell models apart, and can be compared by eye.
  return `${(notes as number).toLocaleString('en-GB')} notes, from seed ${seed} by model ${modelSha256.slice(0, 12)}.`;
}

/** The record is published when the broadcast has ended: asked for soon after, and a few times. */
const TRIES = 4;
const BETWEEN_MS = 5_000;

/** Asks for a day's colophon once the day is named; calls back when there is one. */
export function colophons(onText: () => void): (performance: string) => string | null {
  const texts = new Map<string, string | null>();
  const ask = async (performance: string, triesLeft: number): Promise<void> => {
    const response = await fetch(`/${encodeURIComponent(performance)}/record.json`).catch(() => null);
    const text = response?.ok ? colophonText(await response.json().catch(() => null)) : null;
    if (text !== null) {
      texts.set(performance, text);
      onText();
    } else if (triesLeft > 1) setTimeout(() => void ask(performance, triesLeft - 1), BETWEEN_MS);
  };
  return (performance) => {
    if (!texts.has(performance)) {
      texts.set(performance, null);
      void ask(performance, TRIES);
    }
    return texts.get(performance) ?? null;
  };
}
