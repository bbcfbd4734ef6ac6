import { bellows } from '../instrument/bellows.ts';
import { mixer } from '../instrument/mixer.ts';
import { piano } from '../instrument/piano.ts';
import type { Grand } from '../instrument/samples.ts';
import type { Listener } from '../listener/listener.ts';
import { LOOK_AHEAD_MS, scheduler } from '../score/scheduler.ts';
import { audioTime } from './audio-time.ts';
import { beforeMusic } from './before.ts';
import { exchangeMs } from './exchange.ts';
import { keepRunning } from './keep-running.ts';
import type { MidiPlayer } from './midi-player.ts';

/** The listener's ears, from Join on. */
export type Sound = {
  /** The audio clock runs. */
  readonly running: boolean;
  /** What the output says that it takes, milliseconds; null where it says nothing. */
  readonly latencyMs: number | null;
  setVolume(volume: number, muted: boolean): void;
  tick(): void;
  /** What is scheduled is void: silence, then on from where the music stands. */
  cut(): void;
  resume(): void;
  /** An instrument that plays from the same score, as long as the sound runs; null: none any more. */
  follow(player: MidiPlayer | null): void;
  /** A chord, for the visitor to set the volume by before it begins. */
  check(): void;
};

/** A soft C major, struck upwards: pitches; how far apart, and how long it is held, milliseconds. */
const CHORD = [48, 60, 64, 67] as const;
const CHORD_VELOCITY = 58;
const SPREAD_MS = 110;
const HELD_MS = 1_800;
/** A sound is to be scheduled ahead of the clock, milliseconds. */
const SOON_MS = 100;

/**
 * Must be called by a gesture of the visitor's, or browsers keep it silent.
 * @param delayMs how much later than its device says it is heard: it is played so much earlier
 */
export function openSound(
  listener: Listener,
  recordings: Promise<Grand | null>,
  now: () => number,
  delayMs: () => number,
): Sound {
  // Playback, not interactive: a larger buffer does not stutter, and its latency is known and counted in.
  const context = new AudioContext({ latencyHint: 'playback' });
  const mix = mixer(context);
  const keys = piano(mix);
  const time = audioTime(context, now);
  let follower: MidiPlayer | null = null;
  let grand: Grand | null = null;
  /** Something was struck since the last silence. */
  let sounds = false;
  let levelDb = 0;
  const t0 = () => listener.score.hello?.t0 ?? 0;
  const level = () => {
    if (levelDb !== listener.score.levelDb) mix.setLevel(listener.score.levelDb);
    levelDb = listener.score.levelDb;
  };
  const position = () => (context.state === 'running' && listener.clock.ready ? listener.position() : null);
  const localTime = (positionMs: number) => (listener.clock.toLocal(t0() + positionMs) ?? 0) - delayMs();
  const audioTimeOf = (positionMs: number) => time.of(localTime(positionMs));
  const air = bellows(context, mix.air);
  const before = beforeMusic({
    broadcast() {
      const { broadcast: id = null, state } = listener.score.hello ?? {};
      return id === null || state === undefined ? null : { id, state };
    },
    position,
    strike(note) {
      const offMs = note.onsetMs + note.durationMs;
      if (follower) {
        const inMs = (ms: number) => localTime(ms) - now();
        follower.strikeNow(note, inMs(note.onsetMs), inMs(offMs));
      } else keys.strike(note, audioTimeOf(note.onsetMs)).damp(audioTimeOf(offMs));
    },
    stroke: ({ ms, lengthMs, second }) => air.stroke(audioTimeOf(ms), lengthMs / 1_000, second),
    silence: air.silence,
  });
  const plan = scheduler({
    score: {
      eventsUntil(ms) {
        const events = listener.score.eventsUntil(ms);
        follower?.take(events);
        return events;
      },
    },
    position,
    audioTime: audioTimeOf,
    instrument: {
      ...keys,
      strike(note, atS) {
        listener.clock.startSlewing();
        sounds = true;
        return keys.strike(note, atS);
      },
    },
  });
  const exchange = () => {
    if (!grand) return;
    const position = listener.position();
    if (!sounds || position === null) return keys.use(grand, Number.NEGATIVE_INFINITY);
    const { notes, pedal, inHandMs } = listener.score;
    const scheduledMs = position + LOOK_AHEAD_MS;
    keys.use(grand, exchangeMs(notes, pedal, scheduledMs, position + inHandMs(position)));
  };
  const cut = () => {
    plan.reset();
    before.reset();
    follower?.silence();
    listener.score.rewind();
    // In a silence nobody hears a piano exchanged.
    sounds = false;
    exchange();
  };
  void recordings.then((loaded) => {
    grand = loaded;
    exchange();
  });
  const resume = keepRunning(context, document);
  return {
    get running() {
      return context.state === 'running';
    },
    get latencyMs() {
      return context.outputLatency > 0 ? context.outputLatency * 1_000 : null;
    },
    setVolume: mix.setVolume,
    tick() {
      if (context.state !== 'running') return;
      const known = time.read();
      if (known === 'unknown') return;
      if (known === 'jumped') cut();
      level();
      before.tick();
      plan.tick();
      follower?.tick();
    },
    cut,
    resume,
    follow(player) {
      // Silences the one before it, and begins again from where the music stands: the pedal may be down.
      cut();
      follower = player;
    },
    check() {
      // One reading of the clock for all: it runs on while a slow machine makes the voices.
      const nowS = context.currentTime;
      for (const [i, pitch] of CHORD.entries()) {
        const note = { onsetMs: 0, durationMs: HELD_MS, pitch, velocity: CHORD_VELOCITY };
        const [onMs, offMs] = [SOON_MS + i * SPREAD_MS, SOON_MS + HELD_MS];
        const atS = (ms: number) => nowS + ms / 1000;
        if (follower) follower.strikeNow(note, onMs, offMs);
        else keys.strike(note, atS(onMs)).damp(atS(offMs));
      }
    },
  };
}
