import { encodePng, encodeTrueColourPng } from './png.ts';

/** Steps between paper and each ink, for smooth edges. */
const STEPS = 15;

/** Flat colours on a flat ground; a shape laid over another covers it. All lengths in pixels. */
export type Print = {
  rectangle(ink: number, left: number, top: number, width: number, height: number): void;
  /** A hole as a punch makes it: a bar with round ends from `left` to `left + length`, around the line at `middle`. */
  hole(ink: number, left: number, middle: number, length: number, breadth: number): void;
  png(): Uint8Array;
  /** Without a palette. */
  trueColourPng(): Uint8Array;
};

/** @param colours `#RRGGBB`: the ground first, then the inks, which are numbered from 1 on */
export function print(width: number, height: number, colours: readonly [string, ...string[]]): Print {
  const [ground, ...inks] = colours;
  const palette = [ground, ...inks.flatMap((ink) => mixed(ground, ink))];
  const pixels = new Uint8Array(width * height);

  /** Covers a pixel with a part of an ink, 0 to 1, unless more of the same lies there. */
  const cover = (ink: number, x: number, y: number, part: number) => {
    const step = Math.round(Math.min(1, part) * STEPS);
    if (step <= 0) return;
    const at = y * width + x;
    const first = 1 + (ink - 1) * STEPS;
    const before = pixels[at]! - first + 1;
    const same = before > 0 && before <= STEPS;
    if (!same || step > before) pixels[at] = first + step - 1;
  };

  return {
    rectangle(ink, left, top, wide, high) {
      for (let y = Math.max(0, top); y < Math.min(height, top + high); y++) {
        pixels.fill(ink * STEPS, y * width + Math.max(0, left), y * width + Math.min(width, left + wide));
      }
    },
    hole(ink, left, middle, length, breadth) {
      const radius = breadth / 2;
      // The round ends lie within the length, so that what follows is not run into.
      const from = left + radius;
      const to = Math.max(from, left + length - radius);
      for (let y = Math.max(0, Math.floor(middle - radius)); y < Math.min(height, middle + radius + 1); y++) {
        for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, to + radius + 1); x++) {
          const beside = x + 0.5 < from ? from - x - 0.5 : x + 0.5 > to ? x + 0.5 - to : 0;
          cover(ink, x, y, radius - Math.hypot(beside, y + 0.5 - middle) + 0.5);
        }
      }
    },
    png: () => encodePng(width, height, pixels, palette),
    trueColourPng: () => encodeTrueColourPng(width, height, pixels, palette),
  };
}

/** STEPS colours from nearly the ground to the ink itself. */
function mixed(ground: string, ink: string): string[] {
  const channels = (hex: string) => [1, 3, 5].map((from) => Number.parseInt(hex.slice(from, from + 2), 16));
  const [below, above] = [channels(ground), channels(ink)];
  return Array.from({ length: STEPS }, (_, i) => {
    const part = (i + 1) / STEPS;
    const mix = below.map((value, c) => Math.round(value + part * (above[c]! - value)));
    return `#${mix.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
  });
}
