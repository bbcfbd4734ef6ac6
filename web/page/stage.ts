/** The stage: while one hears the live music the paper reaches to the window's edges, and whatever lies around it fades until it is looked for. */

/** So long after the last movement the controls fade, milliseconds. */
const FADE_MS = 4_000;
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'focusin', 'wheel'] as const;

export type Stage = {
  /** To be told several times a second. @param on the live music is heard */
  show(on: boolean): void;
};

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
      // Where a key has led the focus, what has it stays to be seen; so does what has been opened.
      const used = page.querySelector('body :focus-visible, details[open]') !== null;
      write('idle', on && !used && now() - movedAt >= FADE_MS);
    },
  };
}
