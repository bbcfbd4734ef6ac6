import { archive } from './archive.ts';
import { caption } from './captions.ts';
import { colophons } from './colophon.ts';
import { type Device, openDevice } from './device.ts';
import { fixtureOf, fixtureSocket } from './fixtures.ts';
import { keyboard } from './keyboard.ts';
import { listener } from './listener.ts';
import { pageState } from './page-state.ts';
import { roll } from './roll.ts';
import { loadSamples, type Sample } from './samples.ts';
import { openSocket } from './socket.ts';
import { openSound, type Sound } from './sound.ts';
import { theme } from './theme.ts';
import { browserTimers } from './timers.ts';
import { openView } from './view.ts';

/** The scheduler looks this often, the texts are written a few times a second; milliseconds. */
const TICK_MS = 50;
const TICKS_PER_TEXT = 5;
const TICKS_PER_CHECK = 20;
/** Ticks further apart than this mean that the machine slept. */
const SLEPT_MS = 5_000;

/** States in which paper lies in the piano. */
const PLAYING: ReadonlySet<string> = new Set(['doors', 'leader', 'start', 'live', 'closing']);

const now = () => performance.now();
const view = openView(document);
const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');
const paper = roll(view.canvas, () => reducedMotion.matches);
const fixture = fixtureOf(location);
const hasAudio = fixture?.hasAudio !== false && 'AudioContext' in window && 'OfflineAudioContext' in window;

let sound: Sound | null = null;
let device: Device | null = null;
let muted = false;

const station = listener({
  open: fixture ? fixtureSocket(fixture) : openSocket,
  now,
  timers: browserTimers,
  random: Math.random,
  onChange(change) {
    if (change === 'cut') sound?.cut();
    write();
  },
});

/** Asked for once the page is there, or at Join: the piano is the heaviest part of it. */
const samples = once(async (): Promise<readonly Sample[]> => {
  const decoder = new OfflineAudioContext(2, 1, 44_100);
  return loadSamples(
    async (path) => {
      const response = await fetch(path);
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return response.arrayBuffer();
    },
    (bytes) => decoder.decodeAudioData(bytes),
  );
});

const colophonOf = colophons(() => write());

function write(): void {
  const position = station.position();
  const { state: broadcast, performance = null } = station.score.hello ?? {};
  const over = broadcast === 'ended' && !fixture;
  const state = pageState({
    hello: station.score.hello,
    connection: station.connection,
    outdated: station.outdated,
    serverNow: station.serverNow(),
    position,
    inHandMs: position === null ? 0 : station.score.inHandMs(position),
    here: station.here,
    caption: position === null ? null : caption(station.score.notes, position),
    colophon: over && performance ? colophonOf(performance) : null,
    joined: sound !== null,
    hasAudio,
  });
  view.show(state, { joined: sound !== null, muted, connection: station.connection, line: lineText() });
  if (state.name === 'live') device?.playing(state.title);
  device?.keepAwake(PLAYING.has(state.name));
}

function lineText(): string {
  if (station.connection === 'lost') return 'Connection lost';
  if (station.connection === 'connecting') return 'Connecting';
  const ms = station.clock.uncertaintyMs;
  const within = ms === null ? '' : `, in time to ${ms < 1 ? 'a millisecond' : `${Math.ceil(ms)} ms`}`;
  return `Connected${within}${station.here === null ? '' : `; ${station.here} here`}`;
}

/** How far the music was heard; what was never played stays unpunched. */
let heardTo = 0;
/** Listeners at T0, as far as this page knows, and of which broadcast. */
let hereAtStart = 0;
let ticksOf: string | null = null;

function draw(): void {
  const state = document.body.dataset.state;
  const { notes, pedal, hello } = station.score;
  const over = (state === 'ended' || state === 'stopped') && notes.length > 0;
  const playing = PLAYING.has(state ?? '');
  const position = playing ? station.position() : null;
  if (playing) heardTo = position ?? heardTo;
  if (station.here !== null && hello?.broadcast !== ticksOf && (station.position() ?? -1) >= 0) {
    ticksOf = hello?.broadcast ?? null;
    hereAtStart = station.here;
  }
  const here = hello?.broadcast === ticksOf ? hereAtStart : 0;
  const torn = state === 'silent';
  paper.draw(
    over
      ? {
          notes,
          pedal,
          here,
          torn,
          positionMs: state === 'stopped' ? heardTo : (hello?.durationMs ?? heardTo),
          wholeMs: hello?.durationMs ?? heardTo,
        }
      : { notes, pedal, here, torn, positionMs: position, wholeMs: null },
  );
  requestAnimationFrame(draw);
}

function setVolume(): void {
  sound?.setVolume(Number(view.volume.value) / 100, muted);
}
function toggleMute(): void {
  muted = !muted;
  setVolume();
  write();
}
function join(): void {
  if (sound || !hasAudio) return;
  device = openDevice(toggleMute);
  sound = openSound(station, samples(), now);
  setVolume();
  write();
  view.mute.focus({ focusVisible: false } as FocusOptions);
}

view.join.addEventListener('click', join);
view.mute.addEventListener('click', toggleMute);
view.volume.addEventListener('input', setVolume);
view.reload.addEventListener('click', () => location.reload());
keyboard(document, {
  space: () => (sound ? toggleMute() : view.join.hidden || join()),
  m: () => sound && toggleMute(),
});
archive(view.archive);
theme(view.theme, paper.refresh);
new ResizeObserver(paper.refresh).observe(view.canvas);
window.addEventListener('online', station.wake);
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return;
  station.wake();
  sound?.resume();
});

let ticks = 0;
let tickedAt = now();
const worker = new Worker('/timer-worker.js');
worker.onmessage = () => {
  if (now() - tickedAt > SLEPT_MS) station.wake();
  tickedAt = now();
  sound?.tick();
  ticks++;
  if (ticks % TICKS_PER_TEXT === 0) write();
  if (ticks % TICKS_PER_CHECK === 0) station.check();
};
worker.postMessage(TICK_MS);
window.addEventListener('load', () => hasAudio && window.setTimeout(samples, 200));
requestAnimationFrame(draw);

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
