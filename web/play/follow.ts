/** Looks at what becomes of an upload, again and again, and says it in words. */
import { type Done, type Look, look } from './ask.ts';

const LOOK_MS = 700;
/** So many looks without an answer, and the station is taken for gone: about a quarter of a minute. */
const MOST_FAILURES = 20;

type Composing = Extract<Look, { state: 'composing' }>;

/**
 * @param wanted whether anybody still waits for it
 * @returns what is done; or a sentence that says why there is nothing; null: nobody waits any more
 */
export async function follow(
  id: string,
  wanted: () => boolean,
  onLook: (told: string, composing: Composing | null) => void,
): Promise<{ readonly record: Done; readonly kept: boolean } | string | null> {
  let failures = 0;
  for (;;) {
    const seen = await look(id).catch(() => null);
    if (!wanted()) return null;
    failures = seen ? 0 : failures + 1;
    if (failures > MOST_FAILURES) return 'The station does not answer any more. Try again later.';
    if (seen?.state === 'done') return seen;
    if (seen?.state === 'gone') return 'There is nothing here any more: it was forgotten.';
    if (seen?.state === 'failed') return 'Composing failed. Try again.';
    if (seen?.state === 'refused') return `It cannot be gone on from: ${seen.message}.`;
    if (seen?.state === 'composing') onLook(`Composing: ${Math.round(seen.part * 100)} %.`, seen);
    else if (seen?.state === 'queued')
      onLook(seen.ahead === 0 ? 'It is the next.' : `${seen.ahead} before you.`, null);
    else onLook('The station does not answer; it is asked again.', null);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
