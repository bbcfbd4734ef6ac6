import type { Note } from '../src/music/note.ts';
import type { Mixer } from './mixer.ts';
import type { Sample } from './samples.ts';
import type { Instrument, Voice } from './scheduler.ts';
import { tone } from './tone.ts';
import { cutoffOf, dampingS, gainOf, levelling } from './touch.ts';

/** A sound source with its gain, as the piano keeps it while it sounds. */
export type Strings = {
  readonly source: AudioScheduledSourceNode;
  readonly gain: GainNode;
  readonly endsS: number;
};

export type Piano = Instrument & {
  /** From the next note on, recordings take the place of the synthesised tone. */
  use(samples: readonly Sample[]): void;
};

/** More than a pianist's pedal ever holds; beyond it the oldest gives way. */
const MAX_VOICES = 80;
/** A note begun inside its sound comes in over this time, seconds. */
export const LATE_FADE_S = 0.02;
/** Of samples against full scale, so that a full chord stays below the mixer's knee. */
const LEVEL = 1.5;

export function piano({ context, input }: Mixer): Piano {
  let recordings: readonly Sample[] = [];
  let levelOf: (pitch: number) => number = () => 1;
  const active = new Set<Strings>();

  const forget = (strings: Strings) => {
    active.delete(strings);
    strings.gain.disconnect();
  };
  const fade = ({ source, gain }: Strings, atS: number, timeConstantS: number) => {
    const from = Math.max(atS, context.currentTime);
    gain.gain.setTargetAtTime(0, from, timeConstantS);
    // Eight time constants are −70 dB.
    source.stop(from + 8 * timeConstantS);
  };

  return {
    use(samples) {
      recordings = samples;
      levelOf = levelling(samples);
    },
    strike(note, atS): Voice {
      const sample = nearest(recordings, note.pitch);
      const strings = sample
        ? recorded(context, input, note, atS, sample, LEVEL * levelOf(sample.pitch))
        : tone(context, input, note, atS);
      if (!strings) return { damp() {} };
      active.add(strings);
      strings.source.onended = () => forget(strings);
      if (active.size > MAX_VOICES) {
        const [oldest] = active;
        if (oldest) {
          active.delete(oldest);
          fade(oldest, atS, LATE_FADE_S);
        }
      }
      return {
        damp(dampS) {
          const timeConstantS = dampingS(note.pitch);
          if (timeConstantS !== null && dampS < strings.endsS) fade(strings, dampS, timeConstantS);
        },
      };
    },
    silence() {
      const now = context.currentTime;
      for (const strings of active) {
        // What is scheduled but has not begun is stopped before it does.
        strings.gain.gain.cancelScheduledValues(now);
        fade(strings, now, LATE_FADE_S);
      }
    },
  };
}

const nearest = (samples: readonly Sample[], pitch: number): Sample | null =>
  samples.reduce<Sample | null>(
    (best, sample) =>
      best && Math.abs(best.pitch - pitch) <= Math.abs(sample.pitch - pitch) ? best : sample,
    null,
  );

/** One recorded note; null where it would have died away already. */
function recorded(
  context: BaseAudioContext,
  output: AudioNode,
  note: Note,
  atS: number,
  { buffer, attackS, pitch }: Sample,
  level: number,
): Strings | null {
  const playbackRate = 2 ** ((note.pitch - pitch) / 12);
  const startS = atS - attackS / playbackRate;
  const lateS = Math.max(0, context.currentTime - startS);
  const offset = lateS * playbackRate;
  if (offset >= buffer.duration) return null;
  const source = new AudioBufferSourceNode(context, { buffer, playbackRate });
  const filter = new BiquadFilterNode(context, {
    type: 'lowpass',
    frequency: Math.min(cutoffOf(note.pitch, note.velocity), context.sampleRate / 2),
    Q: -3,
  });
  const loudness = level * gainOf(note.velocity);
  const gain = new GainNode(context, { gain: lateS > 0 ? 0 : loudness });
  if (lateS > 0) gain.gain.setTargetAtTime(loudness, startS + lateS, LATE_FADE_S / 3);
  source.connect(filter).connect(gain).connect(output);
  source.start(startS + lateS, offset);
  return { source, gain, endsS: startS + buffer.duration / playbackRate };
}
