/** Websockets of an HTTP server. */
import { randomBytes, randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Post } from '../../ports.ts';
import { MAX_FRAME_BYTES } from '../../wire.ts';
import { admit } from './admit.ts';
import { frameBytes } from './frame-bytes.ts';
import { type Front, frontOf, ownOrigin, visitorOf } from './front.ts';
import { guarded } from './guard.ts';
import { type Peer, peer } from './peer.ts';
import { inTurns } from './turns.ts';

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
  const peers = new Map<string, Peer>();
  const perAddress = new Map<string, number>();
  const refused = new Set<Duplex>();
  const bytesOf = frameBytes();
  const soon = inTurns();
  const wss = new WebSocketServer({
    noServer: true,
    // They are counted first; ws would end a flood of them without a word.
    autoPong: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_PIECES,
  });

  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
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
    if ((perAddress.get(address) ?? 0) >= MAX_CONNECTIONS_PER_ADDRESS)
      return refuse(429, `${MAX_CONNECTIONS_PER_ADDRESS} connections of one address are open`);
    wss.handleUpgrade(request, stream, head, (socket) => accept(socket, address));
  };
  server.on(
    'upgrade',
    guarded(upgrade, (_error, _request, stream) => stream.destroy()),
  );

  function accept(socket: WebSocket, address: string): void {
    const id = randomUUID();
    const one = peer(socket, () => performance.now());
    peers.set(id, one);
    perAddress.set(address, (perAddress.get(address) ?? 0) + 1);
    const send = (frame: string) => one.send(bytesOf(frame));
    const answer = async (text: string, receivedAt: number) => {
      // Who left while others were answered is not taken in again.
      if (!peers.has(id)) return;
      const { frames, close } = await handlers.message(id, text, receivedAt, address);
      if (frames.every(send) && close) one.hangUp(1008, 'too many bad messages');
    };
    const answered = guarded(answer, () => one.hangUp(1011, 'internal error'));
    socket.on('message', (data: RawData, isBinary: boolean) => {
      const receivedAt = now();
      if (one.admits()) soon(() => answered(isBinary ? '' : data.toString(), receivedAt));
    });
    socket.on('error', one.failed);
    const gone = () => {
      peers.delete(id);
      const left = (perAddress.get(address) ?? 1) - 1;
      if (left > 0) perAddress.set(address, left);
      else perAddress.delete(address);
      handlers.gone(id);
    };
    socket.on(
      'close',
      guarded(gone, () => {}),
    );
  }

  let lookedAt = performance.now();
  const looking = setInterval(() => {
    const at = performance.now();
    const late = at - lookedAt > LOOK_MS + LATE_MS;
    lookedAt = at;
    if (late) return;
    const secret = randomBytes(8);
    for (const one of peers.values()) one.look(at, secret);
  }, LOOK_MS);

  return {
    post: async (id, frame) => (peers.get(id)?.send(bytesOf(frame)) ? 'sent' : 'gone'),
    open: () => peers.size,
    close() {
      clearInterval(looking);
      // "Service restart" (RFC 6455 registry, 1012): pages play on what they hold, and come back.
      for (const one of peers.values()) one.hangUp(1012, 'the station will be back');
      setTimeout(() => {
        for (const socket of wss.clients) socket.terminate();
      }, FAREWELL_MS).unref();
      for (const stream of refused) stream.destroy();
      wss.close();
    },
  };
}
