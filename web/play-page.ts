/** /play/: a visitor plays or gives a file, the station goes on from it, and it is seen as it is composed, and heard. */
import { writeMidiFile } from '../src/music/midi/write.ts';
import { type Music, toMusic } from '../src/music/note.ts';
import { minutesText } from '../src/words.ts';
import { type DayPlayer, dayPlayer } from './day-player.ts';
import { fetchGrand } from './instrument/fetch-samples.ts';
import { read, said, spokenHere } from './language/play/words.ts';
import { words } from './language/words.ts';
import { keyboard } from './page/keyboard.ts';
import { theme } from './page/theme.ts';
import { whenTypeComes } from './page/type.ts';
import { addressOf, ask, type Done, doneText, forget, type Given, givenOf } from './play/ask.ts';
import { takeFiles } from './play/files.ts';
import { follow } from './play/follow.ts';
import { fromShelf } from './play/from-shelf.ts';
import { offerMidi } from './play/midi-in.ts';
import { ownPiano } from './play/own-piano.ts';
import { linkTo, shareLink } from './play/share.ts';
import { blankOf, type Growing, seam, sketch, sketchGrowing } from './play/sketch.ts';
import { warn } from './play/warn.ts';
import { readDayMusic } from './published/day-music.ts';

await spokenHere();

/** The strip is so long at least while one plays, milliseconds. */
const SHORTEST_MS = 8_000;
/** Fewer notes are nothing to go on from. */
const FEWEST = 4;
const DRAW_MS = 100;
/** After a stroke the strip is drawn for so long. */
const AFTER_MS = 2_000;
const VOLUME = 0.8;

const find = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const canvas = find<HTMLCanvasElement>('roll');
const askButton = find<HTMLButtonElement>('ask');
const seek = find<HTMLInputElement>('seek');
const hear = find<HTMLButtonElement>('hear');
const progress = find<HTMLProgressElement>('progress');
const address = find<HTMLInputElement>('address');
const now = () => performance.now();

let playedAtMs = Number.NEGATIVE_INFINITY;
let player: DayPlayer | null = null;
/** What was given last, by whatever way; null: only what is played on the page. */
let showing: Growing | null = null;
/** What is asked for now; another begins with another number. */
let turn = 0;
let id: string | null = null;

const write = (element: HTMLElement, text: string) => {
  if (element.textContent !== text) element.textContent = text;
};
const tell = (text: string) => write(find('status'), text);
const stateIs = (state: 'giving' | 'asking' | 'done') => {
  document.body.dataset.state = state;
  find('heard').hidden = state !== 'done';
  progress.hidden = state !== 'asking';
  askButton.disabled = state === 'asking' || own.played.count < FEWEST;
};

const own = ownPiano(find('keys'), {
  onStrike() {
    if (document.body.dataset.state === 'done') startAnew();
    player?.pause();
    if (document.body.dataset.state === 'asking') return false;
    playedAtMs = now();
    showing = null;
    return true;
  },
  onStruck() {
    stateIs('giving');
    tell(own.played.count < FEWEST ? said.goOn : said.enough);
  },
});

function draw(): void {
  if (player) return;
  if (showing) {
    sketchGrowing(canvas, showing);
    return;
  }
  const music = own.played.music(now());
  sketch(canvas, { ...music, durationMs: Math.max(SHORTEST_MS, music.durationMs) }, music.durationMs);
}

function startAnew(): void {
  turn++;
  if (id !== null && document.body.dataset.state === 'asking') void forget(id).catch(() => {});
  id = null;
  player?.close();
  player = null;
  showing = null;
  own.played.clear();
  find('link').hidden = true;
  warn(find('warnings'), []);
  if (location.hash) history.replaceState(null, '', location.pathname);
  stateIs('giving');
  tell(said.nothing);
  draw();
}

async function goOn(bytes: Blob, name: string): Promise<void> {
  const mine = ++turn;
  player?.close();
  player = null;
  warn(find('warnings'), []);
  find('link').hidden = true;
  showing = null;
  stateIs('asking');
  progress.value = 0;
  tell(said.sent(name));
  const asked = await ask(bytes, name, Number(find<HTMLSelectElement>('minutes').value)).catch(() => null);
  if (mine !== turn) return;
  if (!asked) return giveUp(said.unanswered);
  if (asked.outcome === 'refused') return giveUp(said.cannot(read(asked.message)));
  id = asked.id;
  await watch(mine, asked.id, Number(find<HTMLSelectElement>('minutes').value) * 60_000);
}

