import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import sirv from 'sirv';
import { isDirectory, siteHeaders } from '../site-headers.ts';

/** A file served from memory. */
export type Asset = { readonly body: Uint8Array; readonly type: string };

/** A client that has not sent its headers by then is dropped (slow loris). */
const HEADERS_TIMEOUT_MS = 10_000;

/**
 * One HTTP server for the page (from memory) and the archive's public files (from a directory, read anew each
 * time: new days appear while it runs).
 */
export function pageServer(assets: ReadonlyMap<string, Asset>, siteDirectory: string): Server {
  const site = sirv(siteDirectory, {
    dev: true,
    dotfiles: false,
    setHeaders(response, path) {
      const file = path.endsWith('/') ? `${path}index.html` : path;
      response.setHeader('content-type', siteHeaders(file.slice(1)).contentType);
    },
  });
  const server = createServer((request, response) => {
    setSecurityHeaders(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    // Not `new URL`, which takes what follows two slashes for a host, and throws where it is none.
    const pathname = (request.url ?? '/').replace(/[?#].*$/s, '');
    const asset = assets.get(pathname);
    if (asset) {
      // The page is bundled anew at each start, so it is asked for each time; the samples never change.
      const lasting = pathname.startsWith('/piano/');
      response.writeHead(200, {
        'content-type': asset.type,
        'content-length': asset.body.byteLength,
        'cache-control': lasting ? 'public, max-age=31536000, immutable' : 'no-cache',
      });
      response.end(request.method === 'HEAD' ? undefined : asset.body);
      return;
    }
    if (isDirectory(pathname)) {
      // As CloudFront does: a page has one address.
      response.writeHead(301, { location: `${pathname}/` }).end();
      return;
    }
    site(request, response, () => {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found\n');
    });
  });
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  return server;
}

function setSecurityHeaders(request: IncomingMessage, response: ServerResponse): void {
  const host = request.headers.host ?? '';
  // Older browsers do not count websockets of the same host as 'self'.
  const sockets = /^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : '';
  response.setHeader(
    'content-security-policy',
    `default-src 'self'; connect-src 'self'${sockets}; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
}

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

/** Pages may connect from the host that served them, and from no other; `null` and absent origins are refused. */
export function sameOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (!origin || !host || !URL.canParse(origin)) return false;
  return new URL(origin).host === host;
}
