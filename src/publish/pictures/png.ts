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
  return file(width, height, INDEXED, pixels, chunk('PLTE', Buffer.from(palette.flatMap(rgb))));
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
  const colours = palette.map(rgb);
  const samples = Buffer.alloc(3 * pixels.length);
  for (const [i, pixel] of pixels.entries()) samples.set(colours[pixel]!, 3 * i);
  return file(width, height, TRUE_COLOUR, samples);
}

/** @param samples row by row, without filter types; of 8 bits */
function file(
  width: number,
  height: number,
  colourType: number,
  samples: Uint8Array,
  ...before: readonly Buffer[]
): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colourType, 0, 0, 0], 8);
  // Each row is preceded by its filter type, 0.
  const length = samples.length / height;
  const rows = Buffer.alloc(height * (length + 1));
  for (let y = 0; y < height; y++)
    rows.set(samples.subarray(y * length, (y + 1) * length), y * (length + 1) + 1);
  return Buffer.concat([
    Buffer.from(SIGNATURE),
    chunk('IHDR', header),
    ...before,
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
