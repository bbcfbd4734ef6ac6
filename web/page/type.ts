/** Type that comes after something was written in it on a canvas: nothing there is painted anew by itself. */

/** @param repaint called each time that type has come which was missing, whatever first asked for it, a canvas among them */
export const whenTypeComes = (repaint: () => void): void =>
  document.fonts.addEventListener('loadingdone', repaint);
