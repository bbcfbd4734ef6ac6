import { HIGHEST_PITCH, LOWEST_PITCH, type Note } from './note.ts';

/** A piano roll as dots: time to the right, pitch upwards. */
export type Raster = {
  readonly width: number;
  readonly height: number;
  /** Row by row from the top; the velocity of the loudest note at each dot, 0 where there is none. */
  readonly dots: Uint8Array;
};

export type RasterView = {
  readonly fromMs: number;
  readonly toMs: number;
  /** Dots. */
  readonly width: number;
  readonly height: number;
  readonly lowest?: number;
  readonly highest?: number;
};

/** Every note takes at least one dot, however short, and leaves the last dot of a longer one free for the next. */
export function rollRaster(notes: readonly Note[], view: RasterView): Raster {
  const { fromMs, toMs, width, height, lowest = LOWEST_PITCH, highest = HIGHEST_PITCH } = view;
  const dots = new Uint8Array(width * height);
  const perMs = width / (toMs - fromMs);
  const perPitch = height / (highest - lowest + 1);
  for (const { onsetMs, durationMs, pitch, velocity } of notes) {
    if (onsetMs >= toMs || onsetMs + durationMs <= fromMs || pitch < lowest || pitch > highest) continue;
    const left = Math.floor((onsetMs - fromMs) * perMs);
    const right = Math.max(left, Math.ceil((onsetMs + durationMs - fromMs) * perMs) - 2);
    const top = Math.floor((highest - pitch) * perPitch);
    const bottom = Math.max(top, Math.ceil((highest - pitch + 1) * perPitch) - 1);
    for (let y = top; y <= Math.min(bottom, height - 1); y++) {
      for (let x = Math.max(0, left); x <= Math.min(right, width - 1); x++) {
        const at = y * width + x;
        dots[at] = Math.max(dots[at]!, velocity);
      }
    }
  }
  return { width, height, dots };
}

/** A braille character has two columns of four dots; Unicode orders them by history: 1–3 and 4–6 down, then 7 and 8. */
const BRAILLE = 0x2800;
const BITS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;
export const DOTS_ACROSS = 2;
export const DOTS_DOWN = 4;

/** The lines of a raster, two dots by four in a character. */
export function braille({ width, height, dots }: Raster): string[] {
  const lines: string[] = [];
  for (let top = 0; top < height; top += DOTS_DOWN) {
    let line = '';
    for (let left = 0; left < width; left += DOTS_ACROSS) {
      let cell = 0;
      for (let y = 0; y < DOTS_DOWN && top + y < height; y++) {
        for (let x = 0; x < DOTS_ACROSS && left + x < width; x++) {
          if (dots[(top + y) * width + left + x]! > 0) cell |= BITS[y]![x]!;
        }
      }
      line += String.fromCharCode(BRAILLE + cell);
    }
    lines.push(line);
  }
  return lines;
}
