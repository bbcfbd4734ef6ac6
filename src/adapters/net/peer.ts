/** One websocket as we bear it: how much it may send, how far behind it may fall, and whether it is there at all. */
import type { WebSocket } from 'ws';

/** A reader this far behind is cut off: ws would buffer without limit. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
/** So is one that has not taken all there was for so long. */
const MAX_BEHIND_MS = 5_000;
/** After so long a silence there is a ping, and nobody is there who does not answer it in time: gone within 30 s. */
const HEARTBEAT_MS = 23_000;
const PONG_WITHIN_MS = 5_000;
/** Messages, pings and pongs that nobody asked for, in ten seconds; no page of ours comes near. */
const MAX_MESSAGES = 100;
const MESSAGES_MS = 10_000;
/** From our close frame until we let go, whatever the other side does. */
const FAREWELL_MS = 1_000;

export type Peer = {
  /** Counts something that it sent, at once. false: it has sent too much and is being hung up, or was before. */
  admits(): boolean;
  /** Everything that goes to it goes through here. false: it is gone, or was cut off just now. */
  send(frame: string | Buffer): boolean;
  /** Sends a close frame, listens no more, and lets go a second later. */
  hangUp(code: number, reason: string): void;
  /** ws has sent the close frame itself. */
  failed(): void;
  /**
   * To be called about once a second: pings, and cuts off whoever is silent or behind.
   * @param at what the clock says; a crowd is looked at in one go
   * @param secret what a ping of this look holds, so that a pong proves that somebody reads
   */
  look(at: number, secret: Buffer): void;
};

/**
 * @param socket one that does not answer pings by itself
 * @param now milliseconds of a clock that only runs forward, and not while the machine sleeps
 */
export function peer(socket: WebSocket, now: () => number): Peer {
  let messages = 0;
  let countedFrom = now();
  /** When all that was sent had last been taken by the system. */
  let clearAt = now();
  /** The next ping, or while one is awaited its pong at the latest. */
  let dueAt = now() + HEARTBEAT_MS;
  /** What a pong has to repeat: who does not read cannot know it. */
  let awaited: Buffer | null = null;
  let letGoAt: number | null = null;

  const isBehind = (at: number): boolean => {
    const { bufferedAmount } = socket;
    if (bufferedAmount === 0) clearAt = at;
    return bufferedAmount > MAX_BUFFERED_BYTES || at - clearAt > MAX_BEHIND_MS;
  };
  const admits = (): boolean => {
    if (letGoAt !== null) return false;
    if (now() - countedFrom >= MESSAGES_MS) [messages, countedFrom] = [0, now()];
    if (++messages <= MAX_MESSAGES) return true;
    hangUp(1008, 'too many messages');
    return false;
  };
  function hangUp(code: number, reason: string): void {
    if (letGoAt !== null) return;
    letGoAt = now() + FAREWELL_MS;
    socket.close(code, reason);
    socket.pause();
  }

  socket.on('ping', (data: Buffer) => {
    if (admits() && !isBehind(now())) socket.pong(data);
  });
  socket.on('pong', (data: Buffer) => {
    if (!awaited?.equals(data)) return void admits();
    awaited = null;
    dueAt = now() + HEARTBEAT_MS;
  });

  return {
    admits,
    send(frame) {
      if (letGoAt !== null || socket.readyState !== socket.OPEN) return false;
      if (isBehind(now())) {
        socket.terminate();
        return false;
      }
      socket.send(frame, { binary: false });
      return true;
    },
    hangUp,
    failed() {
      letGoAt ??= now() + FAREWELL_MS;
    },
    look(at, secret) {
      if (letGoAt !== null) {
        if (at >= letGoAt) socket.terminate();
        return;
      }
      if (isBehind(at)) return socket.terminate();
      if (at < dueAt) return;
      if (awaited) return socket.terminate();
      awaited = secret;
      dueAt = at + PONG_WITHIN_MS;
      socket.ping(secret);
    },
  };
}
