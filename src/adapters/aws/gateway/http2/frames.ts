/** Frames of HTTP/2 (RFC 9113, 4 and 6): what is to be written is gathered, what comes is cut at their ends. */

export const DATA = 0;
export const HEADERS = 1;
const PRIORITY = 2;
export const RST_STREAM = 3;
export const SETTINGS = 4;
export const PUSH_PROMISE = 5;
export const PING = 6;
export const GOAWAY = 7;
export const WINDOW_UPDATE = 8;
export const CONTINUATION = 9;

export const END_STREAM = 0x1;
export const ACK = 0x1;
export const END_HEADERS = 0x4;
const PADDED = 0x8;
const PRIORITIZED = 0x20;

/** Error codes (RFC 9113, 7). */
export const NO_ERROR = 0x0;
export const PROTOCOL_ERROR = 0x1;
export const INTERNAL_ERROR = 0x2;
export const FLOW_CONTROL_ERROR = 0x3;
export const STREAM_CLOSED = 0x5;
const FRAME_SIZE_ERROR = 0x6;
export const REFUSED_STREAM = 0x7;
export const CANCEL = 0x8;
export const COMPRESSION_ERROR = 0x9;
export const HTTP_1_1_REQUIRED = 0xd;

/** The length of a frame that everybody must take; we never allow more. */
export const FRAME_BYTES = 16_384;
const HEAD_BYTES = 9;
const FIRST_OUTBOX_BYTES = 8_192;

const faults = new WeakMap<Error, number>();
/** What the other side did against the rules. @param code by which it is told */
export function fault(code: number, why: string): Error {
  const error = new Error(`the gateway breaks the rules of HTTP/2: ${why}`);
  faults.set(error, code);
  return error;
}
/** @returns undefined where it is an error of another kind */
export const codeOf = (error: Error): number | undefined => faults.get(error);

export type Frame = {
  readonly type: number;
  readonly flags: number;
  /** 0: the connection as a whole. */
  readonly stream: number;
  /** Overwritten after the call. */
  readonly payload: Buffer;
};

/** Frames that wait to be written together. */
export type Outbox = {
  /** @param length of the payload, whose bytes are to follow */
  head(type: number, flags: number, stream: number, length: number): void;
  bytes(from: Uint8Array, start?: number, end?: number): void;
  /** A frame whose payload is a few numbers of 32 bits. */
  words(type: number, stream: number, ...words: readonly number[]): void;
  /** Writes what was gathered at once; by itself that comes at the end of this turn of the event loop. */
  flush(): void;
  /** Nothing is written any more. */
  close(): void;
};

export function outbox(write: (bytes: Buffer, written: () => void) => void): Outbox {
  let buffer: Buffer = Buffer.allocUnsafeSlow(FIRST_OUTBOX_BYTES);
  let spare: Buffer | null = null;
  let length = 0;
  let [isToFlush, isClosed] = [false, false];
  function ensure(more: number): void {
    if (length + more <= buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(buffer.length * 2, length + more));
    buffer.copy(larger, 0, 0, length);
    buffer = larger;
  }
  const self: Outbox = {
    head(type, flags, stream, payload) {
      if (!isToFlush) setImmediate(self.flush);
      isToFlush = true;
      ensure(HEAD_BYTES + payload);
      buffer[length] = payload >> 16;
      buffer[length + 1] = payload >> 8;
      buffer[length + 2] = payload;
      buffer[length + 3] = type;
      buffer[length + 4] = flags;
      buffer.writeUInt32BE(stream, length + 5);
      length += HEAD_BYTES;
    },
    bytes(from, start = 0, end = from.length) {
      ensure(end - start);
      buffer.set(start === 0 && end === from.length ? from : from.subarray(start, end), length);
      length += end - start;
    },
    words(type, stream, ...words) {
      self.head(type, 0, stream, words.length * 4);
      for (const word of words) length = buffer.writeUInt32BE(word, length);
    },
    flush() {
      isToFlush = false;
      if (length === 0 || isClosed) return;
      const taken = buffer;
      // The socket may hold it for a while; then it is used again. The next turn brings about as much.
      write(taken.subarray(0, length), () => {
        spare = taken;
      });
      buffer = spare ?? Buffer.allocUnsafeSlow(Math.max(FIRST_OUTBOX_BYTES, length));
      [spare, length] = [null, 0];
    },
    close() {
      isClosed = true;
    },
  };
  return self;
}

