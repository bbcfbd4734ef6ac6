/** The page and the archive over HTTP. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { placed } from '../site-address.ts';
import { isDirectory, securityPolicy } from '../site-headers.ts';
import { admit } from './admit.ts';
import { answer } from './answer.ts';
import { edgeServer, type Tls } from './edge-server.ts';
import { hasTag, tagOf } from './encoding.ts';
import { type Front, frontOf, siteOf, visitorOf } from './front.ts';
import { siteFiles } from './site-files.ts';

/** A file served from memory. */
export type Asset = { readonly body: Uint8Array; readonly type: string };

export type PageOptions = {
  readonly front?: Front;
  /** Where it speaks TLS itself. */
  readonly tls?: Tls | undefined;
  readonly more?:
    | ((path: string, request: IncomingMessage, response: ServerResponse) => Promise<boolean>)
    | undefined;
};

/**
 * One HTTP server for the page (from memory) and the archive's public files (from a directory, read anew each
 * time: new days appear while it runs).
 * @param more what is asked before either of them, whatever the method, and answers or gives false
 */
export function pageServer(
  assets: ReadonlyMap<string, Asset>,
  siteDirectory: string,
  { front = frontOf(), tls, more }: PageOptions = {},
): Server {
  const site = siteFiles(siteDirectory, front.root);
  /** As a visitor's address has it; the last of each, so that a crowd's is placed, named and compressed once. */
  const placedLast = new WeakMap<Asset, { readonly siteUrl: string; readonly body: Uint8Array }>();
  const bodyFor = (path: string, asset: Asset, request: IncomingMessage): Uint8Array => {
    const siteUrl = siteOf(request, front);
    const last = placedLast.get(asset);
    if (last?.siteUrl === siteUrl) return last.body;
    const body = placed(path, asset.body, siteUrl, front.root);
    placedLast.set(asset, { siteUrl, body });
    return body;
  };
  return edgeServer(handle, { trusts: front.trusts, tls });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const admitted = admit(request, front);
    setSecurityHeaders(
      visitorOf(request, front).host ?? '',
      response,
      'path' in admitted ? admitted.path : '',
    );
    if ('status' in admitted) return plain(response, admitted.status, admitted.why);
    const { path } = admitted;
    if (more && (await more(path, request, response))) return;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      // What else it sends is not waited for.
      response.writeHead(405, { allow: 'GET, HEAD', connection: 'close' }).end();
      return;
    }
    const asset = assets.get(path);
    if (asset && path !== NOTHING_HERE) {
      // The page is bundled anew at each start, so it is asked for each time; samples and type never change.
      const lasting = /^\/(piano|type|sounds)\/.*-[0-9a-f]{8}\./.test(path);
      const body = bodyFor(path, asset, request);
      const tag = tagOf(body);
      response.setHeader('etag', tag);
      response.setHeader('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
      if (hasTag(request, tag)) response.writeHead(304).end();
      else answer(request, response, 200, asset.type, body);
      return;
    }
    if (isDirectory(path) || (path === front.root && path !== '')) {
      // As CloudFront does: a page has one address.
      const below = path === front.root ? '' : path;
      response.writeHead(301, { location: `${front.root}${below}/` }).end();
      return;
    }
    if (await site(path, request, response)) return;
    const page = assets.get(NOTHING_HERE);
    if (page) answer(request, response, 404, page.type, bodyFor(NOTHING_HERE, page, request));
    else plain(response, 404, 'Not found');
  }
}

/** The page's own answer to what is not there; the same that CloudFront gives. */
const NOTHING_HERE = '/404.html';

function plain(response: ServerResponse, status: number, text: string): void {
  const hangUp = status === 400 || status === 421 ? { connection: 'close' } : {};
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...hangUp }).end(`${text}\n`);
}

function setSecurityHeaders(host: string, response: ServerResponse, path: string): void {
  // Older browsers do not count websockets of the same host as 'self'.
  const sockets = /^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : '';
  response.setHeader('content-security-policy', securityPolicy(path, sockets));
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
}
