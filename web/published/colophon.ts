/** How a day was made, in one line, from its public record; null where the record is not what it should be. */
import { countText, dollarsText, heardText } from '../../src/words.ts';

export function colophonText(record: unknown): string | null {
  const { seed, modelSha256, notes, heard, costUsd, licences } = (record ?? {}) as Record<string, unknown>;
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(notes) || typeof modelSha256 !== 'string')
    return null;
  // Twelve digits tell models apart, and can be compared by eye.
  const made = `${countText(notes as number)} notes, from seed ${seed} by model ${modelSha256.slice(0, 12)}.`;
  const music = (licences as { music?: unknown } | null | undefined)?.music;
  return [made, heardSentence(heard), costText(costUsd), licenceText(music)].filter(Boolean).join(' ');
}

const heardSentence = (heard: unknown): string =>
  Number.isSafeInteger(heard) ? `H${heardText(heard as number).slice(1)}.` : '';

/** An estimate in US dollars; nothing is what a computer of one's own costs. */
function costText(usd: unknown): string {
  if (typeof usd !== 'number' || !Number.isFinite(usd)) return '';
  return usd === 0 ? 'It cost nothing.' : `It cost ${dollarsText(usd)}.`;
}

/** "CC BY 4.0" of "CC-BY-4.0". */
const licenceText = (spdx: unknown): string =>
  typeof spdx === 'string' && /^[\w.-]{1,40}$/.test(spdx) ? `Music: ${spdx.replaceAll('-', ' ')}.` : '';
