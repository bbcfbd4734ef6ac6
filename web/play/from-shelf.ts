/** A piece that the visitor sent here from the shelf: the address names its file, and nothing else of this site or any other. */
import { said } from '../language/play/words.ts';
import { ROOT } from '../site/root.ts';

const FILE = /^\/shelf\/midi\/[0-9a-f]{16}\.mid$/;

/** @returns null where the address names no piece of the shelf */
export function namedIn(
  search: string,
  root: string,
): { readonly file: string; readonly name: string } | null {
  const query = new URLSearchParams(search);
  const from = query.get('from') ?? '';
  const bare = from.startsWith(`${root}/`) ? from.slice(root.length) : '';
  if (!FILE.test(bare)) return null;
  return { file: from, name: `${(query.get('name') ?? '').trim().slice(0, 100) || said.piece}.mid` };
}

/** Gives the file to whoever goes on from it, once: the address is the page's own again. */
export async function fromShelf(
  goOn: (file: Blob, name: string) => Promise<void>,
  tell: (text: string) => void,
): Promise<void> {
  const named = namedIn(location.search, ROOT);
  if (!named) return;
  history.replaceState(null, '', location.pathname);
  tell(said.fetched);
  const response = await fetch(named.file).catch(() => null);
  if (!response?.ok) return tell(said.notOnShelf);
  await goOn(await response.blob(), named.name);
}
