/** How a day was made, in one line, from its public record; null where the record is not what it should be. */
export function colophonText(record: unknown): string | null {
  const { seed, modelSha256, notes, heard, costUsd, licences } = (record ?? {}) as Record<string, unknown>;
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(notes) || typeof modelSha256 !== 'string')
    return null;
  // Twelve digits tell models apart, and can be compared by eye.
  const made = `${(notes as number).toLocaleString('en-GB')} notes, from seed ${seed} by model ${modelSha256.slice(0, 12)}.`;
  const music = (licences as { music?: unknown } | null | undefined)?.music;
  return [made, heardText(heard), costText(costUsd), licenceText(music)].filter(Boolean).join(' ');
}

const heardText = (heard: unknown): string =>
  Number.isSafeInteger(heard) ? `Heard by ${heard === 0 ? 'nobody' : heard}.` : '';

/** An estimate in US dollars; nothing is what a computer of one's own costs. */
function costText(usd: unknown): string {
  if (typeof usd !== 'number' || !Number.isFinite(usd)) return '';
  return usd === 0 ? 'It cost nothing.' : `It cost about $${usd < 0.095 ? usd.toFixed(3) : usd.toFixed(2)}.`;
}

/** "CC BY 4.0" of "CC-BY-4.0". */
const licenceText = (spdx: unknown): string =>
  typeof spdx === 'string' && /^[\w.-]{1,40}$/.test(spdx) ? `Music: ${spdx.replaceAll('-', ' ')}.` : '';
