/** The first screen while nothing plays for everybody: the last roll, whole, to be played and touched. */

import { minutesText } from '../src/words.ts';
import { type DayPlayer, dayPlayer } from './day-player.ts';
import type { Grand } from './instrument/samples.ts';
import type { Keys } from './page/keyboard.ts';
import { paperKeys } from './page/paper-keys.ts';
import type { WholeDay } from './published/last-day.ts';
import type { Blank } from './roll/day-view.ts';

export type LastRollView = {
  readonly canvas: HTMLCanvasElement;
  /** Printed on the leader: it goes along with the paper. */
  readonly label: HTMLElement;
  readonly hear: HTMLButtonElement;
  readonly seek: HTMLInputElement;
  readonly programme: HTMLElement;
  readonly link: HTMLAnchorElement;
  readonly time: HTMLElement;
};

export type LastRoll = {
  /** Puts a day on the desk in place of the one before. */
  put(day: WholeDay): void;
  /** Whether it is seen; what is not falls silent. */
  show(visible: boolean): void;
  readonly day: WholeDay | null;
  readonly playing: boolean;
  toggle(): void;
  setVolume(volume: number): void;
  refresh(): void;
  keys(): Keys;
};

/** From this breadth on the label lies on the leader, left of the music; below it, above the music. CSS pixels. */
const WIDE = 640;
const LEADER_PART = 0.25;
const LEADER = [200, 330] as const;
const NARROW_BLANK: Blank = { before: 16, after: 16, above: 112 };
const AFTER = 36;
const BARE_BLANK: Blank = { before: 14, after: 14, above: 0 };

const leaderBlank = (width: number): Blank =>
  width < WIDE
    ? NARROW_BLANK
    : {
        before: Math.min(LEADER[1], Math.max(LEADER[0], width * LEADER_PART)),
        after: AFTER,
        above: 0,
      };

export function lastRoll(world: {
  readonly view: LastRollView;
  readonly recordings: () => Promise<Grand | null>;
  readonly reducedMotion: () => boolean;
  readonly volume: () => number;
  /** The label lies on the leader; else the roll is all that lies on the paper. */
  readonly labelled: boolean;
  readonly onChange: () => void;
}): LastRoll {
  const { view, labelled, onChange } = world;
  const blankOf = labelled ? leaderBlank : () => BARE_BLANK;
  let day: WholeDay | null = null;
  let player: DayPlayer | null = null;
  let visible = false;

  const write = () => {
    if (!player || !day) return;
    const ms = player.positionMs();
    const time = `${minutesText(ms)} / ${minutesText(day.durationMs)}`;
    if (view.time.textContent !== time) view.time.textContent = time;
    view.seek.value = String(ms);
    view.seek.setAttribute('aria-valuetext', time.replace('/', 'of'));
    if (!labelled) return;
    const { before, above } = leaderBlank(view.canvas.clientWidth);
    // In a narrow window the label stands above the music, and stays.
    const along = above > 0 ? 0 : Math.round(player.beginningX() - before);
    view.label.style.transform = along === 0 ? '' : `translateX(${along}px)`;
  };
  const programme = ({ movements }: WholeDay) =>
    movements.map(({ startMs, title }) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'movement';
      const at = document.createElement('span');
      at.textContent = minutesText(startMs);
      button.append(at, ` ${title}`);
      button.addEventListener('click', () => {
        player?.seekTo(startMs);
        if (player && !player.playing) player.toggle();
      });
      const item = document.createElement('li');
      item.append(button);
      return item;
    });

  view.hear.addEventListener('click', () => player?.toggle());
  view.seek.addEventListener('input', () => player?.seekTo(Number(view.seek.value)));

  return {
    put(next) {
      player?.close();
      day = next;
      view.seek.max = String(next.durationMs);
      view.link.href = `/${next.id}/`;
      view.programme.replaceChildren(...programme(next));
      player = dayPlayer({
        canvas: view.canvas,
        music: next.music,
        recordings: world.recordings,
        reducedMotion: world.reducedMotion,
        blankOf,
        volume: world.volume,
        onOpen() {},
        onShow: write,
        onChange,
      });
      if (visible) player.refresh();
    },
    show(wanted) {
      if (wanted === visible) return;
      visible = wanted;
      if (visible) player?.refresh();
      else {
        player?.pause();
        view.label.style.transform = '';
      }
    },
    get day() {
      return day;
    },
    get playing() {
      return player?.playing ?? false;
    },
    toggle: () => player?.toggle(),
    setVolume: (volume) => player?.setVolume(volume),
    refresh: () => visible && player?.refresh(),
    keys: () => (visible && player && day ? paperKeys(player, day.durationMs, view.canvas) : {}),
  };
}
