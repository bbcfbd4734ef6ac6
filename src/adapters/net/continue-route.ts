/**
 * Visitors' own music over HTTP, under /play/asked/: a POST of a MIDI file gives an id, which is then looked at, fetched
 * from, kept or forgotten. Only pages of this very station may send: a POST says audio/midi, which no form can, and an
 * Origin that is ours.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ContinuedFile, Continuing, NotAccepted } from '../../ports.ts';
import { type Front, frontOf, ownOrigin, visitorOf } from './front.ts';

const ROOT = '/play/asked/';
/** A little more than a MIDI file may have, whose reader says so in its own words. */
const MOST_BYTES = 1_000_100;
const TYPES: Readonly<Record<ContinuedFile, string>> = {
  'continued.mid': 'audio/midi',
  'roll.png': 'image/png',
  'continued.musicxml': 'application/vnd.recordare.musicxml+xml',
  'record.json': 'application/json',
};
const STATUS: Readonly<Record<string, number>> = { busy: 503, rate: 429, too_large: 413 };

type Route = (path: string, request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** @returns whether the path was one of these, and has been answered */
export function continueRoute(continuing: Continuing, front: Front = frontOf()): Route {
  return async (path, request, response) => {
    if (!path.startsWith(ROOT)) return false;
    const { method = '', headers } = request;
    const [id = '', file = '', more] = path.slice(ROOT.length).split('/');
    const answer = (status: number, body: object, others: Record<string, string> = {}) => {
      const text = JSON.stringify(body);
      response
        .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...others })
        .end(method === 'HEAD' ? undefined : text);
      return true;
    };
    const refuse = (status: number, refused: Omit<NotAccepted, 'outcome'>) => {
      const { retryAfterS } = refused;
      // What else it sends is not waited for.
      const hangUp: Record<string, string> = status === 413 || status === 403 ? { connection: 'close' } : {};
      return answer(
        status,
        { outcome: 'refused', ...refused },
        {
          ...hangUp,
          ...(retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }),
        },
      );
    };
    const gone = () => refuse(404, { reason: 'gone', message: 'there is nothing here, or not any more' });
    if (method !== 'GET' && method !== 'HEAD' && !ownOrigin(request, front))
      return refuse(403, { reason: 'origin', message: 'only this station’s own page may ask' });

    if (method === 'POST' && id === '') {
      if (headers['content-type'] !== 'audio/midi')
        return refuse(415, { reason: 'type', message: 'send a MIDI file, as audio/midi' });
      const bytes = await bodyOf(request);
      if (bytes === null)
        return refuse(413, {
          reason: 'too_large',
          message: 'the file has over 1,000,000 bytes, the most we take',
        });
      const query = new URLSearchParams(request.url?.split('?')[1] ?? '');
      const minutes = Number(query.get('minutes') ?? 1) || 1;
      const from = visitorOf(request, front).address;
      const asked = continuing.ask({ bytes, name: query.get('name') ?? '', minutes, from });
      if (asked.outcome === 'queued') return answer(202, asked);
      return refuse(STATUS[asked.reason] ?? 422, asked);
    }
    if (more !== undefined) return gone();
    if (method === 'DELETE' && file === '') {
      await continuing.forget(id);
      response.writeHead(204).end();
      return true;
    }
    if (method === 'PUT' && file === 'kept') {
      return (await continuing.keep(id)) ? answer(200, { outcome: 'kept' }) : gone();
    }
    if (method !== 'GET' && method !== 'HEAD')
      return refuse(405, { reason: 'method', message: 'GET, POST, PUT and DELETE are understood here' });
    if (file === '') {
      const look = await continuing.look(id);
      return look ? answer(200, look) : gone();
    }
    const type = Object.hasOwn(TYPES, file) ? TYPES[file as ContinuedFile] : null;
    const bytes = type === null ? null : await continuing.file(id, file as ContinuedFile);
    if (type === null || bytes === null) return gone();
    response.writeHead(200, {
      'content-type': type,
      'content-length': bytes.byteLength,
      'cache-control': 'no-store',
    });
    response.end(method === 'HEAD' ? undefined : bytes);
    return true;
  };
}

/** null: it is too long; the rest is not read. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array | null> {
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) return null;
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MOST_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
