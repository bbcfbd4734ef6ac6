/** The wire between pages and a station: connections, what is lost and late on them, and how they end. */
import type { Post } from '../../src/ports.ts';
import type { Socket, SocketEvents } from '../../web/listener/connection.ts';
import type { SimClock } from './clock.ts';

/** How a listener's wire is just now. Delays are milliseconds, one way; shares are probabilities. */
export type Line = {
  delayMs: number;
  jitterMs: number;
  /** Frames may overtake each other. */
  disorder: boolean;
  lossShare: number;
  twiceShare: number;
  /** Of messages to the station. */
  unheardShare: number;
  throttledShare: number;
  /** Posts to it fail with a fault. */
  faultShare: number;
  /** Handshakes until then are refused, or hang. */
  refusedUntil: number;
  hangsUntil: number;
  /** Chunks that are posted before then are held up, and come right after one of a later broadcaster's. */
  heldUntil: number;
  held: string[];
  /** The next chunk is lost. */
  losesNext: boolean;
  /** All is swallowed, and nobody is told. */
  swallowsUntil: number;
};
export const calmLine = (): Line => ({
  ...{ delayMs: 10, jitterMs: 30, disorder: false, lossShare: 0, twiceShare: 0, unheardShare: 0 },
  ...{
    throttledShare: 0,
    faultShare: 0,
    refusedUntil: 0,
    hangsUntil: 0,
    heldUntil: 0,
    held: [],
    losesNext: false,
    swallowsUntil: 0,
  },
});

export type GatewayHandlers = {
  /** Answers to a message, in order; null: nobody is there to answer. */
  message(connection: string, text: string, receivedAt: number): Promise<readonly string[] | null>;
  gone(connection: string): void;
};
export type Gateway = {
  open(listener: string, events: SocketEvents): Socket;
  readonly post: Post;
  line(listener: string): Line;
  /** Ends connections, all or a listener's, with a close code. */
  close(code: number, listener?: string): void;
  /** Nobody is there: handshakes fail. */
  up: boolean;
  handlers: GatewayHandlers | null;
};

type Connection = { readonly listener: string; readonly events: SocketEvents; open: boolean; lastAt: number };
const HANDSHAKE_MS = 20;
const TWICE_AFTER_MS = 700;

/** Of a chunk; null: another frame. */
const epochOf = (frame: string): number | null =>
  frame.startsWith('{"type":"chunk"') ? Number(/"epoch":(\d+)/.exec(frame)?.[1]) : null;

export function gateway(clock: SimClock, random: () => number): Gateway {
  const lines = new Map<string, Line>();
  const connections = new Map<string, Connection>();
  let opened = 0;
  const line = (listener: string): Line => {
    const known = lines.get(listener) ?? calmLine();
    lines.set(listener, known);
    return known;
  };
  const chance = (share: number) => share > 0 && random() < share;
  const delayOf = ({ delayMs, jitterMs }: Line) => delayMs + random() * jitterMs;

  function deliver(connection: Connection, frame: string): void {
    const { disorder, twiceShare, swallowsUntil, ...rest } = line(connection.listener);
    const now = clock.now();
    const at = now + delayOf({ ...rest, disorder, twiceShare, swallowsUntil });
    // TCP keeps the order.
    connection.lastAt = disorder ? at : Math.max(at, connection.lastAt);
    const arrive = () => {
      if (connection.open && clock.now() >= line(connection.listener).swallowsUntil)
        connection.events.message(frame);
    };
    if (now >= swallowsUntil) clock.at(connection.lastAt, arrive, true);
    if (chance(twiceShare)) clock.at(connection.lastAt + TWICE_AFTER_MS, arrive, true);
  }
  /** Chunks alone: whether this one does not go out now. */
  function withholds(connection: Connection, frame: string): boolean {
    const one = line(connection.listener);
    if (clock.now() < one.heldUntil) return one.held.push(frame) > 0;
    if (one.losesNext) {
      one.losesNext = false;
      return true;
    }
    const late = one.held.filter((before) => epochOf(before)! < epochOf(frame)!);
    if (late.length > 0) one.held = [];
    deliver(connection, frame);
    const overtaken = () => {
      for (const before of late) if (connection.open) connection.events.message(before);
    };
    if (late.length > 0) clock.at(connection.lastAt + 1, overtaken, true);
    return false;
  }
  function end(id: string, code?: number): void {
    const connection = connections.get(id);
    if (!connection) return;
    connections.delete(id);
    connection.open = false;
    if (code !== undefined) clock.at(clock.now(), () => connection.events.closed(code), true);
    self.handlers?.gone(id);
  }

  const self: Gateway = {
    up: true,
    handlers: null,
    line,
    open(listener, events) {
      const id = `${listener}/${++opened}`;
      const connection: Connection = { listener, events, open: false, lastAt: 0 };
      const { refusedUntil, hangsUntil } = line(listener);
      let given = false;
      clock.at(
        clock.now() + HANDSHAKE_MS,
        () => {
          if (given || clock.now() < hangsUntil) return;
          if (!self.up || clock.now() < refusedUntil) return events.closed();
          connection.open = true;
          connections.set(id, connection);
          events.opened();
        },
        true,
      );
      const arrive = async (text: string) => {
        const { unheardShare, throttledShare, swallowsUntil } = line(listener);
        if (!connection.open || clock.now() < swallowsUntil || chance(unheardShare)) return;
        if (chance(throttledShare)) return deliver(connection, '{"message":"Too Many Requests"}');
        const answers = (await self.handlers?.message(id, text, clock.now())) ?? [];
        for (const frame of answers) if (connection.open) deliver(connection, frame);
      };
      return {
        send: (text) => void clock.at(clock.now() + delayOf(line(listener)), () => void arrive(text)),
        close() {
          given = true;
          clock.at(clock.now() + HANDSHAKE_MS, () => end(id));
        },
      };
    },
    async post(id, frame) {
      const connection = connections.get(id);
      if (!connection) return 'gone';
      const { lossShare, faultShare } = line(connection.listener);
      if (chance(faultShare)) throw new Error('the gateway has a fault');
      if (chance(lossShare)) return 'slow';
      if (epochOf(frame) === null) deliver(connection, frame);
      else if (withholds(connection, frame)) return 'slow';
      return 'sent';
    },
    close(code, listener) {
      for (const [id, connection] of [...connections])
        if (listener === undefined || connection.listener === listener) end(id, code);
    },
  };
  return self;
}
