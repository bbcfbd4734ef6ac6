/** Blocks of fields, whole or in pieces, which nothing may come between (RFC 9113, 4.3 and 6.10). */
import {
  CONTINUATION,
  END_HEADERS,
  END_STREAM,
  type Frame,
  fault,
  PROTOCOL_ERROR,
  unpadded,
} from './frames.ts';

export type FieldBlock = { readonly stream: number; readonly bytes: Buffer; readonly isEnd: boolean };

/** No longer than an answer may be. */
const MOST_BYTES = 32_768;

/** @returns takes each frame that comes; gives a block where one is whole. Throws a fault where the pieces are none */
export function fieldBlocks(): {
  /** Throws a fault where another frame must come first. */
  check(frame: Frame): void;
  add(frame: Frame): FieldBlock | null;
} {
  let open: { readonly stream: number; readonly isEnd: boolean; pieces: Buffer[]; length: number } | null =
    null;
  return {
    check({ type, stream }) {
      if (open ? type !== CONTINUATION || stream !== open.stream : type === CONTINUATION)
        throw fault(PROTOCOL_ERROR, 'a block of fields in pieces that do not follow each other');
    },
    add(frame) {
      const { type, flags, stream } = frame;
      const piece = type === CONTINUATION ? frame.payload : unpadded(frame);
      open ??= { stream, isEnd: (flags & END_STREAM) > 0, pieces: [], length: 0 };
      open.length += piece.length;
      if (open.length > MOST_BYTES) throw fault(PROTOCOL_ERROR, 'a block of fields without an end');
      const { isEnd, pieces } = open;
      if (!(flags & END_HEADERS)) {
        // Empty pieces would cost memory, and say nothing.
        if (piece.length > 0) pieces.push(Buffer.from(piece));
        return null;
      }
      open = null;
      return { stream, isEnd, bytes: pieces.length === 0 ? piece : Buffer.concat([...pieces, piece]) };
    },
  };
}
