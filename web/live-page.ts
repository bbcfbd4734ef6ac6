/** The live page: wires connection, clock, sound, paper and words together. */

import { isExtra } from '../src/words.ts';
import { ears } from './ears.ts';
import { fetchGrand } from './instrument/fetch-samples.ts';
import { spoken, words } from './language/words.ts';
import { lastRoll } from './last-roll.ts';
import { bringFetcher } from './listener/bring-fetcher.ts';
import { bringSiteClock } from './listener/bring-site-clock.ts';
import { listener } from './listener/listener.ts';
import { openSocket } from './listener/socket.ts';
import { browserTimers, soon } from './listener/timers.ts';
import { stayOffline } from './offline/stay.ts';
import { delays, LOUDSPEAKERS, storageOf } from './page/delays.ts';
import { RESTING } from './page/facts.ts';
import { fixturesHere } from './page/fixture-here.ts';
import { keyboard } from './page/keyboard.ts';
import { lineText } from './page/line.ts';
import { margin } from './page/margin.ts';
import { type PageState, pageState, type StateName } from './page/page-state.ts';
import { reminder } from './page/remind.ts';
import { sleepWatch } from './page/sleep.ts';
import { stage } from './page/stage.ts';
import { theme } from './page/theme.ts';
import { whenTypeComes } from './page/type.ts';
import { openView } from './page/view.ts';
import { type Day, publishedDays } from './published/days.ts';
import { fetchMusic, fetchPublic } from './published/fetch.ts';
import { wholeDay } from './published/last-day.ts';
import { stationZone } from './published/station-zone.ts';
import { PLAYING, paper } from './roll/paper.ts';
import { roll } from './roll/roll.ts';
import { caption } from './score/captions.ts';
import { ROOT } from './site/root.ts';
import { souvenir } from './souvenir.ts';
import { tastes } from './tastes.ts';
import { week } from './week.ts';

/** The scheduler looks this often, the texts are written a few times a second; milliseconds. */
const TICK_MS = 50;
const TICKS_PER_TEXT = 5;
const TICKS_PER_CHECK = 20;
/** The piano's two megabytes are asked for when what is seen has come; sooner by who wants to hear. */
const PIANO_AFTER_MS = 1_500;

await spoken();

const now = () => performance.now();
const view = openView(document);
const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');
const coarse = window.matchMedia('(hover: none)');
const fixture = await fixturesHere(location);
/** In a frame on somebody else's page: paper and a bar, and nothing heavy before it is wished for. */
const embedded = document.body.classList.contains('embed');
const hasAudio = fixture?.hasAudio !== false && 'AudioContext' in window && 'OfflineAudioContext' in window;
const fetchJson = fixture?.fetch ?? fetchPublic;

let state: StateName = 'loading';
/** It is known whether there is a last day. */
let searched = false;

const writeSoon = soon(write);
const station = listener({
  open: fixture?.open ?? openSocket,
  now,
  timers: browserTimers,
  random: Math.random,
  bringSiteClock: bringSiteClock(now),
  bringFetcher,
  say: (text) => console.info(text),
  onChange(change) {
    if (change === 'cut') heard.cut();
    writeSoon();
  },
});

/** Asked for once the page is there, or at Join: the piano is the heaviest part of it. */
const recordings = once(fetchGrand);

const volume = () => Number(view.volume.value) / 100;
const kept = delays(storageOf(window));
const zoneOf = stationZone({ fetch: fetchJson, now, onZone: write });
const scene = stage(document, now);
const strip = roll(view.canvas, () => reducedMotion.matches, scene.covers);
const desk = paper({ roll: strip, station, now });
const reminders = reminder(document, write);
const last = lastRoll({
  view: { ...view, canvas: view.last },
  recordings,
  reducedMotion: () => reducedMotion.matches,
  volume,
  delayMs: () => kept.of(LOUDSPEAKERS),
  labelled: !embedded,
  onChange: write,
});
const heard = ears({
  view,
  station,
  recordings,
  now,
  delays: kept,
  hasAudio,
  onVolume: last.setVolume,
  onChange: write,
});
const whole = (day: Day) =>
  wholeDay(day, {
    music: fixture?.music ?? fetchMusic,
    record: (id) => fetchJson(`${ROOT}/${id}/record.json`),
  });
const days = week({ view, last, whole, onChange: write });
tastes(view.strips, {
  music: fixture?.music ?? fetchMusic,
  recordings,
  volume,
  quiet: () => last.playing || (heard.joined && PLAYING.has(state)),
});
const mine = souvenir(view.souvenir, station);
const edge = margin(view, station);
const published = publishedDays({
  fetch: fetchJson,
  later: browserTimers.set,
  onDays: (found) => void putLast(found),
});

