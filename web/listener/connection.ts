import { encodeRequest, type Frame, parseFrame, type Request } from '../../src/wire.ts';
import { alarm } from './alarm.ts';
import type { Timers } from './timers.ts';

/** What the connection needs of a WebSocket. */
export type Socket = { send(text: string): void; close(): void };
export type SocketEvents = {
  opened(): void;
  message(data: unknown): void;
  /** @param code of the close frame, where there was one */
  closed(code?: number): void;
};

/** "restarting": the station has said that it will be back, and is waited for. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'restarting';

export type Connection = {
  readonly state: ConnectionState;
  send(request: Request): void;
  /** Gives up the present socket, which is dead or suspect, and tries again at once. */
  renew(): void;
  close(): void;
};

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
/** A handshake that hangs longer than this is given up. */
const OPEN_TIMEOUT_MS = 10_000;
/** "Service restart" (RFC 6455's registry of close codes): the station will be back. */
const SERVICE_RESTART = 1012;
/** So long it is waited for, and tried more often: listeners hold as much music. Then it is lost like any other. */
const RESTART_MS = 120_000;
const LONGEST_RETRY_IN_RESTART_MS = 4_000;

/**
 * A websocket that is opened again whenever it closes, after a random time up to a bound that doubles ("full
 * jitter"), so that thousands of pages do not all come back in the same second.
 */
export function connect(world: {
  readonly open: (events: SocketEvents) => Socket;
  readonly timers: Timers;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly onState: (state: ConnectionState) => void;
  readonly onFrame: (frame: Frame) => void;
}): Connection {
  let socket: Socket | null = null;
  let state: ConnectionState = 'connecting';
  let attempts = 0;
  let closed = false;
  /** The next try, or the end of patience with the present one. */
  const next = alarm(world.timers);
  /** Set while a station that has said that it will be back is waited for. */
  const restart = alarm(world.timers);

  const become = (now: ConnectionState) => {
    if (now === state) return;
    state = now;
    world.onState(now);
  };
  const drop = () => {
    const dead = socket;
    socket = null;
    dead?.close();
  };
  const becomeGone = () => become(restart.isSet ? 'restarting' : 'lost');
  const retry = () => {
    drop();
    becomeGone();
    const longest = restart.isSet ? LONGEST_RETRY_IN_RESTART_MS : LONGEST_RETRY_MS;
    const bound = Math.min(longest, FIRST_RETRY_MS * 2 ** attempts++);
    next.set(open, world.random() * bound);
  };
  function open(): void {
    // A socket that was given up may speak once more; nobody listens then.
    const current = () => socket === fresh;
    const fresh = world.open({
      opened() {
        if (!current()) return;
        next.clear();
        restart.clear();
        attempts = 0;
        become('open');
      },
      message(data) {
        const frame = current() && typeof data === 'string' ? parseFrame(data) : null;
        if (frame) world.onFrame(frame);
      },
      closed(code) {
        if (!current()) return;
        if (code === SERVICE_RESTART) restart.set(() => become('lost'), RESTART_MS);
        retry();
      },
    });
    socket = fresh;
    next.set(retry, OPEN_TIMEOUT_MS);
  }
  open();

  return {
    get state() {
      return state;
    },
    send(request) {
      if (state === 'open') socket?.send(encodeRequest(request));
    },
    renew() {
      drop();
      if (closed) return;
      becomeGone();
      open();
    },
    close() {
      closed = true;
      next.clear();
      restart.clear();
      drop();
      become('lost');
    },
  };
}
