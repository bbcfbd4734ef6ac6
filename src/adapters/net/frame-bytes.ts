/** The bytes of frames that go to many: made once, and shared by all whose sockets still have to take them. */

/** Frames that are under way to a crowd at the same time are fewer. */
const KEPT = 16;
/** What is shorter is an answer to one listener. */
const LEAST_LENGTH = 512;

/** @returns what to send for a frame: a string of the same characters always gives the same bytes while it is remembered */
export function frameBytes(): (frame: string) => string | Buffer {
  const kept = new Map<string, Buffer>();
  return (frame) => {
    if (frame.length < LEAST_LENGTH) return frame;
    const known = kept.get(frame);
    if (known) return known;
    if (kept.size >= KEPT) kept.delete(kept.keys().next().value!);
    const bytes = Buffer.from(frame);
    kept.set(frame, bytes);
    return bytes;
  };
}
