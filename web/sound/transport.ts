import type { Music } from '../../src/music/note.ts';
import { replayScore } from '../score/day-score.ts';
import { type Instrument, scheduler } from '../score/scheduler.ts';

/** Listening again: the music is whole, and the clock is the visitor's. */
export type Replay = {
  readonly playing: boolean;
  /** Where the music stands, milliseconds from its start to its end. */
  positionMs(): number;
  /** From where it stands; from the start where it stood at the end. */
  play(): void;
  pause(): void;
  /** Plays on from there, or stays there. */
  seek(ms: number): void;
  /** 1: as it was played. Above 0. */
  setSpeed(speed: number): void;
  /** Schedules what is due soon; to be called several times a second. */
  tick(): void;
};

/** Between the wish and the first sound, so that the first notes of a chord are not late; seconds. */
const LEAD_S = 0.1;

/**
 * @param instrument sounds the notes; @param nowS the audio clock, seconds; @param onEnd the music has come to its end
 */
export function replay(world: {
  readonly music: Music;
  readonly instrument: Instrument;
  readonly nowS: () => number;
  readonly onEnd: () => void;
}): Replay {
  const { music, instrument, nowS, onEnd } = world;
  const score = replayScore(music);
  let playing = false;
  let speed = 1;
  /** The music stands at `fromMs` at the audio time `fromS`, while it plays; at `fromMs`, while it does not. */
  let fromMs = 0;
  let fromS = 0;

  const positionMs = () => {
    const since = playing ? Math.max(0, nowS() - fromS) * 1000 * speed : 0;
    return Math.min(music.durationMs, fromMs + since);
  };
  const plan = scheduler({
    score,
    position: () => (playing ? positionMs() : null),
    audioTime: (ms) => fromS + (ms - fromMs) / 1000 / speed,
    instrument,
  });
  /** Silence, then on from a position: what sounds there is begun inside its sound. */
  const cutTo = (ms: number) => {
    fromMs = Math.min(music.durationMs, Math.max(0, ms));
    fromS = nowS() + LEAD_S;
    plan.reset();
    score.rewind();
  };

  return {
    get playing() {
      return playing;
    },
    positionMs,
    play() {
      if (playing) return;
      cutTo(fromMs >= music.durationMs ? 0 : fromMs);
      playing = true;
      plan.tick();
    },
    pause() {
      if (!playing) return;
      cutTo(positionMs());
      playing = false;
    },
    seek(ms) {
      cutTo(ms);
      if (playing) plan.tick();
    },
    setSpeed(wanted) {
      cutTo(positionMs());
      speed = wanted;
      if (playing) plan.tick();
    },
    tick() {
      if (!playing) return;
      plan.tick();
      if (positionMs() < music.durationMs) return;
      // What was struck last rings on; its dampers have been scheduled.
      fromMs = music.durationMs;
      playing = false;
      onEnd();
    },
  };
}
