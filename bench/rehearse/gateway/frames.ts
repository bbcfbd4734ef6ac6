/** Looks at the frames of a websocket as they come (RFC 6455, 5.2): a library tells messages alone, and API Gateway bounds both. */

/** @param told payload bytes of each frame, when its header has come @returns takes what comes, in pieces of any size */
export function frameSizes(told: (bytes: number) => void): (piece: Buffer) => void {
  let header = Buffer.alloc(0);
  /** Of the frame that comes: bytes after its header that are still to come. */
  let left = 0;
  return (piece) => {
    let rest = piece;
    while (rest.length > 0) {
      if (left > 0) {
        const passed = Math.min(left, rest.length);
        left -= passed;
        rest = rest.subarray(passed);
        continue;
      }
      header = Buffer.concat([header, rest.subarray(0, 1)]);
      rest = rest.subarray(1);
      const size = sizeIn(header);
      if (size === null) continue;
      told(size);
      left = size;
      header = Buffer.alloc(0);
    }
  };
}

/** null: the header is not whole. */
function sizeIn(header: Buffer): number | null {
  if (header.length < 2) return null;
  const short = header[1]! & 0x7f;
  const mask = header[1]! & 0x80 ? 4 : 0;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  if (header.length < 2 + extended + mask) return null;
  if (short === 126) return header.readUInt16BE(2);
  return short === 127 ? Number(header.readBigUInt64BE(2)) : short;
}
