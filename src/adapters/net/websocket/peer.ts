/** One websocket as we bear it: how much it may send, how far behind it may fall, and whether it is there at all. */
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { pingFrame } from './server-frame.ts';

/** A reader this far behind is cut off: a socket would buffer without limit. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
/** So is one that has not taken all there was for so long. */
const MAX_BEHIND_MS = 5_000;
/** After so long a silence there is a ping, and nobody is there who does not answer it in time: gone within 30 s. */
const HEARTBEAT_MS = 23_000;
const PONG_WITHIN_MS = 5_000;
/** A crowd that came at once would be pinged at once for good: of many, some are asked up to so much earlier, until each look has as many. */
const EARLY_MS = HEARTBEAT_MS / 2;
/** Messages, pings and pongs that nobody asked for, in ten seconds; no page of ours comes near. */
const MAX_MESSAGES = 100;
const MESSAGES_MS = 10_000;
/** From our close frame until we let go, whatever the other side does. */
const FAREWELL_MS = 1_000;

/** What is known of one: plain fields, for there are thousands. Whole milliseconds, which V8 keeps without a box. */
export type Peer = {
  readonly id: string;
  readonly address: string;
  readonly socket: WebSocket;
  /** What the websocket was made of: frames that many get are written here, as bytes. */
  readonly stream: Duplex;
  messages: number;
  countedFrom: number;
  /** Since when the system has not taken all that was sent; null: it has. */
  behindSince: number | null;
  /** The next ping, or while one is awaited its pong at the latest. */
  dueAt: number;
  /** What a pong has to repeat: who does not read cannot know it. */
  awaited: Buffer | null;
  letGoAt: number | null;
};

export type Peers = {
  /** Takes in one that does not answer pings by itself, without compression. */
  add(who: Pick<Peer, 'id' | 'address' | 'socket' | 'stream'>): Peer;
  /** Its connection is closed. */
  remove(peer: Peer): void;
  /** Counts something that it sent, at once. false: it has sent too much and is being hung up, or was before. */
  admits(peer: Peer): boolean;
  pinged(peer: Peer, data: Buffer): void;
  ponged(peer: Peer, data: Buffer): void;
  /**
   * Everything that goes to it goes through here. false: it is gone, or was cut off just now.
   * @param frame whole, as `server-frame.ts` makes them. It goes past ws's own sender, which holds nothing back without
   * compression: what ws writes itself (a pong, a close frame) is before or after it on the wire as it was said.
   */
  send(peer: Peer, frame: Buffer): boolean;
  /** Sends a close frame, listens no more, and lets go a second later. */
  hangUp(peer: Peer, code: number, reason: string): void;
  /** ws has sent the close frame itself. */
  failed(peer: Peer): void;
  /**
   * To be called about once a second: pings, and cuts off whoever is silent or behind. Costs what is due, not how many
   * there are.
   * @param secret makes what the pings of this look hold, so that a pong proves that somebody reads; 125 bytes at most
   */
  look(secret: () => Buffer): void;
};

/** @param clock milliseconds of a clock that only runs forward, and not while the machine sleeps */
export function peers(clock: () => number): Peers {
  const now = () => Math.floor(clock());
  /** In the order in which their pings are due, and in that in which their pongs are. */
  const silent = new Set<Peer>();
  const asked = new Set<Peer>();
  const behind = new Set<Peer>();
  const leaving = new Set<Peer>();
  let lookedAt = now();

  const isBehind = (peer: Peer, at: number): boolean => {
    const { writableLength } = peer.stream;
    if (writableLength === 0) {
      if (peer.behindSince !== null) behind.delete(peer);
      peer.behindSince = null;
      return false;
    }
    if (peer.behindSince === null) {
      peer.behindSince = at;
      behind.add(peer);
    }
    return writableLength > MAX_BUFFERED_BYTES || at - peer.behindSince > MAX_BEHIND_MS;
  };
  const write = (peer: Peer, frame: Buffer, at: number): void => {
    peer.stream.write(frame);
    if (peer.stream.writableLength > 0) isBehind(peer, at);
  };
  const letGo = (peer: Peer): void => {
    peer.letGoAt = now() + FAREWELL_MS;
    silent.delete(peer);
    asked.delete(peer);
    leaving.add(peer);
  };
  const hangUp = (peer: Peer, code: number, reason: string): void => {
    if (peer.letGoAt !== null) return;
    letGo(peer);
    peer.socket.close(code, reason);
    peer.socket.pause();
  };
  const admits = (peer: Peer): boolean => {
    if (peer.letGoAt !== null) return false;
    const at = now();
    if (at - peer.countedFrom >= MESSAGES_MS) [peer.messages, peer.countedFrom] = [0, at];
    if (++peer.messages <= MAX_MESSAGES) return true;
    hangUp(peer, 1008, 'too many messages');
    return false;
  };
  const ping = (peer: Peer, at: number, secret: Buffer, frame: Buffer): void => {
    silent.delete(peer);
    asked.add(peer);
    peer.awaited = secret;
    peer.dueAt = at + PONG_WITHIN_MS;
    if (peer.socket.readyState === WebSocket.OPEN && peer.stream.writable) write(peer, frame, at);
  };

  return {
    add(who) {
      const at = now();
      const peer: Peer = {
        id: who.id,
        address: who.address,
        socket: who.socket,
        stream: who.stream,
        messages: 0,
        countedFrom: at,
        behindSince: null,
        dueAt: at + HEARTBEAT_MS,
        awaited: null,
        letGoAt: null,
      };
      silent.add(peer);
      isBehind(peer, at);
      return peer;
    },
    remove(peer) {
      for (const set of [silent, asked, behind, leaving]) set.delete(peer);
    },
    admits,
    pinged(peer, data) {
      const at = now();
      if (!admits(peer) || isBehind(peer, at)) return;
      peer.socket.pong(data);
      isBehind(peer, at);
    },
    ponged(peer, data) {
      if (!peer.awaited?.equals(data)) return void admits(peer);
      peer.awaited = null;
      if (!asked.delete(peer)) return;
      peer.dueAt = now() + HEARTBEAT_MS;
      silent.add(peer);
    },
    send(peer, frame) {
      const { socket, stream } = peer;
      if (peer.letGoAt !== null || socket.readyState !== WebSocket.OPEN || !stream.writable) return false;
      const at = now();
      if (isBehind(peer, at)) {
        socket.terminate();
        return false;
      }
      write(peer, frame, at);
      return true;
    },
    hangUp,
    failed(peer) {
      if (peer.letGoAt === null) letGo(peer);
    },
    look(secret) {
      const at = now();
      for (const peer of leaving) if (at >= peer.letGoAt!) peer.socket.terminate();
      for (const peer of behind) if (peer.letGoAt === null && isBehind(peer, at)) peer.socket.terminate();
      for (const peer of asked) {
        if (peer.dueAt > at) break;
        peer.socket.terminate();
      }
      let held: Buffer | null = null;
      let frame: Buffer | null = null;
      // As many as there would be if all were spread evenly.
      let left = Math.floor(((silent.size + asked.size) * (at - lookedAt)) / HEARTBEAT_MS);
      lookedAt = at;
      for (const peer of silent) {
        if (peer.dueAt > (left-- > 0 ? at + EARLY_MS : at)) break;
        held ??= secret();
        frame ??= pingFrame(held);
        ping(peer, at, held, frame);
      }
    },
  };
}
