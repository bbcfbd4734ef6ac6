/** An HTTP server as strangers meet it: slow, silent, crowding and crashing requests end by themselves. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { guarded } from './guard.ts';

/** A request that is not whole by then, headers and body, is dropped (slow loris); so is a silent connection. */
const REQUEST_MS = 10_000;
/** How often Node looks for those; it would look every half minute. */
const LOOK_MS = 1_000;
const KEEP_ALIVE_MS = 5_000;
/** Whoever takes nothing of an answer for so long is gone. */
const STALLED_MS = 30_000;
/** Sockets of one address, websockets among them: far more than the browsers of one machine open. */
const SOCKETS_PER_ADDRESS = 512;

/** @param handle what it throws is answered with 500 */
export function edgeServer(handle: (request: IncomingMessage, response: ServerResponse) => unknown): Server {
  const server = createServer(
    {
      headersTimeout: REQUEST_MS,
      requestTimeout: REQUEST_MS,
      connectionsCheckingInterval: LOOK_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    guarded(handle, (_error, _request, response) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end('Out of order\n');
    }),
  );
  server.setTimeout(STALLED_MS);
  const perAddress = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    // A socket that is gone already has no address, and will not say that it closes.
    const address = socket.remoteAddress;
    if (address === undefined) return socket.destroy();
    const open = (perAddress.get(address) ?? 0) + 1;
    if (open > SOCKETS_PER_ADDRESS) return socket.destroy();
    perAddress.set(address, open);
    socket.once('close', () => {
      const left = (perAddress.get(address) ?? 1) - 1;
      if (left > 0) perAddress.set(address, left);
      else perAddress.delete(address);
    });
  });
  return server;
}
