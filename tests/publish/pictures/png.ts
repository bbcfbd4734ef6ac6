import { inflateSync } from 'node:zlib';

/** Reads back what encodePng writes: an indexed picture without filters. */
export function decodePng(png: Uint8Array): {
  width: number;
  height: number;
  colourAt(x: number, y: number): string;
} {
  const bytes = Buffer.from(png);
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const chunk = (type: string) => {
    const at = bytes.indexOf(type, 0, 'latin1');
    return bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4));
  };
  const palette = chunk('PLTE');
  const rows = inflateSync(chunk('IDAT'));
  return {
    width,
    height,
    colourAt: (x, y) => {
      const index = 3 * rows[y * (width + 1) + 1 + x]!;
      return `#${palette
        .subarray(index, index + 3)
        .toString('hex')
        .toUpperCase()}`;
    },
  };
}
