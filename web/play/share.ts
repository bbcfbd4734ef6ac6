/** A link to what was continued: kept from then on, and given to the device, or to the clipboard, or shown. */
import { keep } from './ask.ts';

export const linkTo = (id: string): string => `${location.origin}${globalThis.SITE_ROOT ?? ''}/play/#${id}`;

/** To be called by a gesture. @returns what came of it, in words */
export async function shareLink(
  id: string,
  url: string,
): Promise<{ readonly kept: boolean; readonly words: string }> {
  try {
    await keep(id);
  } catch {
    return { kept: false, words: 'It cannot be kept. Try again.' };
  }
  const has = 'Whoever has the link can hear this.';
  if (navigator.share) {
    // Given up by the visitor: the link is there all the same.
    await navigator.share({ title: document.title, url }).catch(() => {});
    return { kept: true, words: has };
  }
  const copied = await navigator.clipboard?.writeText(url).then(
    () => true,
    () => false,
  );
  return { kept: true, words: copied ? `The link is copied. ${has}` : has };
}
