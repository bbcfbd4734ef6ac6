import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { loopbackTls } from './loopback-tls.ts';

export type FakeServer = { readonly endpoint: string; close(): Promise<void> };
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
  tls = false,
  /** What is signed in another way, and is looked at by the service itself. */
  isOpen: (incoming: IncomingMessage) => boolean = () => false,
): Promise<FakeServer> {
  const listener: RequestListener = async (incoming, response) => {
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
        headers: incoming.headers,
        body: Buffer.concat(parts),
        port: incoming.socket.remotePort ?? 0,
      },
      response,
    );
  };
  const server = tls ? createTlsServer(loopbackTls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    endpoint: `http${tls ? 's' : ''}://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** What every client of a fake is made with. */
export const fakeClient = (endpoint: string) => ({
  endpoint,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'fake', secretAccessKey: 'fake' },
});
