import { fetchGrand } from './instrument/fetch-samples.ts';
import { listener } from './listener/listener.ts';
import { openSocket } from './listener/socket.ts';
import { browserTimers } from './listener/timers.ts';
import { type Device, openDevice } from './page/device.ts';
import { fixtureFetch, fixtureOf, fixtureSocket } from './page/fixtures.ts';
import { keyboard } from './page/keyboard.ts';
import { CLOSING_MS } from './page/moments.ts';
import { pageState, type StateName } from './page/page-state.ts';
import { theme } from './page/theme.ts';
import { openView } from './page/view.ts';
import { archive } from './published/archive.ts';
import { colophons } from './published/colophon.ts';
import { stationZone } from './published/station-zone.ts';
import { weeks } from './published/week.ts';
import { PLAYING, paper } from './roll/paper.ts';
import { roll } from './roll/roll.ts';
import { caption } from './score/captions.ts';
import { openSound, type Sound } from './sound/live-sound.ts';
import { instrumentChoice, type MidiAccess } from './sound/midi-choice.ts';
import { type MidiPlayer, type MidiPort, midiPlayer } from './sound/midi-player.ts';

/** The scheduler looks this often, the texts are written a few times a second; milliseconds. */
const TICK_MS = 50;
const TICKS_PER_TEXT = 5;
const TICKS_PER_CHECK = 20;
/** Ticks further apart than this mean that the machine slept. */
const SLEPT_MS = 5_000;

const now = () => performance.now();
const view = openView(document);
const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');
const fixture = fixtureOf(location);
const hasAudio = fixture?.hasAudio !== false && 'AudioContext' in window && 'OfflineAudioContext' in window;
const fetchJson = fixture ? fixtureFetch : fetchPublic;

let sound: Sound | null = null;
let device: Device | null = null;
let muted = false;
/** An instrument of the visitor's, in place of the page's piano. */
let player: MidiPlayer | null = null;
let notice: string | null = null;
let state: StateName = 'loading';

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
const recordings = once(fetchGrand);

const colophonOf = colophons(() => write());
const zoneOf = stationZone({ fetch: fetchJson, now, onZone: () => write() });
const days = weeks({ fetch: fetchJson, later: browserTimers.set });
const strip = roll(view.canvas, () => reducedMotion.matches);
const desk = paper({ roll: strip, station, reducedMotion: () => reducedMotion.matches, ...days });

async function fetchPublic(path: string): Promise<unknown> {
  const response = await fetch(path, { cache: 'no-cache' });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

function write(): void {
  const position = station.position();
  const { state: broadcast, performance = null, next = null, durationMs } = station.score.hello ?? {};
  // Not before the blank paper is over: a day is published a moment after its end.
  const over =
    broadcast === 'ended' &&
    !fixture &&
    (position ?? Number.POSITIVE_INFINITY) > (durationMs ?? 0) + CLOSING_MS;
  const printed = pageState({
    hello: station.score.hello,
    connection: station.connection,
    outdated: station.outdated,
    serverNow: station.serverNow(),
    position,
    inHandMs: position === null ? 0 : station.score.inHandMs(position),
    here: station.here,
    caption: position === null ? null : caption(station.score.notes, position),
    colophon: over && performance ? colophonOf(performance) : null,
    notice,
    joined: sound !== null,
    hasAudio,
    stationZone: zoneOf(next),
  });
  state = printed.name;
  view.show(printed, { joined: sound !== null, muted, connection: station.connection, line: lineText() });
  if (state === 'live') device?.playing(printed.title);
  device?.keepAwake(PLAYING.has(state));
}

function lineText(): string {
  if (station.connection === 'lost') return 'Connection lost';
  if (station.connection === 'connecting') return 'Connecting';
  const ms = station.clock.uncertaintyMs;
  const within = ms === null ? '' : `, in time to ${ms < 1 ? 'a millisecond' : `${Math.ceil(ms)} ms`}`;
  return `Connected${within}${station.here === null ? '' : `; ${station.here} here`}`;
}

function draw(): void {
  desk.draw(state);
  requestAnimationFrame(draw);
}

/** The page's piano is silent while an instrument plays, which is then what is muted. */
function setVolume(): void {
  sound?.setVolume(Number(view.volume.value) / 100, muted || player !== null);
}
function toggleMute(): void {
  muted = !muted;
  setVolume();
  if (player) sound?.follow(muted ? null : player);
  write();
}
function play(port: MidiPort | null): void {
  player = port && playerOf(port);
  view.latencyField.hidden = !player;
  sound?.follow(muted ? null : player);
  setVolume();
}
const playerOf = (port: MidiPort): MidiPlayer =>
  midiPlayer({
    port,
    now,
    localTime: (ms) => station.clock.toLocal((station.score.hello?.t0 ?? 0) + ms) ?? now(),
    latencyMs: () => view.latency.valueAsNumber || 0,
  });
function join(): void {
  if (sound || !hasAudio) return;
  device = openDevice(toggleMute);
  sound = openSound(station, recordings(), now);
  setVolume();
  write();
  view.mute.focus({ focusVisible: false } as FocusOptions);
}

view.join.addEventListener('click', join);
view.mute.addEventListener('click', toggleMute);
view.volume.addEventListener('input', setVolume);
view.check.addEventListener('click', () => sound?.check());
view.reload.addEventListener('click', () => location.reload());
keyboard(document, {
  ' ': () => (sound ? toggleMute() : view.join.hidden || join()),
  m: () => sound && toggleMute(),
});
instrumentChoice({
  select: view.instrument,
  request:
    'requestMIDIAccess' in navigator
      ? async () => (await navigator.requestMIDIAccess()) as unknown as MidiAccess
      : null,
  play,
  say(words) {
    notice = words;
    write();
  },
});
archive(view.archive);
theme(view.theme, strip.refresh);
new ResizeObserver(strip.refresh).observe(view.canvas);
window.addEventListener('online', station.wake);
// Whoever leaves leaves no key down.
window.addEventListener('pagehide', () => player?.silence());
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
window.addEventListener('load', () => hasAudio && window.setTimeout(recordings, 200));
requestAnimationFrame(draw);

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
