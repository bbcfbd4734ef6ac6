/**
 * Visitors' own music over HTTP, under /play/asked/, whoever takes the request in: a POST to `ticket` says where the music is to
 * be sent, and gives an id, which is then looked at, fetched from, kept or forgotten. Only pages of this very station may
 * change anything: a POST says application/json, which no form can, and an Origin that is ours.
 */
import * as v from 'valibot';
import type { AskedFile, Continuing, NotAccepted } from '../../ports.ts';

export const ASKED = '/play/asked/';
/** Longer descriptions of music are none. */
export const MOST_JSON = 2_000;
const TYPES: Readonly<Record<AskedFile, string>> = {
  'continued.mid': 'audio/midi',
  'roll.png': 'image/png',
  'continued.musicxml': 'application/vnd.recordare.musicxml+xml',
  'record.json': 'application/json',
  'given.json': 'application/json',
};
const STATUS: Readonly<Record<string, number>> = { busy: 503, rate: 429 };
const Ask = v.object({
  name: v.optional(v.string(), ''),
  minutes: v.optional(v.pipe(v.number(), v.finite()), 1),
});

export type AskedRequest = {
  readonly method: string;
  /** Below /play/asked/. */
  readonly path: string;
  readonly contentType: string | undefined;
  /** Whether a page of this very station sends it. */
  readonly isOwn: boolean;
  /** Whom the rate is counted for. */
  readonly from: string;
  /** null: it is longer than `MOST_JSON`. */
  readonly text: () => Promise<string | null>;
};
export type AskedAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

export async function answerAsked(request: AskedRequest, continuing: Continuing): Promise<AskedAnswer> {
  const { method, path } = request;
  const reads = method === 'GET' || method === 'HEAD';
  const [id = '', file = '', more] = path.split('/');
  if (!reads && !request.isOwn) return refuse(403, 'origin', 'only this station’s own page may ask');
  if (method === 'POST' && path === 'ticket') return ticket(request, continuing);
  if (more !== undefined) return gone();
  if (method === 'DELETE' && file === '') {
    await continuing.forget(id);
    return { status: 204, headers: PLAIN, body: '' };
  }
  if (method === 'PUT' && file === 'kept')
    return (await continuing.keep(id)) ? json(200, { outcome: 'kept' }) : gone();
  if (!reads) return refuse(405, 'method', 'GET, POST, PUT and DELETE are understood here');
  if (file === '') {
    const look = await continuing.look(id);
    return look ? json(200, look) : gone();
  }
  const type = Object.hasOwn(TYPES, file) ? TYPES[file as AskedFile] : null;
  const body = type === null ? null : await continuing.file(id, file as AskedFile);
  if (type === null || body === null) return gone();
  return { status: 200, headers: { ...PLAIN, 'content-type': type }, body };
}

async function ticket(
  { contentType, from, text }: AskedRequest,
  continuing: Continuing,
): Promise<AskedAnswer> {
  if (contentType !== 'application/json')
    return refuse(415, 'type', 'say what you will send, as application/json');
  const described = await text();
  const asking = described === null ? null : parsed(described);
  if (!asking) return refuse(400, 'json', 'say {"name": "a.mid", "minutes": 1}');
  const asked = await continuing.ask({ ...asking, from });
  return asked.outcome === 'upload' ? json(201, asked) : refused(STATUS[asked.reason] ?? 422, asked);
}

function parsed(text: string): v.InferOutput<typeof Ask> | null {
  try {
    return v.parse(Ask, JSON.parse(text));
  } catch {
    return null;
  }
}

const PLAIN = { 'cache-control': 'no-store' };
const json = (status: number, body: object, headers: Record<string, string> = {}): AskedAnswer => ({
  status,
  headers: { ...PLAIN, 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
const refused = (status: number, { retryAfterS, ...why }: NotAccepted): AskedAnswer =>
  json(
    status,
    retryAfterS === undefined ? why : { ...why, retryAfterS },
    retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) },
  );
export const refuse = (status: number, reason: string, message: string): AskedAnswer =>
  refused(status, { outcome: 'refused', reason, message });
const gone = (): AskedAnswer => refuse(404, 'gone', 'there is nothing here, or not any more');
