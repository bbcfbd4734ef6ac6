/** Websockets of an HTTP server. */
import { randomBytes } from 'node:crypto';
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import type { Post } from '../../ports.ts';
import { MAX_FRAME_BYTES } from '../../wire.ts';
import { admit } from './admit.ts';
import { type Front, frontOf, ownOrigin, visitorOf } from './front.ts';
import { guarded } from './guard.ts';
import { perAddress } from './per-address.ts';
import { inTurns } from './turns.ts';
import { type Peer, peers } from './websocket/peer.ts';
import { textFrames } from './websocket/server-frame.ts';

const MAX_CONNECTIONS_PER_ADDRESS = 64;
/** Ours come in one; a message of 32 KB in ones of a byte would cost a hundred times its size. */
const MAX_FRAGMENTS = 64;
/** Pieces in which the network brings one frame. */
const MAX_PIECES = 1024;
const LOOK_MS = 1_000;
/** We stood still ourselves: what has arrived meanwhile is still to be read, and nobody is cut off before that. */
const LATE_MS = 2_000;
/** A refused client that does not hang up. */
const REFUSED_MS = 1_000;
/** From our last close frame until we let go. */
const FAREWELL_MS = 200;
const ID_BYTES = 16;
const SECRET_BYTES = 8;

/** A websocket that knows whose it is, so that thousands share their event handlers. */
class Listener extends WebSocket {
  peer: Peer | null = null;
}
/** An event of it as a handler of ours takes it. */
const ofPeer = <A extends readonly unknown[]>(handler: (peer: Peer, ...event: A) => unknown) =>
  function (this: WebSocket, ...event: A): void {
    const { peer } = this as Listener;
    if (peer) handler(peer, ...event);
  };
function destroyItself(this: Duplex): void {
  this.destroy();
}

export type SocketHandlers = {
  /** Answers to one message, in order, and whether to hang up afterwards. */
  message(
    connectionId: string,
    text: string,
    receivedAt: number,
    address: string,
  ): Promise<{ frames: readonly string[]; close: boolean }>;
  /** The connection is closed, for whatever reason. */
  gone(connectionId: string): void;
};

export type Sockets = { readonly post: Post; readonly open: () => number; close(): void };

export type SocketOptions = {
  /** Stamps what arrives, epoch milliseconds. */
  readonly now?: () => number;
  /** What stands in front of us. */
  readonly front?: Front;
};

/**
 * Websockets at `/ws`, under API Gateway's limits: 32 KB a message, text only, and (like our own `$connect`) only from
 * pages of our own origin.
 */
export function serveSockets(
  server: Server,
  handlers: SocketHandlers,
  { now = Date.now, front = frontOf() }: SocketOptions = {},
): Sockets {
  const known = new Map<string, Peer>();
  const all = peers(() => performance.now());
  const open = perAddress();
  const refused = new Set<Duplex>();
  const bytesOf = textFrames();
  const soon = inTurns();
  const wss = new WebSocketServer<typeof Listener>({
    noServer: true,
    WebSocket: Listener,
    // They are counted first; ws would end a flood of them without a word.
    autoPong: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_PIECES,
  });

  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', destroyItself);
    const refuse = (status: number, why: string) => {
      // An HTTP server's sockets stay half open for as long as the other side likes.
      const end = setTimeout(() => stream.destroy(), REFUSED_MS);
      refused.add(stream);
      stream.once('close', () => {
        clearTimeout(end);
        refused.delete(stream);
      });
      const head = [
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
        'Connection: close',
        'Content-Type: text/plain; charset=utf-8',
        `Content-Length: ${why.length + 1}`,
      ];
      stream.end(`${head.join('\r\n')}\r\n\r\n${why}\n`, () => stream.destroy());
    };
    const { address } = visitorOf(request, front);
    const admitted = admit(request, front);
    if ('status' in admitted) return refuse(admitted.status, admitted.why);
    if (admitted.path !== '/ws') return refuse(404, 'Websockets are at /ws');
    if (!ownOrigin(request, front)) return refuse(403, 'The Origin is not that of this station');
    if (open.of(address) >= MAX_CONNECTIONS_PER_ADDRESS)
      return refuse(429, `${MAX_CONNECTIONS_PER_ADDRESS} connections of one address are open`);
    wss.handleUpgrade(request, stream, head, (socket) => accept(socket, stream, address));
  };
  server.on(
    'upgrade',
    guarded(upgrade, (_error, _request, stream) => stream.destroy()),
  );

  const answer = async (peer: Peer, text: string, receivedAt: number) => {
    // Who left while others were answered is not taken in again.
    if (!known.has(peer.id)) return;
    const { frames, close } = await handlers.message(peer.id, text, receivedAt, peer.address);
    if (frames.every((frame) => all.send(peer, bytesOf(frame))) && close)
      all.hangUp(peer, 1008, 'too many bad messages');
  };
  const answered = guarded(answer, (_error, peer) => all.hangUp(peer, 1011, 'internal error'));
  const gone = (peer: Peer) => {
    known.delete(peer.id);
    all.remove(peer);
    open.leave(peer.address);
    handlers.gone(peer.id);
  };
  const on = {
    message: ofPeer((peer, data: RawData, isBinary: boolean) => {
      const receivedAt = now();
      if (all.admits(peer)) soon(() => answered(peer, isBinary ? '' : data.toString(), receivedAt));
    }),
    ping: ofPeer(all.pinged),
    pong: ofPeer(all.ponged),
    error: ofPeer(all.failed),
    close: ofPeer(guarded(gone, () => {})),
  };
  function accept(socket: Listener, stream: Duplex, address: string): void {
    // Not a UUID, which Node joins of so many pieces that each is kept as a dozen strings.
    const peer = all.add({ id: randomBytes(ID_BYTES).toString('base64url'), address, socket, stream });
    socket.peer = peer;
    known.set(peer.id, peer);
    open.enter(address);
    socket.on('message', on.message);
    socket.on('ping', on.ping);
    socket.on('pong', on.pong);
    socket.on('error', on.error);
    socket.on('close', on.close);
  }

  let lookedAt = performance.now();
  const looking = setInterval(() => {
    const at = performance.now();
    const late = at - lookedAt > LOOK_MS + LATE_MS;
    lookedAt = at;
    if (late) return;
    all.look(() => randomBytes(SECRET_BYTES));
  }, LOOK_MS);

  return {
    post(id, frame) {
      const peer = known.get(id);
      return peer && all.send(peer, bytesOf(frame)) ? 'sent' : 'gone';
    },
    open: () => known.size,
    close() {
      clearInterval(looking);
      // "Service restart" (RFC 6455 registry, 1012): pages play on what they hold, and come back.
      for (const peer of known.values()) all.hangUp(peer, 1012, 'the station will be back');
      setTimeout(() => {
        for (const socket of wss.clients) socket.terminate();
      }, FAREWELL_MS).unref();
      for (const stream of refused) stream.destroy();
      wss.close();
    },
  };
}
