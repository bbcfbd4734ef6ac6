import { crc32, deflateSync } from 'node:zlib';

/** `#RRGGBB` to its three bytes. */
const rgb = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const INDEXED = 3;
const TRUE_COLOUR = 2;

/**
 * A picture with a palette as PNG (W3C PNG, third edition): 8 bits a pixel, no filter, no interlacing.
 * @param pixels row by row, each an index into the palette
 */
export function encodePng(
  width: number,
  height: number,
  pixels: Uint8Array,
  palette: readonly string[],
): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, INDEXED, 0, 0, 0], 8);
  // Each row is preceded by its filter type, 0.
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return Buffer.concat([
    Buffer.from(SIGNATURE),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(rgb))),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * The same picture in three bytes a pixel, for readers that take no palettes.
 * @param pixels row by row, each an index into the palette
 */
export function encodeTrueColourPng(
  width: number,
  height: number,
  pixels: Uint8Array,
  palette: readonly string[],
): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, TRUE_COLOUR, 0, 0, 0], 8);
  const colours = Uint8Array.from(palette.flatMap(rgb));
  const rows = Buffer.alloc(height * (3 * width + 1));
  for (let y = 0, at = 0; y < height; y++) {
    // Each row is preceded by its filter type, 0.
    at++;
    for (let x = 0; x < width; x++) {
      const colour = 3 * pixels[y * width + x]!;
      rows[at++] = colours[colour]!;
      rows[at++] = colours[colour + 1]!;
      rows[at++] = colours[colour + 2]!;
    }
  }
  return Buffer.concat([
    Buffer.from(SIGNATURE),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
