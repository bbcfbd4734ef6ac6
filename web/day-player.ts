/** A day's roll that can be played and touched: transport, piano, paper and the hand on it, for any page that shows one. */
import type { Music } from '../src/music/note.ts';
import type { Grand } from './instrument/samples.ts';
import { type DayRoll, dayRoll } from './roll/day-roll.ts';
import { type Blank, playingZoom } from './roll/day-view.ts';
import { onHand, type Point } from './roll/hand.ts';
import type { Joint } from './roll/joints.ts';
import { heardWithin, type Scrub, SOON_S, scrub } from './score/scrub.ts';
import { ROOT } from './site/root.ts';
import { type ReplaySound, replaySound } from './sound/day-sound.ts';
import { type Replay, replay } from './sound/transport.ts';

export type DayPlayer = {
  readonly playing: boolean;
  /** 0: the whole roll is seen, to 1: as near as can be. */
  readonly zoom: number;
  /** What is heard now, ms from the music's beginning. */
  positionMs(): number;
  /** Must be called by a gesture of the visitor's. */
  toggle(): void;
  pause(): void;
  seekTo(ms: number): void;
  setSpeed(speed: number): void;
  setVolume(volume: number): void;
  setZoom(zoom: number): void;
  /** Colours or size have changed. */
  refresh(): void;
  /** Puts the roll away: silence, and no hand on the paper any more. */
  close(): void;
  /** Where the music's beginning lies, CSS pixels from the left: what is printed on the leader goes with it. */
  beginningX(): number;
};

/** The scheduler looks this often, also while the page is hidden; milliseconds. */
const TICK_MS = 50;
/** The paper comes nearer, and goes back, within this time; milliseconds. */
const GLIDE_MS = 700;
/** A hole that is pressed sounds as long as it is, within these; milliseconds. */
const PRESSED_MS = [400, 4_000] as const;

