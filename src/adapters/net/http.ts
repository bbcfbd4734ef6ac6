/** The page and the archive over HTTP. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { withAddress } from '../site-address.ts';
import { isDirectory, securityPolicy } from '../site-headers.ts';
import { admit } from './admit.ts';
import { edgeServer } from './edge-server.ts';
import { siteFiles } from './site-files.ts';

/** A file served from memory. */
export type Asset = { readonly body: Uint8Array; readonly type: string };

/**
 * One HTTP server for the page (from memory) and the archive's public files (from a directory, read anew each
 * time: new days appear while it runs).
 * @param hosts names that it answers to, besides those of loopback
 */
export function pageServer(
  assets: ReadonlyMap<string, Asset>,
  siteDirectory: string,
  { hosts = [] }: { readonly hosts?: readonly string[] } = {},
): Server {
  const site = siteFiles(siteDirectory);
  return edgeServer(async (request, response) => {
    const admitted = admit(request, hosts);
    setSecurityHeaders(request, response, 'path' in admitted ? admitted.path : '');
    if ('status' in admitted) return plain(response, admitted.status, admitted.why);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      // What else it sends is not waited for.
      response.writeHead(405, { allow: 'GET, HEAD', connection: 'close' }).end();
      return;
    }
    const { path } = admitted;
    const asset = assets.get(path);
    if (asset && path !== NOTHING_HERE) {
      // The page is bundled anew at each start, so it is asked for each time; samples and type never change.
      const lasting = /^\/(piano|type)\//.test(path);
      const body = path.endsWith('/') ? withAddress(asset.body, addressOf(request)) : asset.body;
      response.writeHead(200, {
        'content-type': asset.type,
        'content-length': body.byteLength,
        'cache-control': lasting ? 'public, max-age=31536000, immutable' : 'no-cache',
      });
      response.end(request.method === 'HEAD' ? undefined : body);
      return;
    }
    if (isDirectory(path)) {
      // As CloudFront does: a page has one address.
      response.writeHead(301, { location: `${path}/` }).end();
      return;
    }
    if (!(await site(path, request, response))) nothingHere(assets, request, response);
  });
}

/** As the visitor knows it; a proxy in front says whether that is by TLS. */
const addressOf = ({ headers }: IncomingMessage): string =>
  `${headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'}://${headers.host ?? 'localhost'}`;

/** The page's own answer to what is not there; the same that CloudFront gives. */
const NOTHING_HERE = '/404.html';

function nothingHere(
  assets: ReadonlyMap<string, Asset>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const page = assets.get(NOTHING_HERE);
  if (!page) {
    plain(response, 404, 'Not found');
    return;
  }
  response.writeHead(404, { 'content-type': page.type, 'content-length': page.body.byteLength });
  response.end(request.method === 'HEAD' ? undefined : page.body);
}

function plain(response: ServerResponse, status: number, text: string): void {
  const hangUp = status === 400 || status === 421 ? { connection: 'close' } : {};
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...hangUp }).end(`${text}\n`);
}

function setSecurityHeaders(request: IncomingMessage, response: ServerResponse, path: string): void {
  const host = request.headers.host ?? '';
  // Older browsers do not count websockets of the same host as 'self'.
  const sockets = /^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : '';
  response.setHeader('content-security-policy', securityPolicy(path, sockets));
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
}
