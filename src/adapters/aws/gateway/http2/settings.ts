/** What the other side of HTTP/2 asks for (RFC 9113, 6.5.2), as far as it concerns who sends requests. */
import { FLOW_CONTROL_ERROR, FRAME_BYTES, fault, type Outbox, PROTOCOL_ERROR, SETTINGS } from './frames.ts';

export type Settings = {
  /** Of fields that it keeps, bytes. */
  headerTableSize: number;
  /** Requests under way at once. */
  maxConcurrentStreams: number;
  /** Bytes of a body that may be sent before it says that it wants more. */
  initialWindowSize: number;
  /** Of a frame's payload, bytes. */
  maxFrameSize: number;
};
/** Bytes that may be sent unasked, of all streams together and, until it says otherwise, of each (RFC 9113, 6.9.2). */
export const FIRST_WINDOW = 65_535;
/** What holds until it says otherwise. */
export const defaults = (): Settings => ({
  headerTableSize: 4_096,
  maxConcurrentStreams: Number.POSITIVE_INFINITY,
  initialWindowSize: FIRST_WINDOW,
  maxFrameSize: FRAME_BYTES,
});

const HEADER_TABLE_SIZE = 1;
const ENABLE_PUSH = 2;
const MAX_CONCURRENT_STREAMS = 3;
const INITIAL_WINDOW_SIZE = 4;
const MAX_FRAME_SIZE = 5;
export const MOST_WINDOW = 2 ** 31 - 1;
const SETTING_BYTES = 6;
const MOST_FRAME_BYTES = 2 ** 24 - 1;

/** Takes over what a frame of settings says; what is not known is ignored. Throws a fault where a value may not be. */
export function takeSettings(settings: Settings, payload: Buffer): void {
  for (let at = 0; at < payload.length; at += SETTING_BYTES) {
    const value = payload.readUInt32BE(at + 2);
    switch (payload.readUInt16BE(at)) {
      case HEADER_TABLE_SIZE:
        settings.headerTableSize = value;
        break;
      case ENABLE_PUSH:
        if (value > 0) throw fault(PROTOCOL_ERROR, 'a server would have answers pushed to itself');
        break;
      case MAX_CONCURRENT_STREAMS:
        settings.maxConcurrentStreams = value;
        break;
      case INITIAL_WINDOW_SIZE:
        if (value > MOST_WINDOW) throw fault(FLOW_CONTROL_ERROR, `a window of ${value} bytes`);
        settings.initialWindowSize = value;
        break;
      case MAX_FRAME_SIZE:
        if (value < FRAME_BYTES || value > MOST_FRAME_BYTES)
          throw fault(PROTOCOL_ERROR, `frames of ${value} bytes at most`);
        settings.maxFrameSize = value;
    }
  }
}

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');
/** What we begin with: no fields are kept, nothing is pushed. @param window bytes of each answer that may come unasked */
export function greet(out: Outbox, window: number): void {
  const ours = [
    [HEADER_TABLE_SIZE, 0],
    [ENABLE_PUSH, 0],
    [INITIAL_WINDOW_SIZE, window],
  ] as const;
  out.bytes(PREFACE);
  out.head(SETTINGS, 0, 0, ours.length * SETTING_BYTES);
  for (const [key, value] of ours)
    out.bytes(Uint8Array.of(0, key, value >> 24, value >> 16, value >> 8, value));
}
