/** The live page: wires connection, clock, sound, paper and words together. */

import { fetchGrand } from './instrument/fetch-samples.ts';
import { lastRoll } from './last-roll.ts';
import { listener } from './listener/listener.ts';
import { openSocket } from './listener/socket.ts';
import { browserTimers } from './listener/timers.ts';
import { type Device, openDevice } from './page/device.ts';
import { RESTING } from './page/facts.ts';
import { fixtureFetch, fixtureMusic, fixtureOf, fixtureSocket } from './page/fixtures.ts';
import { keyboard } from './page/keyboard.ts';
import { lineText } from './page/line.ts';
import { type PageState, pageState, type StateName, type Will } from './page/page-state.ts';
import { reminder } from './page/remind.ts';
import { theme } from './page/theme.ts';
import { openView } from './page/view.ts';
import { type Day, publishedDays } from './published/days.ts';
import { fetchMusic, fetchPublic } from './published/fetch.ts';
import { wholeDay } from './published/last-day.ts';
import { stationZone } from './published/station-zone.ts';
import { fillStrips } from './published/strips.ts';
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
const coarse = window.matchMedia('(hover: none)');
const fixture = fixtureOf(location);
const hasAudio = fixture?.hasAudio !== false && 'AudioContext' in window && 'OfflineAudioContext' in window;
const fetchJson = fixture ? fixtureFetch(fixture) : fetchPublic;

let sound: Sound | null = null;
let device: Device | null = null;
let muted = false;
/** An instrument of the visitor's, in place of the page's piano. */
let player: MidiPlayer | null = null;
let notice: string | null = null;
let state: StateName = 'loading';
let strips = '';

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

const zoneOf = stationZone({ fetch: fetchJson, now, onZone: () => write() });
const strip = roll(view.canvas, () => reducedMotion.matches);
const desk = paper({ roll: strip, station });
const reminders = reminder(document, () => write());
const last = lastRoll({
  view: { ...view, canvas: view.last },
  recordings,
  reducedMotion: () => reducedMotion.matches,
  volume: () => Number(view.volume.value) / 100,
  onChange: () => write(),
});
const published = publishedDays({
  fetch: fetchJson,
  later: browserTimers.set,
  onDays: (days) => void putLast(days),
});

async function putLast([newest]: readonly Day[]): Promise<void> {
  strips = '';
  if (newest && newest.id !== last.day?.id) {
    const music = fixture ? fixtureMusic : fetchMusic;
    const record = (id: string) => fetchJson(`/${id}/record.json`);
    // A day whose files are not to be had is told of by its strip all the same.
    await wholeDay(newest, { music, record }).then(last.put, () => {});
  }
  write();
}

/** Whether the last roll lies on the desk, and not what this page has just heard, or watches. */
function showsLast(name: StateName): boolean {
  const { hello, notes } = station.score;
  const heard = notes.length > 0 && (name === 'stopped' || name === 'ended');
  return RESTING.has(name) && last.day !== null && !(heard && last.day.id !== hello?.performance);
}

function write(): void {
  const position = station.position();
  const { state: broadcast, performance = null, next = null } = station.score.hello ?? {};
  if (broadcast === 'ended' && performance && state === 'ended') published.expect(performance);
  const { notes, holds } = station.score;
  const printed = pageState({
    hello: station.score.hello,
    connection: station.connection,
    outdated: station.outdated,
    serverNow: station.serverNow(),
    position,
    inHandMs: position === null ? 0 : station.score.inHandMs(position),
    here: station.here,
    caption: position === null ? null : caption(notes, position, holds),
    last: last.day,
    notice,
    joined: sound !== null,
    hasAudio,
    hasKeys: !coarse.matches,
    stationZone: zoneOf(next),
  });
  state = printed.name;
  const shown = showsLast(state);
  view.last.hidden = !shown;
  document.body.dataset.last = String(shown);
  last.show(shown);
  const hearing = last.playing;
  view.show(hearing && last.day ? { ...printed, tab: `Playing: ${printed.title} · Pianola` } : printed, {
    joined: sound !== null,
    muted,
    connection: station.connection,
    line: lineText(station.connection, station.clock.uncertaintyMs, station.here),
    hearing,
    canNotify: reminders.askable,
  });
  writeWeek(printed);
  if (sound) reminders.state(state, printed.countdown ? `It begins in ${printed.countdown}.` : '');
  if (state === 'live') device?.playing(printed.title);
  device?.keepAwake(PLAYING.has(state) || hearing);
}

function writeWeek({ name, will }: PageState): void {
  const days = published.days ?? [];
  view.week.hidden = !RESTING.has(name) || days.length === 0;
  const coming: Will | null = will;
  // Without the countdown, which the desk tells: the strips change with the days alone.
  const key = `${coming?.title ?? ''}`;
  if (strips === key || view.week.hidden) return;
  strips = key;
  fillStrips(view.strips, days, coming && { title: coming.title, countdown: 'not yet punched' });
}

function draw(): void {
  desk.draw(state);
  requestAnimationFrame(draw);
}

/** The page's piano is silent while an instrument plays, which is then what is muted. */
function setVolume(): void {
  last.setVolume(Number(view.volume.value) / 100);
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
  // Not scrolled to: on a low window the paper would leave it.
  view.mute.focus({ focusVisible: false, preventScroll: true } as FocusOptions);
}

view.join.addEventListener('click', join);
view.mute.addEventListener('click', toggleMute);
view.volume.addEventListener('input', setVolume);
view.check.addEventListener('click', () => sound?.check());
view.reload.addEventListener('click', () => location.reload());
/** While the last roll lies there Space plays it; while something plays for everybody, it joins, then mutes. */
function space(): unknown {
  if (showsLast(state)) return last.toggle();
  return sound ? toggleMute() : view.join.hidden ? false : join();
}
keyboard(document, () => ({ ...last.keys(), ' ': space, m: () => (sound ? toggleMute() : false) }));
view.notify.addEventListener('click', reminders.ask);
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
const refresh = () => {
  strip.refresh();
  last.refresh();
};
theme(view.theme, refresh);
// What is printed on the paper is drawn again in the type that has come.
void document.fonts.ready.then(refresh);
new ResizeObserver(refresh).observe(view.canvas);
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
