/** The list of pieces on a page: a press on a name plays it, and so does a link that leads to one. */

export type Piece = { readonly id: string; readonly name: string; readonly link: string };
export type Rows = {
  /** One of those that the filter leaves; null: the page lists none. @param chance 0 to 1, below 1 */
  any(chance: number): Piece | null;
  /** The piece that the address names is shown, and plays at the next press: nothing sounds without one. */
  openLinked(): void;
};

export function rowsOn(page: Document, choose: (id: string, name: string, link: string) => void): Rows {
  const pieceOf = (row: Element): Piece | null => {
    const link = row.querySelector<HTMLAnchorElement>('a.name');
    return link && { id: row.id, name: link.textContent ?? '', link: link.href };
  };
  page.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('.pieces a.name') : null;
    const row = link?.closest('li');
    const piece = row && pieceOf(row);
    if (!piece || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // The place on the page stays, and the address is that of the piece where it is one of this page's.
    event.preventDefault();
    if (new URL(piece.link).pathname === location.pathname) history.replaceState(null, '', `#${piece.id}`);
    choose(piece.id, piece.name, piece.link);
  });
  return {
    any(chance) {
      const shown = [...page.querySelectorAll('#pieces li:not([hidden])')];
      const row = shown[Math.floor(chance * shown.length)];
      return row ? pieceOf(row) : null;
    },
    openLinked() {
      const open = () => {
        const row = page.getElementById(location.hash.slice(1));
        const piece = row?.matches('.pieces li') && pieceOf(row);
        if (piece) choose(piece.id, piece.name, piece.link);
      };
      window.addEventListener('hashchange', open);
      open();
    },
  };
}
