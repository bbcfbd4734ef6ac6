/** Where a server of ours listens. */
import type { Server as HttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';

/** Listens, and resolves with the port; rejects where the port is in use or not allowed. */
export const listenOn = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });

/** `name` leads to us and to nobody else. */
export type Listening = {
  readonly port: number;
  readonly name: string;
  /** Takes no more connections; those that are open are the server's. */
  close(): void;
};

/**
 * Listens at an address. 127.0.0.1 stands for loopback: then on both addresses that `localhost` may stand for, ::1 as
 * well. Where that is another program's, only the first is ours, and is the one to be told. A machine without IPv6 has
 * no second.
 * @param port 0 takes any that is free
 */
export async function listenAt(server: HttpServer, port: number, host: string): Promise<Listening> {
  const own = await listenOn(server, port, host);
  if (host !== '127.0.0.1') return { port: own, name: nameOf(host), close: () => {} };
  // An HTTP server listens in one place; it may be handed connections from another.
  const second = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    server.emit('connection', socket),
  );
  try {
    await listenOn(second, own, '::1');
    second.on('error', () => {});
    return { port: own, name: 'localhost', close: () => void second.close() };
  } catch (error) {
    const none = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes((error as NodeJS.ErrnoException).code ?? '');
    return { port: own, name: none ? 'localhost' : '127.0.0.1', close: () => {} };
  }
}

/** A name that leads to us from this machine: all addresses are told as `localhost`, an IPv6 address in brackets. */
function nameOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
