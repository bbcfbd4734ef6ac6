/** Of the first order, 6 dB an octave; −3 dB at `hertz`. */
export function highPass(
  signal: Float32Array | Float64Array,
  sampleRate: number,
  hertz: number,
): Float64Array {
  const keep = Math.exp((-2 * Math.PI * hertz) / sampleRate);
  const passed = new Float64Array(signal.length);
  for (let i = 1; i < signal.length; i++) passed[i] = keep * (passed[i - 1]! + signal[i]! - signal[i - 1]!);
  return passed;
}
