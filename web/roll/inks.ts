/** The colours of paper, desk and print. */
export type Inks = {
  readonly desk: string;
  readonly paper: string;
  readonly edge: string;
  readonly soft: string;
  readonly ink: string;
  readonly rule: string;
  readonly hole: string;
  /** The cut edge of the paper beside a hole, where light falls on it. */
  readonly rim: string;
  readonly playhead: string;
  /** What joins one day's roll to the next. */
  readonly tape: string;
  /** For what is printed on the paper, as a CSS font. */
  readonly print: string;
};

/** As the stylesheet has them where the element is, in the theme that is on. */
export function readInks(element: Element): Inks {
  // A custom property is told as it is written, light and dark: a colour that is used is told as it looks.
  const probe = element.appendChild(document.createElement('i'));
  // Where colours are forced the palette is the system's, and not one colour for all of it.
  probe.style.forcedColorAdjust = 'none';
  const read = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const inks = {
    desk: read('desk'),
    paper: read('paper'),
    edge: read('edge'),
    soft: read('soft'),
    ink: read('ink'),
    rule: read('rule'),
    hole: read('hole'),
    rim: read('rim'),
    playhead: read('playhead'),
    tape: read('tape'),
    print: `${getComputedStyle(element).getPropertyValue('--slant')} 12px ${getComputedStyle(element).fontFamily}`,
  };
  probe.remove();
  return inks;
}
