import { readMidiFile } from '../src/music/midi/file.ts';
import type { Music } from '../src/music/note.ts';
import { type Device, openDevice } from './page/device.ts';
import { keyboard } from './page/keyboard.ts';
import { theme } from './page/theme.ts';
import { minutesText } from './page/words.ts';
import { replayRoll } from './roll/day-roll.ts';
import { type ReplaySound, replaySound } from './sound/day-sound.ts';
import { type Replay, replay } from './sound/transport.ts';

/** A day's page is whole without this: here it comes to play, with a roll that follows. */

/** The scheduler looks this often, also while the page is hidden; milliseconds. */
const TICK_MS = 50;
const SECOND_MS = 1_000;

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

let redraw = () => {};
themeButton.hidden = false;
theme(themeButton, () => redraw());
section.hidden = false;
load().then(begin, () => refuse('The music cannot be loaded. Reload the page to try again.'));

async function load(): Promise<Music> {
  const response = await fetch(`/${date}/performance.mid`);
  if (!response.ok) throw new Error(`performance.mid: ${response.status}`);
  const read = readMidiFile(new Uint8Array(await response.arrayBuffer()));
  if ('problem' in read) throw new Error(read.problem);
  return read.music;
}

function refuse(why: string): void {
  for (const control of section.querySelectorAll<HTMLButtonElement>('button, input, select'))
    control.disabled = true;
  write(status, why);
}

function begin(music: Music): void {
  if (!('AudioContext' in window)) {
    refuse('This browser has no Web Audio; the MIDI file is below.');
    return;
  }
  const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');
  picture?.setAttribute('hidden', '');
  canvas.hidden = false;
  const roll = replayRoll(canvas, music, () => reducedMotion.matches);
  let sound: ReplaySound | null = null;
  let player: Replay | null = null;
  let device: Device | null = null;
  /** Where it is to begin, while nothing has sounded yet. */
  let waitingAt = 0;
  let frame = 0;

  /** What is heard now: a little less far than what is played, by the way to the ear. */
  const positionMs = () => {
    if (!player || !sound) return waitingAt;
    const behindMs = player.playing ? sound.latencyS() * 1000 * Number(speed.value) : 0;
    return Math.max(0, player.positionMs() - behindMs);
  };
  const speedText = () => (speed.value === '1' ? '' : ` at ${speed.selectedOptions[0]!.text}`);
  const show = () => {
    const ms = positionMs();
    const time = `${minutesText(ms)} / ${minutesText(music.durationMs)}`;
    seek.value = String(ms);
    seek.setAttribute('aria-valuetext', time.replace('/', 'of'));
    write(elapsed, time);
    write(playButton, player?.playing ? 'Pause' : 'Play');
    roll.draw(ms, Number(zoom.value) / 100);
  };
  const follow = () => {
    show();
    frame = player?.playing ? requestAnimationFrame(follow) : 0;
  };
  const changed = (words: string) => {
    write(status, words);
    device?.keepAwake(player?.playing ?? false);
    if (frame === 0) follow();
    else show();
  };

  const open = (): Replay => {
    device = openDevice(toggle);
    device.playing(document.title);
    const playingMs = () => (player?.playing ? player.positionMs() : null);
    const opened = replaySound(Number(volume.value) / 100, music, playingMs);
    sound = opened;
    const made = replay({
      music,
      instrument: opened.instrument,
      nowS: opened.nowS,
      onEnd: () => changed('The end.'),
    });
    made.setSpeed(Number(speed.value));
    made.seek(waitingAt);
    const worker = new Worker('/timer-worker.js');
    worker.onmessage = () => made.tick();
    worker.postMessage(TICK_MS);
    player = made;
    return made;
  };
  const pause = (it: Replay) => {
    it.pause();
    changed(`Paused at ${minutesText(it.positionMs())}.`);
  };
  const toggle = () => {
    const it = player ?? open();
    if (it.playing) return pause(it);
    sound?.resume();
    it.play();
    changed(`Playing${speedText()}.`);
  };
  const seekTo = (ms: number) => {
    waitingAt = Math.min(music.durationMs, Math.max(0, ms));
    player?.seek(waitingAt);
    show();
  };
  /** `#t=83`: a time in seconds, as the programme's links have it. */
  const seekToAddress = () => {
    const [, seconds] = /^#t=(\d+)$/.exec(location.hash) ?? [];
    if (seconds) seekTo(Number(seconds) * SECOND_MS);
  };

  playButton.addEventListener('click', toggle);
  seek.addEventListener('input', () => seekTo(Number(seek.value)));
  canvas.addEventListener('click', ({ offsetX }) => seekTo(roll.timeAt(offsetX)));
  zoom.addEventListener('input', show);
  volume.addEventListener('input', () => sound?.setVolume(Number(volume.value) / 100));
  speed.addEventListener('change', () => {
    player?.setSpeed(Number(speed.value));
    if (player?.playing) changed(`Playing${speedText()}.`);
  });
  window.addEventListener('hashchange', seekToAddress);
  // A page that is kept for the way back is found as it was left, and silent.
  window.addEventListener('pagehide', () => player?.playing && pause(player));
  keyboard(document, { space: toggle, m: () => {} });
  redraw = () => {
    roll.refresh();
    show();
  };
  new ResizeObserver(redraw).observe(canvas);
  redraw();
  seekToAddress();
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
