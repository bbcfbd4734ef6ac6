/**
 * Frames as a server sends them (RFC 6455, 5.2): whole and, towards clients, not masked, so that without compression the
 * same bytes are right for every listener. ws frames each message for each socket anew and hands the system two pieces;
 * these are made once and written as one.
 */

/** Final frames, RFC 6455, 5.2: FIN and the opcode. */
const FINAL_TEXT = 0x81;
const FINAL_PING = 0x89;
/** Payloads up to these lengths, bytes, have it in the second byte of the frame, or in the two after it. */
const SHORT = 125;
const MEDIUM = 0xffff;

/** Frames that are under way to a crowd at the same time are fewer. */
const KEPT = 16;
/** What is shorter is an answer to one listener. */
const LEAST_LENGTH = 512;

/** @returns a text frame of it. @throws RangeError beyond 65,535 bytes: none of ours has more than half of that */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  if (length > MEDIUM) throw new RangeError(`a frame of ${length} bytes; ${MEDIUM} at most`);
  const head = length > SHORT ? 4 : 2;
  const bytes = Buffer.allocUnsafe(head + length);
  bytes[0] = FINAL_TEXT;
  if (length > SHORT) {
    bytes[1] = SHORT + 1;
    bytes.writeUInt16BE(length, 2);
  } else bytes[1] = length;
  bytes.write(text, head);
  return bytes;
}

/** @param payload what a pong repeats, at most 125 bytes */
export const pingFrame = (payload: Uint8Array): Buffer =>
  Buffer.concat([Uint8Array.of(FINAL_PING, payload.length), payload]);

/** @returns the bytes of a text frame: a long string of the same characters always gives the same ones while it is remembered */
export function textFrames(): (text: string) => Buffer {
  const kept = new Map<string, Buffer>();
  return (text) => {
    if (text.length < LEAST_LENGTH) return textFrame(text);
    const known = kept.get(text);
    if (known) return known;
    if (kept.size >= KEPT) kept.delete(kept.keys().next().value!);
    const bytes = textFrame(text);
    kept.set(text, bytes);
    return bytes;
  };
}
