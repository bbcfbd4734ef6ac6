/** A day's page is whole without this: here it comes to play, with a roll that follows. */
import type { Music } from '../src/music/note.ts';
import { minutesText } from '../src/words.ts';
import { type DayPlayer, dayPlayer } from './day-player.ts';
import { fetchGrand } from './instrument/fetch-samples.ts';
import { spoken, words } from './language/words.ts';
import { delays, LOUDSPEAKERS, storageOf } from './page/delays.ts';
import { type Device, openDevice } from './page/device.ts';
import { keyboard } from './page/keyboard.ts';
import { paperKeys } from './page/paper-keys.ts';
import { theme } from './page/theme.ts';
import { whenTypeComes } from './page/type.ts';
import { fetchMusic } from './published/fetch.ts';
import { followSheet } from './published/sheet.ts';

const SECOND_MS = 1_000;
/** Blank paper at both ends of the whole roll, as its picture in the page has it: a part of the music's length. */
const BLANK = 0.012;

await spoken();

const find = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const themeButton = find<HTMLButtonElement>('theme');
const section = find<HTMLElement>('replay');
const playButton = find<HTMLButtonElement>('play');
const seek = find<HTMLInputElement>('seek');
const speed = find<HTMLSelectElement>('speed');
const zoom = find<HTMLInputElement>('zoom');
const volume = find<HTMLInputElement>('volume');
const elapsed = find<HTMLElement>('elapsed');
const status = find<HTMLElement>('status');
const canvas = find<HTMLCanvasElement>('roll');
const picture = document.querySelector<SVGElement>('.whole');
const date = document.querySelector<HTMLElement>('[data-performance]')?.dataset.performance ?? '';

const kept = delays(storageOf(window));
let refresh = () => {};
themeButton.hidden = false;
theme(themeButton, () => refresh());
section.hidden = false;
fetchMusic(date).then(begin, () => refuse(words.noMusic));

function refuse(why: string): void {
  for (const control of section.querySelectorAll<HTMLButtonElement>('button, input, select'))
    control.disabled = true;
  write(status, why);
}

function begin(music: Music): void {
  if (!('AudioContext' in window)) {
    refuse(words.noAudioDay);
    return;
  }
  const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');
  picture?.setAttribute('hidden', '');
  canvas.hidden = false;
  let device: Device | null = null;
  const player: DayPlayer = dayPlayer({
    canvas,
    music,
    recordings: fetchGrand,
    reducedMotion: () => reducedMotion.matches,
    blankOf: (width) => ({
      before: (width * BLANK) / (1 + 2 * BLANK),
      after: (width * BLANK) / (1 + 2 * BLANK),
      above: 0,
    }),
    volume: () => Number(volume.value) / 100,
    // As it was set on the live page.
    delayMs: () => kept.of(LOUDSPEAKERS),
    onOpen() {
      device = openDevice(toggle);
      device.playing(document.title);
    },
    onShow: () => show(),
    onChange(change) {
      device?.keepAwake(change === 'playing');
      if (change === 'ended') write(status, words.replayEnded);
      else write(status, change === 'playing' ? words.replayPlaying(speedText()) : pausedText());
      show();
    },
  });
  const sheet = followSheet(document, date, (ms) => player.seekTo(ms));
  const toggle = () => player.toggle();
  const speedText = () => (speed.value === '1' ? '' : speed.selectedOptions[0]!.text);
  const pausedText = () => words.replayPaused(minutesText(player.positionMs()));
  const show = () => {
    const ms = player.positionMs();
    const time = `${minutesText(ms)} / ${minutesText(music.durationMs)}`;
    // Written where it changes, once a second: what is written is laid out and told to readers, sixty times as often in vain.
    setValue(seek, String(Math.round(ms / SECOND_MS) * SECOND_MS));
    setValue(zoom, String(Math.round(player.zoom * 10) * 10));
    if (elapsed.textContent !== time) seek.setAttribute('aria-valuetext', words.timeOf(time));
    write(elapsed, time);
    sheet.follow(ms);
    write(playButton, player.playing ? words.pause : words.play);
  };
  /** `#t=83`: a time in seconds, as the programme's links have it. */
  const seekToAddress = () => {
    const [, seconds] = /^#t=(\d+)$/.exec(location.hash) ?? [];
    if (seconds) player.seekTo(Number(seconds) * SECOND_MS);
  };

  playButton.addEventListener('click', toggle);
  seek.addEventListener('input', () => player.seekTo(Number(seek.value)));
  zoom.addEventListener('input', () => player.setZoom(Number(zoom.value) / 100));
  volume.addEventListener('input', () => player.setVolume(Number(volume.value) / 100));
  speed.addEventListener('change', () => {
    player.setSpeed(Number(speed.value));
    if (player.playing) write(status, words.replayPlaying(speedText()));
  });
  window.addEventListener('hashchange', seekToAddress);
  // A link that is followed twice changes no address, and leads there all the same.
  document.addEventListener('click', ({ target }) => {
    const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[href^="#t="]') : null;
    if (link && link.hash === location.hash) seekToAddress();
  });
  // A page that is kept for the way back is found as it was left, and silent.
  window.addEventListener('pagehide', player.pause);
  const keys = { ' ': toggle, ...paperKeys(player, music.durationMs, canvas) };
  keyboard(document, () => keys);
  refresh = player.refresh;
  new ResizeObserver(refresh).observe(canvas);
  whenTypeComes(refresh);
  refresh();
  seekToAddress();
}

function setValue(input: HTMLInputElement, value: string): void {
  if (input.value !== value) input.value = value;
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
