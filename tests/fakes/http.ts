import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { loopbackTls } from './loopback-tls.ts';

export type FakeServer = {
  readonly endpoint: string;
  /** Of HTTP, that it was asked in: 1.1, 2.0. */
  readonly httpVersions: ReadonlySet<string>;
  close(): Promise<void>;
};
/** Without TLS, with it, or with HTTP/2 offered as well. */
export type Offer = boolean | 'h2';
export type FakeRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** Of the other side: tells connections apart. */
  readonly port: number;
};

/** A service on loopback that answers the real SDK over HTTP, or TLS; unsigned requests are refused, as AWS does. */
export async function serveFake(
  answer: (request: FakeRequest, response: ServerResponse) => void | Promise<void>,
  tls: Offer = false,
  /** What is signed in another way, and is looked at by the service itself. */
  isOpen: (incoming: IncomingMessage) => boolean = () => false,
): Promise<FakeServer> {
  const httpVersions = new Set<string>();
  const sockets = new Set<Socket>();
  const listener: RequestListener = async (incoming, response) => {
    httpVersions.add(incoming.httpVersion);
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const url = new URL(incoming.url ?? '/', 'http://fake');
    if (!isOpen(incoming) && !incoming.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) {
      response.writeHead(403, { 'x-amzn-errortype': 'MissingAuthenticationTokenException' }).end('{}');
      return;
    }
    await answer(
      {
        method: incoming.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        headers: { host: String(incoming.headers[':authority']), ...incoming.headers },
        body: Buffer.concat(parts),
        port: incoming.socket.remotePort ?? 0,
      },
      response,
    );
  };
  const server =
    tls === 'h2'
      ? // Its requests and responses are made to be used as those of HTTP/1.1 are.
        createSecureServer({ ...loopbackTls, allowHTTP1: true }, listener as never)
      : tls
        ? createTlsServer(loopbackTls, listener)
        : createServer(listener);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    httpVersions,
    endpoint: `http${tls ? 's' : ''}://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** What every client of a fake is made with. */
export const fakeClient = (endpoint: string) => ({
  endpoint,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'fake', secretAccessKey: 'fake' },
});
