/** `node --import tsx infra/build-icons.ts`: the page's icons as PNG, into web/icons/. */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { print } from '../src/publish/pictures/print.ts';

const OUT = fileURLToPath(new URL('../web/icons/', import.meta.url));
/** As favicon.svg has it, in units of a thirty-second: `[left, middle, length]`. */
const HOLES = [
  [4, 9, 11],
  [12, 16, 8],
  [6, 23, 14],
] as const;
const [INK, RED] = [1, 2];

/** @param inset blank paper around it, a part of its size: systems cut icons round */
function icon(size: number, inset: number): Uint8Array {
  const sheet = print(size, size, ['#F3EEDF', '#1D1B18', '#B4321E']);
  const unit = (size * (1 - 2 * inset)) / 32;
  const at = (units: number) => size * inset + units * unit;
  for (const [left, middle, length] of HOLES) sheet.hole(INK, at(left), at(middle), length * unit, 4 * unit);
  sheet.rectangle(RED, Math.round(at(21)), Math.round(at(2)), Math.round(2 * unit), Math.round(28 * unit));
  return sheet.png();
}

await mkdir(OUT, { recursive: true });
await writeFile(`${OUT}icon-180.png`, icon(180, 0.06));
await writeFile(`${OUT}icon-192.png`, icon(192, 0.02));
await writeFile(`${OUT}icon-512.png`, icon(512, 0.02));
await writeFile(`${OUT}maskable-512.png`, icon(512, 0.14));