/** Looks at what becomes of it, until it is done. @param addedMs how much was asked for */
async function watch(mine: number, asked: string, addedMs: number): Promise<void> {
  let given: Given | null = null;
  const untilMs = (music: Music) => Math.max((given?.music.durationMs ?? 0) + addedMs, music.durationMs);
  const learn = async (): Promise<void> => {
    given ??= await givenOf(asked);
    if (mine !== turn || !given) return;
    warn(find('warnings'), given.warnings);
    showing ??= { music: given.music, untilMs: untilMs(given.music), fromMs: null };
    draw();
  };
  const end = await follow(
    asked,
    () => mine === turn,
    (told, composing) => {
      tell(told);
      // It is asked for again with the next look.
      if (!given) void learn().catch(() => {});
      if (!composing) return;
      progress.value = composing.part;
      if (given && composing.added.length > 0) {
        const fromMs = Math.min(...composing.added.map(({ onsetMs }) => onsetMs));
        const music = toMusic([...given.music.notes, ...composing.added], given.music.pedal);
        showing = { music, untilMs: untilMs(music), fromMs };
      }
      draw();
    },
  );
  if (mine !== turn || end === null) return;
  if (typeof end === 'string') giveUp(end);
  else await open(mine, asked, end.record, end.kept);
}

function giveUp(why: string): void {
  id = null;
  showing = null;
  stateIs('giving');
  tell(why);
  draw();
}

async function open(mine: number, done: string, record: Done, kept: boolean): Promise<void> {
  const response = await fetch(addressOf(done, 'continued.mid')).catch(() => null);
  if (mine !== turn) return;
  if (!response?.ok) return giveUp(said.notLoaded);
  const music = readDayMusic(new Uint8Array(await response.arrayBuffer()));
  id = done;
  warn(find('warnings'), record.warnings);
  find<HTMLAnchorElement>('download').href = addressOf(done, 'continued.mid');
  find<HTMLAnchorElement>('download').download = `${record.title || 'continued'}.mid`;
  find<HTMLAnchorElement>('sheet').href = addressOf(done, 'continued.musicxml');
  showLink(kept);
  const reduced = window.matchMedia('(prefers-reduced-motion: reduce)');
  seek.max = String(music.durationMs);
  player = dayPlayer({
    canvas,
    music,
    recordings: fetchGrand,
    reducedMotion: () => reduced.matches,
    blankOf,
    volume: () => VOLUME,
    delayMs: () => 0,
    joints: seam(record.continuedFromMs),
    onOpen() {},
    onShow() {
      const ms = player?.positionMs() ?? 0;
      seek.value = String(ms);
      write(find('elapsed'), `${minutesText(ms)} / ${minutesText(music.durationMs)}`);
      write(hear, player?.playing ? words.pause : words.play);
    },
    onChange(change) {
      const paused = words.replayPaused(minutesText(player?.positionMs() ?? 0));
      tell({ ended: words.replayEnded, playing: words.replayPlaying(''), paused }[change]);
    },
  });
  player.refresh();
  stateIs('done');
  tell(doneText(record));
}

function showLink(kept: boolean): void {
  find('link').hidden = !kept;
  address.value = id === null ? '' : linkTo(id);
}

async function share(): Promise<void> {
  if (id === null) return;
  const shared = id;
  const told = await shareLink(shared, linkTo(shared));
  if (shared !== id) return;
  if (told.kept) {
    showLink(true);
    history.replaceState(null, '', `#${shared}`);
  }
  tell(told.words);
}

const sendPlayed = () => {
  own.letGo();
  const bytes = writeMidiFile({ title: 'Played here', music: own.played.music(now()), markers: [] });
  void goOn(new Blob([Uint8Array.from(bytes)]), said.yours);
};
askButton.addEventListener('click', sendPlayed);
find('again').addEventListener('click', startAnew);
takeFiles(find<HTMLInputElement>('file'), find('choose'), (given) => {
  own.played.clear();
  void goOn(given, given.name);
});
hear.addEventListener('click', () => player?.toggle());
seek.addEventListener('input', () => player?.seekTo(Number(seek.value)));
find('share').addEventListener('click', () => void share());
find('forget').addEventListener('click', () => {
  const forgotten = id;
  startAnew();
  if (forgotten !== null)
    forget(forgotten).then(
      () => tell(said.forgotten),
      () => tell(said.notForgotten),
    );
});
offerMidi(find<HTMLButtonElement>('midi'), own.hands, tell);
keyboard(document, () => (player ? { ' ': () => player?.toggle() } : {}));
const themeButton = find<HTMLButtonElement>('theme');
themeButton.hidden = false;
theme(themeButton, () => (player ? player.refresh() : draw()));
new ResizeObserver(() => (player ? player.refresh() : draw())).observe(canvas);
window.addEventListener('pagehide', () => player?.pause());
setInterval(() => {
  if (document.body.dataset.state === 'giving' && playedAtMs + AFTER_MS > now()) draw();
}, DRAW_MS);
find('keys').parentElement!.scrollLeft = find('keys').scrollWidth / 3;
stateIs('giving');
whenTypeComes(() => (player ? player.refresh() : draw()));
const [, linked] = /^#([0-9a-f]{32})$/.exec(location.hash) ?? [];
if (linked) {
  tell(said.looking);
  void watch(++turn, linked, SHORTEST_MS);
} else void fromShelf(goOn, tell);
