/** The first screen while nothing plays for everybody: the last roll, whole, to be played and touched. */

import type { Music } from '../src/music/note.ts';
import { minutesText } from '../src/words.ts';
import { type DayPlayer, dayPlayer } from './day-player.ts';
import type { Grand } from './instrument/samples.ts';
import { words } from './language/words.ts';
import { shortDayText } from './language/written.ts';
import type { Keys } from './page/keyboard.ts';
import { paperKeys } from './page/paper-keys.ts';
import type { WholeDay } from './published/last-day.ts';
import { TAPE_MS, type Tape, tapedAt } from './published/tape.ts';
import type { Blank } from './roll/day-view.ts';
import { ROOT } from './site/root.ts';

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
  /** Puts a day on the desk in place of the one before; a week that lies there is played to its end. */
  put(day: WholeDay): void;
  /**
   * Puts taped days there, until they are played to the end, or the day is put back.
   * @param context that a gesture has opened
   */
  putWeek(tape: Tape, context: AudioContext): void;
  putBack(): void;
  /** The day under the playhead, where a week lies there, and how far it is, 0 to 1. */
  readonly taped: { readonly day: WholeDay; readonly part: number } | null;
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
/** From a label that stands above the music to the paper's rules, its own distance from the edge counted in. */
const BELOW_LABEL = 24;
const AFTER = 36;
/** Before a day begins its level is set; milliseconds. */
const TURNS_MS = 1_000;
const BARE_BLANK: Blank = { before: 14, after: 14, above: 0 };

/** @param labelHeight CSS pixels: in some languages it has more lines */
const leaderBlank = (width: number, labelHeight: number): Blank =>
  width < WIDE
    ? { ...NARROW_BLANK, above: Math.max(NARROW_BLANK.above, labelHeight + BELOW_LABEL) }
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
  readonly delayMs: () => number;
  /** The label lies on the leader; else the roll is all that lies on the paper. */
  readonly labelled: boolean;
  readonly onChange: () => void;
}): LastRoll {
  const { view, labelled, onChange } = world;
  const blankOf = (width: number) => (labelled ? leaderBlank(width, view.label.offsetHeight) : BARE_BLANK);
  let day: WholeDay | null = null;
  let tape: Tape | null = null;
  let player: DayPlayer | null = null;
  let visible = false;

  const taped = () => {
    if (!tape || !player) return null;
    const ms = player.positionMs();
    const { day: here, startMs } = tapedAt(tape, ms);
    return { day: here, ms: Math.min(here.durationMs, ms - startMs), name: shortDayText(here.id) };
  };
  const write = () => {
    if (!player || !day) return;
    const on = taped() ?? { day, ms: player.positionMs(), name: '' };
    const time = `${on.name} ${minutesText(on.ms)} / ${minutesText(on.day.durationMs)}`.trim();
    if (view.time.textContent !== time) view.time.textContent = time;
    view.seek.value = String(player.positionMs());
    view.seek.setAttribute('aria-valuetext', words.timeOf(time));
    const path = `${ROOT}/${on.day.id}/`;
    if (view.link.pathname !== path) view.link.href = path;
    if (!labelled) return;
    const { before, above } = blankOf(view.canvas.clientWidth);
    // In a narrow window the label stands above the music, and stays.
    const along = above > 0 ? 0 : Math.round(player.beginningX() - before);
    view.label.style.transform = along === 0 ? '' : `translateX(${along}px)`;
  };
  const part = (startMs: number, when: string, title: string) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'movement';
    const at = document.createElement('span');
    at.textContent = when;
    button.append(at, ` ${words.title(title)}`);
    button.addEventListener('click', () => {
      player?.seekTo(startMs);
      if (player && !player.playing) player.toggle();
    });
    const item = document.createElement('li');
    item.append(button);
    return item;
  };
  const lay = (
    music: Music,
    parts: readonly HTMLElement[],
    more: Partial<Parameters<typeof dayPlayer>[0]>,
  ) => {
    player?.close();
    view.seek.max = String(music.durationMs);
    view.programme.replaceChildren(...parts);
    player = dayPlayer({
      canvas: view.canvas,
      music,
      recordings: world.recordings,
      reducedMotion: world.reducedMotion,
      blankOf,
      volume: world.volume,
      delayMs: world.delayMs,
      onOpen() {},
      onShow: write,
      onChange,
      ...more,
    });
    if (visible) player.refresh();
  };
  const putBack = () => {
    tape = null;
    if (day)
      lay(
        day.music,
        day.movements.map(({ startMs, title }) => part(startMs, minutesText(startMs), title)),
        {},
      );
    onChange();
  };

  // Other words may need another line.
  new ResizeObserver(() => visible && player?.refresh()).observe(view.label);
  view.hear.addEventListener('click', () => player?.toggle());
  view.seek.addEventListener('input', () => player?.seekTo(Number(view.seek.value)));

  return {
    put(next) {
      day = next;
      if (!tape) putBack();
    },
    putWeek(wanted, context) {
      tape = wanted;
      const names = wanted.days.map(({ startMs, day: { id, title } }) => ({
        ms: startMs,
        words: shortDayText(id),
        title: words.title(title),
      }));
      lay(
        wanted.music,
        names.map((name) => part(name.ms, name.words, name.title || words.untitled)),
        {
          // The tape lies on the blank paper between two days.
          joints: names.map((name) => ({ ...name, ms: Math.max(0, name.ms - TAPE_MS / 2) })),
          // Louder or softer while nothing sounds any more: in the tape's last second.
          levelAt: (ms) => tapedAt(wanted, ms + TURNS_MS).levelDb,
          context,
          onChange: (change) => (change === 'ended' ? putBack() : onChange()),
        },
      );
      onChange();
    },
    putBack,
    get taped() {
      const on = taped();
      return on && { day: on.day, part: on.ms / Math.max(1, on.day.durationMs) };
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
    keys: () =>
      visible && player && day
        ? paperKeys(player, tape?.music.durationMs ?? day.durationMs, view.canvas)
        : {},
  };
}
