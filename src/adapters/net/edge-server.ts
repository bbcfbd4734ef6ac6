/** An HTTP server as strangers meet it: slow, silent, crowding and crashing requests end by themselves. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { guarded } from './guard.ts';
import { perAddress } from './per-address.ts';

/** A request that is not whole by then, headers and body, is dropped (slow loris); so is a silent connection. */
const REQUEST_MS = 10_000;
/** How often Node looks for those; it would look every half minute. */
const LOOK_MS = 1_000;
const KEEP_ALIVE_MS = 5_000;
/** Whoever takes nothing of an answer for so long is gone. */
const STALLED_MS = 30_000;
/** Sockets of one address, websockets among them: far more than the browsers of one machine open. */
const SOCKETS_PER_ADDRESS = 512;

/** Certificate chain and key, PEM. */
export type Tls = { readonly cert: Uint8Array; readonly key: Uint8Array };

export type EdgeOptions = {
  /** Proxies of ours, who bring many visitors by many sockets: they are not counted. */
  readonly trusts?: (address: string | undefined) => boolean;
  readonly tls?: Tls | undefined;
};

/** @param handle what it throws is answered with 500 */
export function edgeServer(
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
  { trusts = () => false, tls }: EdgeOptions = {},
): Server {
  const options = {
    headersTimeout: REQUEST_MS,
    requestTimeout: REQUEST_MS,
    connectionsCheckingInterval: LOOK_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
  const answer = guarded(handle, (_error, _request, response: ServerResponse) => {
    if (response.headersSent) response.destroy();
    else response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end('Out of order\n');
  });
  const server = tls
    ? createTlsServer({ ...options, handshakeTimeout: REQUEST_MS, ...pem(tls) }, answer)
    : createServer(options, answer);
  server.setTimeout(STALLED_MS);
  const open = perAddress();
  server.on('connection', (socket: Socket) => {
    // A socket that is gone already has no address, and will not say that it closes.
    const address = socket.remoteAddress;
    if (address === undefined) return socket.destroy();
    if (trusts(address)) return;
    if (open.of(address) >= SOCKETS_PER_ADDRESS) return socket.destroy();
    open.enter(address);
    socket.on('close', () => open.leave(address));
  });
  return server;
}

const pem = ({ cert, key }: Tls) => ({ cert: Buffer.from(cert), key: Buffer.from(key) });

/** From now on handshakes are made with this certificate; those that are over stay as they are. */
export const renewTls = (server: Server, tls: Tls): void =>
  (server as Server & { setSecureContext(options: object): void }).setSecureContext(pem(tls));
