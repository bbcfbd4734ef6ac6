/** Looks at what becomes of an upload, again and again, and says it in words. */
import { read, said } from '../language/play/words.ts';
import { words } from '../language/words.ts';
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
    if (failures > MOST_FAILURES) return said.silent;
    if (seen?.state === 'done') return seen;
    if (seen?.state === 'gone') return said.gone;
    if (seen?.state === 'failed') return said.failed;
    if (seen?.state === 'refused') return said.cannot(read(seen.message));
    if (seen?.state === 'composing') onLook(said.composing(words.percent(seen.part)), seen);
    else if (seen?.state === 'queued') onLook(seen.ahead === 0 ? said.next : said.before(seen.ahead), null);
    else onLook(said.askedAgain, null);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
