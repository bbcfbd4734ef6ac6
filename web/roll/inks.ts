/** The colours of paper, desk and print. */
export type Inks = {
  desk: string;
  paper: string;
  edge: string;
  soft: string;
  ink: string;
  rule: string;
  hole: string;
  playhead: string;
  tape: string;
  /** For what is printed on the paper, as a CSS font. */
  print: string;
};

/** As the stylesheet has them where the element is. */
export function readInks(element: Element): Inks {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    desk: read('--desk'),
    paper: read('--paper'),
    edge: read('--edge'),
    soft: read('--soft'),
    ink: read('--ink'),
    rule: read('--rule'),
    hole: read('--hole'),
    playhead: read('--playhead'),
    tape: read('--tape'),
    print: `italic 12px ${style.fontFamily}`,
  };
}
