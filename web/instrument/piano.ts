import type { Note } from '../../src/music/note.ts';
import type { Instrument, Voice } from '../score/scheduler.ts';
import type { Mixer } from './mixer.ts';
import { dampingS } from './response.ts';
import type { Grand } from './samples.ts';
import { soundboard } from './soundboard.ts';
import { LATE_FADE_S, type Strings } from './strings.ts';
import { tone } from './tone.ts';
import { voicing } from './voicing.ts';

export type Piano = Instrument & {
  /** From the notes with this onset on, recordings take the place of the synthesised tone; milliseconds from T0. */
  use(grand: Grand, fromMs: number): void;
};

/** More than a pianist's pedal ever holds; beyond it the oldest gives way. */
const MAX_VOICES = 64;
/** Of recordings against full scale, so that music is at −20 LUFS (tests/browser/sound.test.ts). */
const LEVEL = 0.455;

export function piano({ context, input, air }: Mixer): Piano {
  const board = soundboard(context, input, air);
  let grand: Grand | null = null;
  let grandFromMs = 0;
  const active = new Set<Strings>();

  const fade = (strings: Strings, atS: number, timeConstantS: number) => {
    const from = Math.max(atS, context.currentTime);
    // Eight time constants are −70 dB.
    const endsS = from + 8 * timeConstantS;
    strings.gain.gain.setTargetAtTime(0, from, timeConstantS);
    for (const source of strings.sources) source.stop(endsS);
    strings.endsS = Math.min(strings.endsS, endsS);
  };
  const makeRoom = (atS: number) => {
    const sounding = [...active].filter(({ endsS }) => endsS > atS);
    if (sounding.length > MAX_VOICES) fade(sounding[0]!, atS, LATE_FADE_S);
  };

  return {
    use(loaded, fromMs) {
      grand = loaded;
      grandFromMs = fromMs;
    },
    strike(note, atS): Voice {
      const output = board.place(note.pitch, atS);
      const strings =
        grand && note.onsetMs >= grandFromMs
          ? recorded(context, output, grand, note, atS)
          : tone(context, output, note, atS);
      if (!strings) return { damp() {} };
      active.add(strings);
      let left = strings.sources.length;
      for (const source of strings.sources) {
        source.onended = () => {
          if (--left > 0) return;
          active.delete(strings);
          strings.gain.disconnect();
        };
      }
      makeRoom(atS);
      return {
        damp(dampS) {
          const timeConstantS = dampingS(note.pitch);
          if (timeConstantS !== null && dampS < strings.endsS) fade(strings, dampS, timeConstantS);
        },
      };
    },
    pedal: board.pedal,
    silence() {
      const now = context.currentTime;
      board.silence();
      for (const strings of active) {
        // What is scheduled but has not begun is stopped before it does.
        strings.gain.gain.cancelScheduledValues(now);
        fade(strings, now, LATE_FADE_S);
      }
    },
  };
}

/** One note of recordings; null where it would have died away already. */
function recorded(
  context: BaseAudioContext,
  output: AudioNode,
  grand: Grand,
  note: Note,
  atS: number,
): Strings | null {
  const { parts, gain: level, cutoffHz } = voicing(grand, note);
  const now = context.currentTime;
  const strikes = parts
    .map(({ sample, rate, share }) => ({ sample, rate, share, startS: atS - sample.onsetS / rate }))
    .filter(({ sample, rate, startS }) => now < startS + sample.buffer.duration / rate);
  if (strikes.length === 0) return null;
  const filter = new BiquadFilterNode(context, {
    type: 'lowpass',
    frequency: Math.min(cutoffHz, context.sampleRate / 2),
    Q: -3,
  });
  const late = strikes.some(({ startS }) => startS < now);
  const gain = new GainNode(context, { gain: late ? 0 : LEVEL * level });
  // Where the hammer is still to come, as under a hand that draws the paper, it is not to be dulled.
  const comesS = atS > now ? Math.min(LATE_FADE_S, atS - now) : LATE_FADE_S;
  if (late) gain.gain.setTargetAtTime(LEVEL * level, now, comesS / 3);
  const sources = strikes.map(({ sample, rate, share, startS }) => {
    const source = new AudioBufferSourceNode(context, { buffer: sample.buffer, playbackRate: rate });
    source.connect(new GainNode(context, { gain: share })).connect(filter);
    const from = Math.max(now, startS);
    source.start(from, (from - startS) * rate);
    return source;
  });
  filter.connect(gain).connect(output);
  const ends = strikes.map(({ sample, rate, startS }) => startS + sample.buffer.duration / rate);
  return { sources, gain, endsS: Math.max(...ends) };
}