export function dayPlayer(world: {
  readonly canvas: HTMLCanvasElement;
  readonly music: Music;
  readonly recordings: () => Promise<Grand | null>;
  readonly reducedMotion: () => boolean;
  readonly blankOf: (width: number, height: number) => Blank;
  /** 0 to 1, as the visitor has set it. */
  readonly volume: () => number;
  /** How much later than its device says it is heard, milliseconds: the playhead waits for it. */
  readonly delayMs: () => number;
  /** Called before the first sound: a device may be opened for it. */
  readonly onOpen: () => void;
  /** It was drawn: time and zoom may be written. */
  readonly onShow: () => void;
  readonly onChange: (change: 'playing' | 'paused' | 'ended') => void;
  /** Where days are taped to one another, and how loud it is played where, decibels; a single day has no need of them. */
  readonly joints?: readonly Joint[];
  readonly levelAt?: (ms: number) => number;
  /** An audio context that a gesture has opened already. */
  readonly context?: AudioContext;
}): DayPlayer {
  const { canvas, music, reducedMotion, onShow, onChange } = world;
  const roll: DayRoll = dayRoll(canvas, music, reducedMotion, world.blankOf, world.joints);
  let sound: ReplaySound | null = null;
  let transport: Replay | null = null;
  let speed = 1;
  /** Where it stands while nothing has sounded yet, or a hand holds it. */
  let restingMs = 0;
  let zoom = 0;
  /** The visitor has come nearer by their own wish: it stays so. */
  let zoomed = false;
  let glide: { from: number; to: number; sinceMs: number } | null = null;
  let frame = 0;
  let held: { scrub: Scrub | null; at: Point; ms: number; wasPlaying: boolean; pulled: boolean } | null =
    null;
  let pulledAtMs = 0;
  const closing = new AbortController();

  const withinMs = (ms: number) => Math.min(music.durationMs, Math.max(0, ms));
  /** A little less far than what is played, by the way to the ear. */
  const positionMs = (): number => {
    if (held?.pulled || !transport || !sound) return restingMs;
    const behindMs = transport.playing ? (sound.latencyS() * 1_000 + world.delayMs()) * speed : 0;
    return withinMs(transport.positionMs() - behindMs);
  };
  const draw = () => {
    if (glide) {
      const part = Math.min(1, (performance.now() - glide.sinceMs) / GLIDE_MS);
      zoom = glide.from + (glide.to - glide.from) * part * part * (3 - 2 * part);
      if (part === 1) glide = null;
    }
    // The paper goes along while it plays or a hand draws it, but not while it comes nearer, nor where the whole of it lies still.
    const moves = !glide && zoom > 0 && !reducedMotion() && (held?.pulled || transport?.playing);
    roll.draw(positionMs(), zoom, moves || false);
    onShow();
  };
  const follow = () => {
    frame = 0;
    draw();
    if (transport?.playing || glide) frame = requestAnimationFrame(follow);
  };
  const show = () => {
    if (frame === 0) follow();
  };
  const glideTo = (to: number) => {
    if (zoomed) return;
    if (reducedMotion()) zoom = to;
    else if (zoom !== to) glide = { from: zoom, to, sinceMs: performance.now() };
  };

  const open = (): Replay => {
    if (transport) return transport;
    world.onOpen();
    const playingMs = () => (transport?.playing ? transport.positionMs() : null);
    const opened = replaySound(world.volume(), music, world.recordings(), playingMs, world.context);
    sound = opened;
    const made = replay({
      music,
      instrument: opened.instrument,
      nowS: opened.nowS,
      onEnd() {
        glideTo(0);
        show();
        onChange('ended');
      },
    });
    made.setSpeed(speed);
    made.seek(restingMs);
    const worker = new Worker(`${ROOT}/timer-worker.js`);
    worker.onmessage = () => {
      if (world.levelAt) opened.setLevel(world.levelAt(made.positionMs()));
      made.tick();
    };
    worker.postMessage(TICK_MS);
    closing.signal.addEventListener('abort', () => worker.terminate());
    transport = made;
    return made;
  };
  const play = () => {
    const it = open();
    sound?.resume();
    it.play();
    if (zoom === 0) glideTo(playingZoom(roll.wholeMs, roll.width));
    show();
    onChange('playing');
  };
  const pause = () => {
    if (!transport?.playing) return;
    transport.pause();
    restingMs = transport.positionMs();
    show();
    onChange('paused');
  };
  const seekTo = (ms: number) => {
    restingMs = withinMs(ms);
    transport?.seek(restingMs);
    show();
  };
  const setZoom = (wanted: number) => {
    glide = null;
    zoomed = true;
    zoom = Math.min(1, Math.max(0, wanted));
    show();
  };
  /** A hole that is pressed sounds; the playhead goes there, or to where blank paper was pressed. */
  const press = ({ x, y }: Point, wasPlaying: boolean) => {
    const note = roll.noteAt(x, y);
    seekTo(note ? note.onsetMs : roll.timeAt(x));
    if (!note || wasPlaying || !sound) return;
    const atS = sound.nowS() + SOON_S;
    const heldMs = Math.min(PRESSED_MS[1], Math.max(PRESSED_MS[0], note.durationMs));
    sound.instrument.strike(note, atS).damp(atS + heldMs / 1_000);
  };

  onHand(
    canvas,
    {
      hold(at) {
        const it = open();
        const wasPlaying = it.playing;
        canvas.focus({ preventScroll: true });
        held = { scrub: null, at, ms: positionMs(), wasPlaying, pulled: false };
      },
      pull(at, atMs) {
        if (!held || !sound) return;
        if (!held.scrub) {
          transport?.pause();
          sound.resume();
          held.scrub = scrub(music, sound.instrument);
          // The whole roll cannot be drawn along: there the finger is the playhead.
          if (zoom === 0 || reducedMotion()) held.ms = withinMs(roll.timeAt(held.at.x));
          held.scrub.hold(held.ms);
          pulledAtMs = atMs;
        }
        const still = zoom === 0 || reducedMotion();
        const byMs =
          ((held.at.x - at.x) / Math.max(1, roll.width)) * (roll.timeAt(roll.width) - roll.timeAt(0));
        restingMs = withinMs(still ? roll.timeAt(at.x) : held.ms + byMs);
        held.pulled = true;
        held.scrub.moveTo(restingMs, ...heardWithin(sound.nowS(), atMs - pulledAtMs));
        pulledAtMs = atMs;
        // Shown once a frame, however often the hand is told of.
        if (frame === 0) frame = requestAnimationFrame(follow);
      },
      letGo(at, pressed) {
        if (!held || !sound) return;
        const { wasPlaying, scrub: hand, pulled } = held;
        held = null;
        sound.resume();
        if (hand) hand.letGo(sound.nowS() + SOON_S);
        if (pressed) press(at, wasPlaying);
        else if (pulled) {
          transport?.seek(restingMs);
          if (wasPlaying) transport?.play();
          show();
        }
      },
      nearer: (by) => setZoom(zoom + by),
      push: (byPx) =>
        seekTo(positionMs() + (byPx / Math.max(1, roll.width)) * (roll.timeAt(roll.width) - roll.timeAt(0))),
    },
    closing.signal,
  );

  return {
    get playing() {
      return transport?.playing ?? false;
    },
    get zoom() {
      return zoom;
    },
    positionMs,
    toggle: () => (transport?.playing ? pause() : play()),
    pause,
    seekTo,
    setSpeed(wanted) {
      speed = wanted;
      transport?.setSpeed(wanted);
    },
    setVolume: (volume) => sound?.setVolume(volume),
    setZoom,
    refresh() {
      roll.refresh();
      show();
    },
    close() {
      closing.abort();
      cancelAnimationFrame(frame);
      transport?.pause();
      sound?.close();
      roll.close();
    },
    beginningX: () => roll.xOf(0),
  };
}
