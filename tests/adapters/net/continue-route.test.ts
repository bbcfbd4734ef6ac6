import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { continueRoute } from '../../../src/adapters/net/continue-route.ts';
import { pageServer } from '../../../src/adapters/net/http.ts';
import { listenOn } from '../../../src/adapters/net/listen-on.ts';
import type { Continuing, Upload } from '../../../src/ports.ts';

const ID = 'a'.repeat(32);
const uploads: Upload[] = [];
const forgotten: string[] = [];
let answer: ReturnType<Continuing['ask']>;
const QUEUED = {
  outcome: 'queued',
  id: ID,
  verdict: 'accepted',
  warnings: [],
  given: [],
  durationMs: 0,
} as const;
const continuing: Continuing = {
  ask(upload) {
    uploads.push(upload);
    return answer;
  },
  look: async (id) => (id === ID ? { state: 'queued', ahead: 3 } : null),
  file: async (id, file) => (id === ID && file === 'continued.mid' ? Uint8Array.of(1, 2, 3) : null),
  keep: async (id) => (id === ID ? 'kept' : null),
  forget: async (id) => void forgotten.push(id),
};
const server = pageServer(new Map(), '.', { more: continueRoute(continuing) });
let origin: string;
beforeAll(async () => {
  origin = `http://127.0.0.1:${await listenOn(server, 0, '127.0.0.1')}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const send = (
  method: string,
  path: string,
  body?: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
) =>
  fetch(`${origin}/play/asked/${path}`, {
    method,
    headers: { origin, ...(body ? { 'content-type': 'audio/midi' } : {}), ...headers },
    ...(body ? { body } : {}),
  });
const status = async (...args: Parameters<typeof send>) => (await send(...args)).status;

test('a POST is handed on whole, with its name and length, and answered with an id', async () => {
  answer = QUEUED;
  const response = await send('POST', '?name=M%C3%BCller.mid&minutes=2', Uint8Array.of(7, 8));
  expect([response.status, await response.json()]).toEqual([202, QUEUED]);
  const { bytes, ...rest } = uploads.pop()!;
  expect([...bytes]).toEqual([7, 8]);
  expect(rest).toEqual({ name: 'Müller.mid', minutes: 2, from: '127.0.0.1' });
});

test.each([
  ['not_midi', 422, null],
  ['too_large', 413, null],
  ['rate', 429, '17'],
  ['busy', 503, '17'],
])('%s is answered with %d', async (reason, code, retryAfter) => {
  answer = { outcome: 'refused', reason, message: 'so', ...(retryAfter ? { retryAfterS: 17 } : {}) };
  const response = await send('POST', '', Uint8Array.of(1));
  expect(response.status).toBe(code);
  expect(response.headers.get('retry-after')).toBe(retryAfter);
  expect(await response.json()).toMatchObject({ outcome: 'refused', reason, message: 'so' });
});

test('what is longer than any file we take is not read to its end', async () => {
  uploads.length = 0;
  expect(await status('POST', '', new Uint8Array(1_000_101))).toBe(413);
  expect(uploads).toEqual([]);
});

test('pages of others cannot send, keep or forget; nor can a form', async () => {
  uploads.length = 0;
  const elsewhere = { origin: 'http://evil.example' };
  expect(await status('POST', '', Uint8Array.of(1), elsewhere)).toBe(403);
  expect(await status('PUT', `${ID}/kept`, undefined, elsewhere)).toBe(403);
  expect(await status('DELETE', ID, undefined, elsewhere)).toBe(403);
  expect(await status('POST', '', Uint8Array.of(1), { origin: 'null' })).toBe(403);
  expect(await status('POST', '', Uint8Array.of(1), { 'content-type': 'text/plain' })).toBe(415);
  expect([uploads, forgotten]).toEqual([[], []]);
});

test('an id is looked at, fetched from, kept and forgotten; another is not there', async () => {
  const look = await send('GET', ID);
  expect([look.status, look.headers.get('cache-control'), await look.json()]).toEqual([
    200,
    'no-store',
    { state: 'queued', ahead: 3 },
  ]);
  const midi = await send('GET', `${ID}/continued.mid`);
  expect([midi.headers.get('content-type'), (await midi.arrayBuffer()).byteLength]).toEqual([
    'audio/midi',
    3,
  ]);
  expect(await status('PUT', `${ID}/kept`)).toBe(200);
  expect(await status('DELETE', ID)).toBe(204);
  expect(forgotten).toEqual([ID]);
  for (const path of ['b'.repeat(32), `${ID}/roll.png`, `${ID}/constructor`, `${ID}/continued.mid/x`, ''])
    expect([path, await status('GET', path)]).toEqual([path, 404]);
  expect(await status('PATCH', ID)).toBe(405);
});

test('a station without the route answers as ever', async () => {
  const plain = pageServer(new Map(), '.');
  const port = await listenOn(plain, 0, '127.0.0.1');
  const post = await fetch(`http://127.0.0.1:${port}/play/asked/`, { method: 'POST' });
  expect(post.status).toBe(405);
  plain.closeAllConnections();
  plain.close();
});
