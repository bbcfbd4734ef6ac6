/** The archive's public files, read from their directory anew each time: new days appear while a station runs. */
import { type FileHandle, open, realpath } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { placed } from '../site-address.ts';
import { siteHeaders } from '../site-headers.ts';
import { answer } from './answer.ts';
import { byteRange } from './byte-range.ts';
import { type Encoding, encoder, encodingFor, mayBeEncoded } from './encoding.ts';

/** Music of a broadcast under way: what everybody fetches, and never changes. Anything else may be published anew. */
const LIVE = /^\/live\//;
/** There is no such file. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EISDIR']);

/**
 * Answers with one file; false: there is none. Hidden files are none, nor is what a link leads to out of the directory.
 * @param root path that the site lies below: pages' links lead there
 * @param path as `admit` gives it: decoded, without steps up
 * @throws where it cannot be opened (rights, descriptors); nothing is sent then
 */
export function siteFiles(directory: string, root = '') {
  return async (path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const name = path.endsWith('/') ? `${path}index.html` : path;
    if (name.split('/').some((step) => step.startsWith('.'))) return false;
    const handle = await openFile(directory, name);
    if (!handle) return false;
    try {
      const { size, mtime } = await handle.stat();
      const { contentType: type, cacheControl } = siteHeaders(name.slice(1));
      response.setHeader('content-type', type);
      response.setHeader('cache-control', LIVE.test(name) ? cacheControl : 'no-store');
      response.setHeader('last-modified', mtime.toUTCString());
      if (root !== '' && name.endsWith('.html')) {
        // Their addresses are of the station already; links begin at the top.
        const page = placed(name, await handle.readFile(), '', root);
        answer(request, response, 200, type, page);
        return true;
      }
      if (mayBeEncoded(type, size)) response.setHeader('vary', 'accept-encoding');
      const encoding = request.headers.range === undefined ? encodingFor(request, type, size) : null;
      if (encoding) {
        await sendEncoded(handle, encoding, request, response);
        return true;
      }
      response.setHeader('accept-ranges', 'bytes');
      await send(handle, size, request, response);
    } finally {
      await handle.close();
    }
    return true;
  };
}

async function send(
  handle: FileHandle,
  size: number,
  { method, headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // We give no validator that a condition could name.
  const asked = method === 'GET' && headers['if-range'] === undefined ? headers.range : undefined;
  const range = byteRange(asked, size);
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${size}`, 'content-length': 0 }).end();
    return;
  }
  const { first, last } = range === 'whole' ? { first: 0, last: size - 1 } : range;
  if (range !== 'whole') response.setHeader('content-range', `bytes ${first}-${last}/${size}`);
  response.writeHead(range === 'whole' ? 200 : 206, { 'content-length': last - first + 1 });
  if (method === 'HEAD' || size === 0) {
    response.end();
    return;
  }
  const stream = handle.createReadStream({ start: first, end: last, autoClose: false });
  // Whoever goes in the middle, or a disk that fails, ends both of them; there is nobody left to tell.
  await pipeline(stream, response).catch(() => {});
}

async function sendEncoded(
  handle: FileHandle,
  encoding: Encoding,
  { method }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.writeHead(200, { 'content-encoding': encoding });
  if (method === 'HEAD') response.end();
  else
    await pipeline(handle.createReadStream({ autoClose: false }), encoder(encoding), response).catch(
      () => {},
    );
}

/** null: there is no such file in the directory, or it is no file. */
async function openFile(directory: string, name: string): Promise<FileHandle | null> {
  let handle: FileHandle | null = null;
  try {
    const path = await realpath(join(directory, name));
    if (!path.startsWith((await realpath(directory)) + sep)) return null;
    handle = await open(path, 'r');
    if ((await handle.stat()).isFile()) return handle;
  } catch (error) {
    if (!ABSENT.has((error as NodeJS.ErrnoException).code ?? '')) {
      await handle?.close();
      throw error;
    }
  }
  await handle?.close();
  return null;
}
