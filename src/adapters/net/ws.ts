import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Post } from '../../ports.ts';
import { MAX_FRAME_BYTES } from '../../wire.ts';

/** A reader this far behind is cut off: ws would buffer without limit. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
/** A peer that does not answer a ping until the next one is gone. */
const HEARTBEAT_MS = 15_000;
/** Messages in ten seconds that no page of ours comes near. */
const MAX_MESSAGES_PER_10_S = 100;
const MAX_CONNECTIONS_PER_ADDRESS = 64;

export type SocketHandlers = {
  /** Answers to one message, in order, and whether to hang up afterwards. */
  message(
    connectionId: string,
    text: string,
    receivedAt: number,
  ): Promise<{ frames: readonly string[]; close: boolean }>;
  /** The connection is closed, for whatever reason. */
  gone(connectionId: string): void;
};

export type Sockets = { readonly post: Post; readonly open: () => number; close(): void };

/**
 * Websockets at `/ws` of an HTTP server, under API Gateway's limits: 32 KB a message, text only, and (like our
 * own `$connect`) only from pages of allowed origins.
 * @param allowsOrigin decides by the Origin and Host headers; no Origin means no browser, and is decided likewise
 * @param now stamps what arrives, epoch milliseconds
 */
export function serveSockets(
  server: Server,
  handlers: SocketHandlers,
  allowsOrigin: (origin: string | undefined, host: string | undefined) => boolean,
  now: () => number = Date.now,
): Sockets {
  const sockets = new Map<string, WebSocket>();
  const perAddress = new Map<string, number>();
  const wss = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_FRAME_BYTES });

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const address = request.socket.remoteAddress ?? '';
    const refuse = (status: string) => stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    stream.on('error', () => stream.destroy());
    if (new URL(request.url ?? '/', 'http://local').pathname !== '/ws') return refuse('404 Not Found');
    if (!allowsOrigin(request.headers.origin, request.headers.host)) return refuse('403 Forbidden');
    if ((perAddress.get(address) ?? 0) >= MAX_CONNECTIONS_PER_ADDRESS) return refuse('429 Too Many Requests');
    wss.handleUpgrade(request, stream, head, (socket) => accept(socket, address));
  });

  function accept(socket: WebSocket, address: string): void {
    const id = randomUUID();
    sockets.set(id, socket);
    perAddress.set(address, (perAddress.get(address) ?? 0) + 1);
    let alive = true;
    let recent = 0;
    const heartbeat = setInterval(() => {
      if (!alive) return socket.terminate();
      alive = false;
      socket.ping();
    }, HEARTBEAT_MS);
    const calm = setInterval(() => {
      recent = 0;
    }, 10_000);
    const busy = (): boolean => {
      if (++recent <= MAX_MESSAGES_PER_10_S) return false;
      socket.close(1008, 'too many messages');
      return true;
    };
    socket.on('pong', () => {
      alive = true;
    });
    socket.on('ping', busy);
    socket.on('message', (data: RawData, isBinary: boolean) => {
      const receivedAt = now();
      if (busy()) return;
      const text = isBinary ? '' : data.toString();
      handlers
        .message(id, text, receivedAt)
        .then(({ frames, close }) => {
          for (const frame of frames) socket.send(frame);
          if (close) socket.close(1008, 'too many bad messages');
        })
        .catch(() => socket.close(1011, 'internal error'));
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(heartbeat);
      clearInterval(calm);
      sockets.delete(id);
      const left = (perAddress.get(address) ?? 1) - 1;
      if (left > 0) perAddress.set(address, left);
      else perAddress.delete(address);
      handlers.gone(id);
    });
  }

  return {
    async post(id, frame) {
      const socket = sockets.get(id);
      if (!socket || socket.readyState !== socket.OPEN) return 'gone';
      if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
        socket.terminate();
        return 'gone';
      }
      socket.send(frame);
      return 'sent';
    },
    open: () => sockets.size,
    close() {
      for (const socket of sockets.values()) socket.terminate();
      wss.close();
    },
  };
}
