import { gainOf } from '../../src/music/loudness.ts';
import type { Note } from '../../src/music/note.ts';
import { cutoffOf, frequencyOf } from './response.ts';
import { LATE_FADE_S, type Strings } from './strings.ts';

/** Partials of a struck string, roughly: each softer than the one before, the seventh missing (the hammer's place). */
const PARTIALS = [0, 1, 0.45, 0.28, 0.16, 0.1, 0.05, 0, 0.02];
/** Against full scale, a note of middle velocity in the bass; as loud as the recordings (tests/browser/sound.test.ts). */
const LEVEL = 0.172;
/** Softer by so many decibels a key, from here upwards, as the recordings are. */
const SOFTER_FROM = 48;
const SOFTER_DB = 0.2;
/** The tone swells over this time constant, seconds: too short to hear, too long to click. */
const ATTACK_S = 0.001;
const waves = new WeakMap<BaseAudioContext, PeriodicWave>();

const levelOf = (pitch: number): number =>
  LEVEL * 10 ** ((-SOFTER_DB * Math.max(0, pitch - SOFTER_FROM)) / 20);

/** Decay, a time constant in seconds: 1.2 at middle C, half as much every one and a half octaves up. */
const decayS = (pitch: number): number => 1.2 * 2 ** ((60 - pitch) / 18);

/** A light plucked tone that needs no download: it sounds until the recordings are there. */
export function tone(context: BaseAudioContext, output: AudioNode, note: Note, atS: number): Strings | null {
  const decay = decayS(note.pitch);
  const lateS = Math.max(0, context.currentTime - atS);
  const endsS = atS + 6 * decay;
  if (lateS >= 6 * decay) return null;
  const frequency = frequencyOf(note.pitch);
  const source = new OscillatorNode(context, { frequency, periodicWave: waveOf(context) });
  const dark = new BiquadFilterNode(context, {
    type: 'lowpass',
    frequency: cutoffOf(note.pitch, note.velocity),
    Q: -3,
  });
  const gain = new GainNode(context, { gain: 0 });
  const level = levelOf(note.pitch) * gainOf(note.velocity) * Math.exp(-lateS / decay);
  const startS = atS + lateS;
  const swellS = lateS > 0 ? LATE_FADE_S / 3 : ATTACK_S;
  gain.gain.setTargetAtTime(level, startS, swellS);
  gain.gain.setTargetAtTime(0, startS + 5 * swellS, decay);
  source.connect(dark).connect(gain).connect(output);
  source.start(startS);
  source.stop(endsS);
  return { sources: [source], gain, endsS };
}

function waveOf(context: BaseAudioContext): PeriodicWave {
  const known = waves.get(context);
  if (known) return known;
  const wave = new PeriodicWave(context, { real: PARTIALS.map(() => 0), imag: PARTIALS });
  waves.set(context, wave);
  return wave;
}
