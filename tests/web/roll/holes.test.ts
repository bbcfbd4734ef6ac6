import { expect, test } from '@jest/globals';
import type { Inks } from '../../../web/roll/inks.ts';
import { alongOf, rollLayout, TILE_MS } from '../../../web/roll/layout.ts';
import { drawHoles, type Pen, type Sheet } from '../../../web/roll/paint.ts';

const INKS = { rim: 'rim', hole: 'hole' } as Inks;

/** From where to where the holes of a tile go that begins at `startMs`, CSS pixels from the beginning of the music. */
function holesOf(
  startMs: number,
  onsetMs: number,
  durationMs: number,
  [width, height]: readonly [number, number] = [1280, 600],
) {
  const layout = rollLayout(width, height);
  const holes: (readonly [number, number])[] = [];
  const pen = { save() {}, translate() {}, restore() {}, fillStyle: '' };
  const sheet: Sheet = {
    pen: pen as unknown as Pen,
    bar(along, _across, length) {
      const from = along + alongOf(layout, 0, startMs);
      if (pen.fillStyle === 'hole') holes.push([from, from + length]);
    },
    outline() {},
    text() {},
  };
  drawHoles(sheet, layout, INKS, [{ onsetMs, durationMs, pitch: 60, velocity: 127 }], startMs, 5_000);
  return holes.map((ends) => ends.map((end) => Math.round(end * 1_000) / 1_000));
}

test.each([
  ['wide', [1280, 600]],
  ['narrow', [390, 844]],
] as const)('a short hole that reaches over the next tile on a %s screen is seen there, too', (_, size) => {
  const [whole] = holesOf(0, TILE_MS - 30, 20, size);
  const boundary = alongOf(rollLayout(size[0], size[1]), 0, TILE_MS);
  // It is over before the boundary, and is drawn as long as it is broad.
  expect(whole![0]).toBeLessThan(boundary);
  expect(whole![1]).toBeGreaterThan(boundary + 1);
  expect(holesOf(TILE_MS, TILE_MS - 30, 20, size)).toEqual([whole]);
});

test('a hole that ends before a tile is not drawn on it', () => {
  expect(holesOf(TILE_MS, TILE_MS - 500, 20)).toEqual([]);
});
