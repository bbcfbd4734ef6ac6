/** A link to what was continued: kept from then on, and given to the device, or to the clipboard, or shown. */
import { said } from '../language/play/words.ts';
import { ROOT } from '../site/root.ts';
import { keep } from './ask.ts';

export const linkTo = (id: string): string => `${location.origin}${ROOT}/play/#${id}`;

/** To be called by a gesture. @returns what came of it, in words */
export async function shareLink(
  id: string,
  url: string,
): Promise<{ readonly kept: boolean; readonly words: string }> {
  try {
    await keep(id);
  } catch {
    return { kept: false, words: said.notKept };
  }
  if (navigator.share) {
    // Given up by the visitor: the link is there all the same.
    await navigator.share({ title: document.title, url }).catch(() => {});
    return { kept: true, words: said.shared };
  }
  const copied = await navigator.clipboard?.writeText(url).then(
    () => true,
    () => false,
  );
  return { kept: true, words: copied ? said.copied : said.shared };
}
