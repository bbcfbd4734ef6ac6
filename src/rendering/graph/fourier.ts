/** The fast Fourier transform, in place: J. W. Cooley and J. W. Tukey's, by powers of two. */

export type Spectrum = { readonly re: Float64Array; readonly im: Float64Array };

export const spectrum = (size: number): Spectrum => ({
  re: new Float64Array(size),
  im: new Float64Array(size),
});

export type Fourier = { forward(of: Spectrum): void /** Divided by the size. */; back(of: Spectrum): void };

/** @param size a power of two */
export function fourier(size: number): Fourier {
  const bits = Math.log2(size);
  if (!Number.isInteger(bits)) throw new Error(`${size} is no power of two`);
  const cosines = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
  const sines = Float64Array.from({ length: size / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / size));
  const reversed = new Uint32Array(size);
  for (let i = 1; i < size; i++) reversed[i] = (reversed[i >> 1]! >> 1) | ((i & 1) << (bits - 1));

  const swap = (values: Float64Array) => {
    for (let i = 0; i < size; i++) {
      const j = reversed[i]!;
      if (j <= i) continue;
      const value = values[i]!;
      values[i] = values[j]!;
      values[j] = value;
    }
  };
  const transform = (re: Float64Array, im: Float64Array) => {
    swap(re);
    swap(im);
    for (let half = 1; half < size; half *= 2) {
      const step = size / (2 * half);
      for (let start = 0; start < size; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const [cosine, sine] = [cosines[k * step]!, sines[k * step]!];
          const [low, high] = [start + k, start + k + half];
          const turnedRe = re[high]! * cosine - im[high]! * sine;
          const turnedIm = re[high]! * sine + im[high]! * cosine;
          re[high] = re[low]! - turnedRe;
          im[high] = im[low]! - turnedIm;
          re[low]! += turnedRe;
          im[low]! += turnedIm;
        }
      }
    }
  };
  return {
    forward: ({ re, im }) => transform(re, im),
    back({ re, im }) {
      // With real and imaginary parts exchanged it runs backwards.
      transform(im, re);
      for (let i = 0; i < size; i++) {
        re[i]! /= size;
        im[i]! /= size;
      }
    },
  };
}
