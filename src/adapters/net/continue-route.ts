/** Visitors' music at a local station: asked for under /play/asked/, and sent there as well, as the form that a bucket takes. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Continuing, Taking } from '../../ports.ts';
import { ASKED, type AskedAnswer, answerAsked, MOST_JSON, refuse } from './asked.ts';
import { type Front, frontOf, ownOrigin, visitorOf } from './front.ts';

/** A MIDI file, of which the reader says in its own words that it is too long, and the form around it. */
const MOST_BYTES = 1_004_000;

type Route = (path: string, request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** @returns whether the path was one of these, and has been answered */
export function continueRoute(continuing: Continuing & Taking, front: Front = frontOf()): Route {
  return async (path, request, response) => {
    if (!path.startsWith(ASKED)) return false;
    const { method = '' } = request;
    const below = path.slice(ASKED.length);
    const isOwn = ownOrigin(request, front);
    const [id = '', what, more] = below.split('/');
    const isUpload = method === 'POST' && what === 'upload' && more === undefined;
    const { status, headers, body } = isUpload
      ? await upload(id, request, isOwn, continuing)
      : await answerAsked(
          {
            method,
            path: below,
            contentType: request.headers['content-type'],
            isOwn,
            from: visitorOf(request, front).address,
            text: async () => (await bodyOf(request, MOST_JSON))?.toString() ?? null,
          },
          continuing,
        );
    // What else it sends is not waited for.
    const hangUp = status === 413 || status === 403 ? { connection: 'close' } : {};
    const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(body) };
    response.writeHead(status, { ...headers, ...length, ...hangUp });
    response.end(method === 'HEAD' ? undefined : body);
    return true;
  };
}

async function upload(
  id: string,
  request: IncomingMessage,
  isOwn: boolean,
  { take }: Taking,
): Promise<AskedAnswer> {
  if (!isOwn) return refuse(403, 'origin', 'only this station’s own page may send');
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data'))
    return refuse(415, 'type', 'send a form, with the music as its file');
  const bytes = await bodyOf(request, MOST_BYTES);
  if (bytes === null) return refuse(413, 'too_large', 'the file has over 1,000,000 bytes, the most we take');
  const form = await new Response(Uint8Array.from(bytes), { headers: { 'content-type': type } })
    .formData()
    .catch(() => null);
  const file = form?.get('file');
  if (!file || typeof file === 'string') return refuse(400, 'form', 'the form has no file in it');
  const music = new Uint8Array(await file.arrayBuffer());
  return take(id, music) === 'taken'
    ? { status: 201, headers: { 'cache-control': 'no-store' }, body: '' }
    : refuse(404, 'gone', 'nobody has asked for it, or it was sent already');
}

/** null: it is too long; the rest is not read. */
async function bodyOf(request: IncomingMessage, most: number): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > most) return null;
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > most) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