/** A block of fields as HEADERS, and as CONTINUATION what is over the other side's most. @param isEnd no body follows */
export function writeFields(out: Outbox, stream: number, block: Buffer, isEnd: boolean, most: number): void {
  for (let at = 0; at < block.length; at += most) {
    const end = Math.min(block.length, at + most);
    const flags = (at === 0 && isEnd ? END_STREAM : 0) | (end === block.length ? END_HEADERS : 0);
    out.head(at === 0 ? HEADERS : CONTINUATION, flags, stream, end - at);
    out.bytes(block, at, end);
  }
}

/**
 * Cuts what comes into frames. Throws a fault where one is longer than we allow; `each` may throw as well.
 * @returns reads the bytes that came next, which may be overwritten afterwards
 */
export function frameReader(each: (frame: Frame) => void): (bytes: Buffer) => void {
  let rest: Buffer | null = null;
  return (come) => {
    const bytes = rest ? Buffer.concat([rest, come]) : come;
    let at = 0;
    while (bytes.length - at >= HEAD_BYTES) {
      const length = bytes.readUIntBE(at, 3);
      if (length > FRAME_BYTES) throw fault(FRAME_SIZE_ERROR, `a frame of ${length} bytes`);
      const end = at + HEAD_BYTES + length;
      if (end > bytes.length) break;
      each({
        ...{ type: bytes[at + 3]!, flags: bytes[at + 4]! },
        // Its first bit is reserved, and ignored.
        stream: bytes.readUInt32BE(at + 5) & 0x7f_ff_ff_ff,
        payload: bytes.subarray(at + HEAD_BYTES, end),
      });
      at = end;
    }
    rest = at < bytes.length ? Buffer.from(bytes.subarray(at)) : null;
  };
}

/** Lengths of payloads that are fixed. */
const LENGTHS: Readonly<Record<number, number>> = {
  ...{ [PRIORITY]: 5, [RST_STREAM]: 4, [PING]: 8, [WINDOW_UPDATE]: 4 },
};
const OF_STREAMS = [DATA, HEADERS, PRIORITY, RST_STREAM, PUSH_PROMISE, CONTINUATION];
const OF_THE_WHOLE = [SETTINGS, PING, GOAWAY];

/** Throws a fault where a frame cannot be of its kind, by its length or by what it is for. Unknown kinds may be anything. */
export function check({ type, flags, stream, payload: { length } }: Frame): void {
  if (stream === 0 ? OF_STREAMS.includes(type) : OF_THE_WHOLE.includes(type))
    throw fault(PROTOCOL_ERROR, `a frame of kind ${type} for stream ${stream}`);
  const isRight =
    type === GOAWAY
      ? length >= 8
      : type === SETTINGS
        ? flags & ACK
          ? length === 0
          : length % 6 === 0
        : length === (LENGTHS[type] ?? length);
  if (!isRight) throw fault(FRAME_SIZE_ERROR, `a frame of kind ${type} with ${length} bytes`);
}

/** The payload of DATA or HEADERS without its padding and priority. Throws a fault where these are longer than it is. */
export function unpadded({ type, flags, payload }: Frame): Buffer {
  if (!(flags & (PADDED | PRIORITIZED))) return payload;
  let [from, end] = [0, payload.length];
  if (flags & PADDED) {
    from = 1;
    // Without a byte for its length, the end becomes no number, which is no less than anything.
    end -= payload[0] ?? Number.NaN;
  }
  if (type === HEADERS && flags & PRIORITIZED) from += 5;
  if (!(from <= end)) throw fault(PROTOCOL_ERROR, 'padding that is longer than its frame');
  return payload.subarray(from, end);
}
