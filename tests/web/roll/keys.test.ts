import { expect, test } from '@jest/globals';
import type { Inks } from '../../../web/roll/inks.ts';
import { drawKeys, drawPressed, KEY_LENGTH } from '../../../web/roll/keys.ts';
import { acrossOf, rollLayout } from '../../../web/roll/layout.ts';
import type { Sheet } from '../../../web/roll/paint.ts';
import { note } from '../../support/music.ts';

const layout = rollLayout(1_280, 560);
const inks = { paper: 'paper', edge: 'edge', playhead: 'red' } as Inks;

/** Every bar that is drawn, with its colour. */
function sheetOf() {
  const bars: { along: number; across: number; length: number; colour: string }[] = [];
  const pen = { fillStyle: '' };
  const bar = (along: number, across: number, length: number) =>
    void bars.push({ along, across, length, colour: pen.fillStyle });
  return { bars, sheet: { pen, bar } as unknown as Sheet };
}

test('a piano has 36 black keys, and a line wherever two white ones meet', () => {
  const { bars, sheet } = sheetOf();
  drawKeys(sheet, layout, inks);
  const black = bars.filter(({ length, colour }) => colour === 'edge' && length > 1 && length < KEY_LENGTH);
  expect(black).toHaveLength(36);
  // E and F, B and C: seven Es, eight Bs; and the highest key, behind which nothing is.
  const lines = bars.filter(({ length, colour }) => colour === 'edge' && length === KEY_LENGTH);
  expect(lines).toHaveLength(15);
});

test('the keys that a position holds down are down, and no others', () => {
  const music = [note(0, 1_000, 60, 80), note(200, 500, 61, 80), note(900, 500, 64, 80)];
  const down = (ms: number) => {
    const { bars, sheet } = sheetOf();
    drawPressed(sheet, layout, inks, music, 10, ms);
    return bars.map(({ across }) => [60, 61, 64].find((pitch) => acrossOf(layout, pitch) === across));
  };
  expect([down(0), down(300), down(700), down(950), down(1_400)]).toEqual([
    [60],
    [60, 61],
    [60],
    [60, 64],
    [],
  ]);
});
