/**
 * Where the hammer is heard to fall: the instant at which a sound, as the root mean square of the four milliseconds
 * before, first reaches a fifth of the most it has. Of the measures tried it agrees within 1.2 ms on what is the same
 * instant in a soft and a loud recording of one key, and is evenly spaced from the hammer's knock over the keys: 14 ms
 * after it at A0, where the tone takes long to swell, 4 at A2, and 2 to 0.4 from D♯3 upwards.
 */
const WINDOW_S = 0.004;
const LEVEL = 0.2;
/** So much of a recording is looked at, seconds: a bass string swells for 20 ms, and coders add up to 60 before it. */
const SEARCH_S = 0.15;

/** Index of the frame in which the attack falls; 0 for silence. */
export function attackFrame(signal: Float32Array, sampleRate: number): number {
  const window = Math.round(WINDOW_S * sampleRate);
  const heard = signal.subarray(0, Math.round(SEARCH_S * sampleRate));
  const power = new Float64Array(heard.length);
  let sum = 0;
  let most = 0;
  heard.forEach((value, i) => {
    sum += value ** 2 - (i < window ? 0 : heard[i - window]! ** 2);
    power[i] = sum;
    most = Math.max(most, sum);
  });
  return most === 0 ? 0 : power.findIndex((value) => value >= LEVEL ** 2 * most);
}
