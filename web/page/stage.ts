/** The stage: while one hears the live music the paper reaches to the window's edges, and whatever lies around it fades until it is looked for. */

/** So long after the last movement the controls fade, milliseconds. */
const FADE_MS = 4_000;
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'focusin', 'wheel'] as const;

export type Stage = {
  /** To be told several times a second. @param on the live music is heard */
  show(on: boolean): void;
  /** Heights of what lies over the paper at the window's upper and lower edge while it is not faded, CSS pixels. */
  covers(): { readonly top: number; readonly bottom: number };
};

/** Above and below together they take no more of the window: on a telephone on its side keys stay to be seen. */
const MOST_COVERED = 0.5;

/** @param now milliseconds, of any origin */
export function stage(page: Document, now: () => number): Stage {
  let movedAt = now();
  const write = (name: 'stage' | 'idle', value: boolean) => {
    const text = String(value);
    if (page.body.dataset[name] !== text) page.body.dataset[name] = text;
  };
  for (const sign of SIGNS)
    page.addEventListener(
      sign,
      () => {
        movedAt = now();
        write('idle', false);
      },
      { passive: true },
    );
  return {
    show(on) {
      // Who comes to it is given the time to look around.
      if (on && page.body.dataset.stage !== 'true') movedAt = now();
      write('stage', on);
      // Where a key has led the focus, what has it stays to be seen; so does what has been opened, or is offered for a while.
      const used = page.querySelector('body :focus-visible, details[open], #punch:not([hidden])') !== null;
      write('idle', on && !used && now() - movedAt >= FADE_MS);
    },
    covers() {
      if (page.body.dataset.stage !== 'true') return { top: 0, bottom: 0 };
      const height = (selector: string) => page.querySelector<HTMLElement>(selector)?.offsetHeight ?? 0;
      const [top, bottom] = [height('.head'), height('.desk')];
      const part = Math.min(
        1,
        (MOST_COVERED * page.documentElement.clientHeight) / Math.max(1, top + bottom),
      );
      return { top: top * part, bottom: bottom * part };
    },
  };
}
