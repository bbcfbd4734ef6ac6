/** Bodies under way to the other side, as far as its windows let them: one of the connection and one of each stream (RFC 9113, 5.2). */
import { DATA, END_STREAM, FLOW_CONTROL_ERROR, fault, type Outbox } from './frames.ts';
import { FIRST_WINDOW, MOST_WINDOW, type Settings } from './settings.ts';

type Body = {
  readonly stream: number;
  readonly bytes: Buffer;
  /** How many of them were sent. */
  sent: number;
  /** How many the other side takes for this stream alone; may be negative, once it has changed its mind. */
  window: number;
};

export type Sending = {
  start(stream: number, bytes: Buffer): void;
  /** Nothing more is sent of it. @returns whether there was something left */
  stop(stream: number): boolean;
  /** The other side takes more. @param stream 0: for all of them. Throws a fault where that is beyond bounds */
  widen(stream: number, by: number): void;
  /** The window that a stream begins with has changed: so do those of all that began. */
  widenAll(by: number): void;
};

export function sending(out: Outbox, settings: Readonly<Settings>): Sending {
  let window = FIRST_WINDOW;
  /** Those with bytes left, the first that began first. */
  const bodies = new Map<number, Body>();

  function send(body: Body): void {
    const { stream, bytes } = body;
    while (body.sent < bytes.length) {
      const some = Math.min(bytes.length - body.sent, window, body.window, settings.maxFrameSize);
      if (some <= 0) return;
      const end = body.sent + some;
      out.head(DATA, end === bytes.length ? END_STREAM : 0, stream, some);
      out.bytes(bytes, body.sent, end);
      body.sent = end;
      body.window -= some;
      window -= some;
    }
    bodies.delete(stream);
  }
  function widened(from: number, by: number): number {
    if (from + by > MOST_WINDOW) throw fault(FLOW_CONTROL_ERROR, `a window of ${from + by} bytes`);
    return from + by;
  }
  const sendAll = () => {
    for (const body of bodies.values()) {
      if (window === 0) return;
      send(body);
    }
  };

  return {
    start(stream, bytes) {
      const body = { stream, bytes, sent: 0, window: settings.initialWindowSize };
      bodies.set(stream, body);
      send(body);
    },
    stop: (stream) => bodies.delete(stream),
    widen(stream, by) {
      if (stream === 0) {
        window = widened(window, by);
        sendAll();
        return;
      }
      const body = bodies.get(stream);
      if (!body) return;
      body.window = widened(body.window, by);
      send(body);
    },
    widenAll(by) {
      for (const body of bodies.values()) body.window = widened(body.window, by);
      sendAll();
    },
  };
}
