/** A hole in the margin, from whoever has heard the piece: one press, and it is seen among the others'. */
import { marginPath, marginPlace, marginPoint } from '../../src/music/margin.ts';
import type { Margin } from '../../src/wire.ts';
import { isExtra } from '../../src/words.ts';
import { words } from '../language/words.ts';
import type { Listener } from '../listener/listener.ts';
import type { StateName } from './facts.ts';

const WIDTH = 1000;
const HEIGHT = 24;

/** What is said of it; `early` leaves the button, all else takes it away. */
export function toldOf({ outcome, holes }: Pick<Margin, 'outcome' | 'holes'>): string {
  switch (outcome) {
    case 'punched':
      return holes === 1 ? words.firstHole : words.punched(holes ?? 0);
    case 'again':
      return words.punchedAlready(holes ?? 0);
    case 'full':
      return words.full(holes ?? 0);
    case 'early':
      return words.early;
    case 'late':
      return words.late;
    case 'wait':
      return words.tooMany;
    case 'unknown':
      return words.noMargin;
  }
}

export type MarginView = {
  readonly punch: HTMLButtonElement;
  readonly punched: HTMLElement;
  readonly margin: HTMLElement;
};

/** @returns to be told of every state; `joined`: one hears it */
export function margin(
  view: MarginView,
  station: Pick<Listener, 'score' | 'margin' | 'punch'>,
): (name: StateName, joined: boolean) => void {
  let heard: string | null = null;
  /** Its last note has sounded. */
  let over = false;
  let drawn: Margin | null = null;
  view.punch.addEventListener('click', () => heard !== null && station.punch(heard));

  const draw = (told: Margin | null) => {
    if (told === drawn) return;
    drawn = told;
    view.punched.textContent = told ? toldOf(told) : '';
    const holes = told?.holes ?? 0;
    view.margin.hidden = holes === 0;
    const [all, own] = view.margin.querySelectorAll('path');
    all?.setAttribute('d', marginPath(holes, WIDTH, HEIGHT));
    const place = marginPoint(marginPlace(holes - 1), WIDTH, HEIGHT);
    own?.setAttribute('d', told?.outcome === 'punched' ? place : '');
  };
  return (name, joined) => {
    const { broadcast, performance } = station.score.hello ?? {};
    if (name === 'live' && joined && broadcast && performance && !isExtra(performance)) {
      heard = broadcast;
      over = false;
    }
    if ((name === 'closing' || name === 'end') && broadcast === heard) over = true;
    if (name === 'stopped' || name === 'doors') heard = null;
    const told = heard !== null && station.margin?.broadcast === heard ? station.margin : null;
    const settled = told !== null && told.outcome !== 'early';
    view.punch.hidden = heard === null || !over || settled;
    draw(over && heard !== null ? told : null);
  };
}