async function putLast([newest]: readonly Day[]): Promise<void> {
  days.renew();
  // A day whose files are not to be had is told of by its strip all the same.
  if (newest && newest.id !== last.day?.id) await whole(newest).then(last.put, () => {});
  searched = true;
  write();
}

/** Whether the last roll lies on the desk, and not what this page has just heard, or watches. */
function showsLast(name: StateName): boolean {
  const { hello, notes } = station.score;
  const wasHeard = notes.length > 0 && (name === 'stopped' || name === 'ended');
  return RESTING.has(name) && last.day !== null && !(wasHeard && last.day.id !== hello?.performance);
}

function write(): void {
  const position = station.position();
  const { state: broadcast, performance = null, next = null } = station.score.hello ?? {};
  // An extra is no day of the archive.
  if (broadcast === 'ended' && performance && state === 'ended' && !isExtra(performance))
    published.expect(performance);
  const { notes, holds } = station.score;
  const said = pageState({
    hello: station.score.hello,
    connection: station.connection,
    outdated: station.outdated,
    serverNow: station.serverNow(),
    position,
    hasNotes: notes.length > 0,
    inHandMs: position === null ? 0 : station.score.inHandMs(position),
    here: station.here,
    caption: position === null ? null : caption(notes, position, holds),
    last: last.taped?.day ?? last.day,
    notice: heard.notice,
    joined: heard.joined,
    hasAudio,
    hasKeys: !coarse.matches,
    stationZone: zoneOf(next),
  });
  const printed =
    last.taped && RESTING.has(said.name) ? { ...said, kicker: words.theWeek, hear: words.playOn } : said;
  state = printed.name;
  const shown = showsLast(state);
  view.last.hidden = !shown;
  document.body.dataset.last = String(shown);
  last.show(shown);
  // Before, nobody knows where the label lies.
  if (state !== 'loading' && (searched || !RESTING.has(state))) document.body.dataset.settled = 'true';
  const hearing = last.playing;
  view.show(
    hearing && last.day ? { ...printed, tab: `${words.tabPlaying(printed.title)} · Pianola` } : printed,
    {
      joined: heard.joined,
      muted: heard.muted,
      connection: station.connection,
      line: lineText(station.connection, station.clock, station.here),
      hearing,
      canNotify: reminders.askable,
    },
  );
  writeWeek(printed);
  mine.state(state, heard.joined);
  edge(state, heard.joined);
  scene.show(!embedded && heard.joined && (state === 'live' || state === 'closing'));
  if (heard.joined) reminders.state(state, printed.countdown ? words.beginsIn(printed.countdown) : '');
  if (state === 'live') heard.playing(printed.title);
  heard.keepAwake(PLAYING.has(state) || hearing);
}

function writeWeek({ name, will }: PageState): void {
  const found = published.days ?? [];
  view.week.hidden = !RESTING.has(name) || found.length === 0;
  if (!view.week.hidden) days.show(found, will);
}

function draw(): void {
  desk.draw(state);
  requestAnimationFrame(draw);
}

/** While the last roll lies there Space plays it; while something plays for everybody, it joins, then mutes. */
function space(): unknown {
  if (showsLast(state)) return last.toggle();
  return heard.joined ? heard.toggleMute() : view.join.hidden ? false : heard.join();
}
keyboard(document, () => ({
  ...last.keys(),
  ' ': space,
  m: () => (heard.joined ? heard.toggleMute() : false),
}));
view.notify.addEventListener('click', reminders.ask);
view.reload.addEventListener('click', () => location.reload());
const refresh = () => {
  strip.refresh();
  last.refresh();
};
theme(view.theme, refresh);
if (!fixture && !embedded) stayOffline(window);
whenTypeComes(refresh);
new ResizeObserver(refresh).observe(view.canvas);
window.addEventListener('online', station.wake);
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return;
  station.wake();
  heard.resume();
});

let ticks = 0;
const slept = sleepWatch(now, Date.now);
const worker = new Worker(`${ROOT}/timer-worker.js`);
worker.onmessage = () => {
  const how = slept();
  if (how === 'asleep') station.slept();
  else if (how === 'late') station.wake();
  heard.tick();
  ticks++;
  if (ticks % TICKS_PER_TEXT === 0) write();
  if (ticks % TICKS_PER_CHECK === 0) station.check();
};
worker.postMessage(TICK_MS);
if (hasAudio && embedded)
  for (const button of [view.hear, view.join])
    for (const sign of ['pointerenter', 'focus'])
      button.addEventListener(sign, () => void recordings(), { once: true });
else if (hasAudio) window.addEventListener('load', () => window.setTimeout(recordings, PIANO_AFTER_MS));
requestAnimationFrame(draw);

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
