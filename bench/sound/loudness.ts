/** Loudness and true peak as in ITU-R BS.1770-5. Signals are channels of equal length, full scale ±1. */
export type Channels = readonly Float32Array[];

type Biquad = { readonly b: readonly [number, number, number]; readonly a: readonly [number, number] };

/**
 * The two filters of the K-weighting, for any sample rate: a shelf of +4 dB (the head) and a high-pass. The standard
 * tabulates coefficients at 48 kHz alone; these are the analogue filters behind them, by the bilinear transform.
 */
export function kWeighting(sampleRate: number): readonly [Biquad, Biquad] {
  const shelf = () => {
    const k = Math.tan((Math.PI * 1681.974450955533) / sampleRate);
    const q = 0.7071752369554196;
    const high = 10 ** (3.999843853973347 / 20);
    const band = high ** 0.4996667741545416;
    const norm = 1 + k / q + k * k;
    return biquad(
      [high + (band * k) / q + k * k, 2 * (k * k - high), high - (band * k) / q + k * k],
      [2 * (k * k - 1), 1 - k / q + k * k],
      norm,
    );
  };
  const highPass = () => {
    const k = Math.tan((Math.PI * 38.13547087602444) / sampleRate);
    const q = 0.5003270373238773;
    const norm = 1 + k / q + k * k;
    return biquad([norm, -2 * norm, norm], [2 * (k * k - 1), 1 - k / q + k * k], norm);
  };
  return [shelf(), highPass()];
}

const biquad = (b: [number, number, number], a: [number, number], norm: number): Biquad => ({
  b: [b[0] / norm, b[1] / norm, b[2] / norm],
  a: [a[0] / norm, a[1] / norm],
});

function filter(signal: Float32Array | Float64Array, { b, a }: Biquad): Float64Array {
  const filtered = new Float64Array(signal.length);
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  for (let i = 0; i < signal.length; i++) {
    const x = signal[i]!;
    const y = b[0] * x + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2;
    x2 = x1;
    x1 = x;
    y2 = y1;
    y1 = y;
    filtered[i] = y;
  }
  return filtered;
}

export const kWeighted = (signal: Float32Array, sampleRate: number): Float64Array =>
  kWeighting(sampleRate).reduce<Float32Array | Float64Array>(filter, signal) as Float64Array;

const BLOCK_S = 0.4;
const STEP_S = 0.1;
const ABSOLUTE_GATE = -70;
const RELATIVE_GATE = -10;
/** K-weighting raises a tone of 1 kHz by so much. */
const OFFSET = -0.691;

const loudnessOf = (power: number): number => OFFSET + 10 * Math.log10(power);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Integrated loudness in LUFS: blocks of 400 ms, gated twice; −Infinity where none is loud enough. */
export function integratedLoudness(channels: Channels, sampleRate: number): number {
  const weighted = channels.map((channel) => kWeighted(channel, sampleRate));
  const length = Math.round(BLOCK_S * sampleRate);
  const step = Math.round(STEP_S * sampleRate);
  const blocks: number[] = [];
  for (let start = 0; start + length <= (channels[0]?.length ?? 0); start += step) {
    blocks.push(weighted.reduce((sum, channel) => sum + meanSquare(channel, start, start + length), 0));
  }
  const audible = blocks.filter((power) => loudnessOf(power) > ABSOLUTE_GATE);
  const gate = loudnessOf(mean(audible)) + RELATIVE_GATE;
  const loud = audible.filter((power) => loudnessOf(power) > gate);
  return loud.length === 0 ? Number.NEGATIVE_INFINITY : loudnessOf(mean(loud));
}

export function meanSquare(signal: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += signal[i]! ** 2;
  return sum / (to - from);
}

const OVERSAMPLING = 4;
const TAPS = 48;
/** Interpolates between samples: a sinc under a Hann window, one row a quarter of a sample. */
const PHASES: readonly Float64Array[] = Array.from({ length: OVERSAMPLING }, (_, phase) =>
  Float64Array.from({ length: TAPS }, (_, tap) => {
    const at = tap - TAPS / 2 + 1 - phase / OVERSAMPLING;
    const sinc = at === 0 ? 1 : Math.sin(Math.PI * at) / (Math.PI * at);
    return sinc * (0.5 + 0.5 * Math.cos((2 * Math.PI * at) / TAPS));
  }),
);

/** Highest absolute value between and on the samples, four times oversampled, in dBTP. */
export function truePeak(channels: Channels): number {
  let most = 0;
  for (const channel of channels) {
    for (let i = 0; i < channel.length; i++) {
      // Between two samples half as high there is no higher peak, but in signals made for it.
      if (Math.max(Math.abs(channel[i]!), Math.abs(channel[i + 1] ?? 0)) * 2 < most) continue;
      for (const row of PHASES) {
        let sum = 0;
        for (let tap = 0; tap < TAPS; tap++) sum += row[tap]! * (channel[i + tap - TAPS / 2 + 1] ?? 0);
        most = Math.max(most, Math.abs(sum));
      }
    }
  }
  return 20 * Math.log10(most);
}
