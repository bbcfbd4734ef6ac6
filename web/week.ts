/** The week below the first screen: a strip a day, a taste of each, and all of them played straight over the tape. */
import { words } from './language/words.ts';
import type { LastRoll } from './last-roll.ts';
import type { Will } from './page/page-state.ts';
import { type Day, weekUntil } from './published/days.ts';
import type { WholeDay } from './published/last-day.ts';
import { fillStrips } from './published/strips.ts';
import { tapeOf } from './published/tape.ts';
import { openContext } from './sound/day-sound.ts';

export type Week = {
  /** @param coming null: nothing is planned */
  show(days: readonly Day[], coming: Will | null): void;
  /** The days are others than before, or newly told. */
  renew(): void;
};

export function week(world: {
  readonly view: { readonly strips: HTMLElement; readonly playWeek: HTMLButtonElement };
  readonly last: LastRoll;
  readonly whole: (day: Day) => Promise<WholeDay>;
  readonly onChange: () => void;
}): Week {
  const { view, last, onChange } = world;
  let shown: readonly Day[] = [];
  let strips = '';
  let asked = false;

  /** Oldest first. */
  const daysOfWeek = (): readonly Day[] => {
    const [newest] = shown;
    const dates = new Set(newest ? weekUntil(newest.id) : []);
    return shown.filter(({ id }) => dates.has(id)).reverse();
  };
  const play = async () => {
    if (last.taped) return last.putBack();
    if (asked) return;
    asked = true;
    // The press opens the sound: by the time the rolls have come, browsers would refuse it.
    const context = openContext();
    // A day whose music cannot be had is left out.
    const found = await Promise.all(daysOfWeek().map((day) => world.whole(day).catch(() => null)));
    asked = false;
    const days = found.filter((day) => day !== null);
    if (days.length === 0) return void context.close();
    last.putWeek(tapeOf(days), context);
    last.toggle();
    onChange();
  };
  view.playWeek.addEventListener('click', () => void play());

  /** A playhead runs over the strip of the day that plays. */
  const mark = () => {
    const { taped } = last;
    for (const link of view.strips.querySelectorAll<HTMLAnchorElement>('a')) {
      const item = link.parentElement!;
      const here = taped !== null && link.dataset.day === taped.day.id;
      item.classList.toggle('playing', here);
      if (here) item.style.setProperty('--at', String(taped.part));
    }
  };

  return {
    show(days, coming) {
      shown = days;
      view.playWeek.hidden = daysOfWeek().length < 2;
      const press = last.taped ? words.backToLast : words.playWeek;
      if (view.playWeek.textContent !== press) view.playWeek.textContent = press;
      // Without the countdown, which the desk tells: the strips change with the days alone.
      const key = `${coming?.title ?? ''}`;
      if (strips !== `=${key}`) {
        strips = `=${key}`;
        fillStrips(view.strips, days, coming && { title: coming.title, countdown: words.notPunched });
      }
      mark();
    },
    renew() {
      strips = '';
    },
  };
}
