import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { continueRoute } from '../../../src/adapters/net/continue-route.ts';
import { pageServer } from '../../../src/adapters/net/http.ts';
import { listenOn } from '../../../src/adapters/net/listen-on.ts';
import type { Asking, Continuing, Taking } from '../../../src/ports.ts';

const ID = 'a'.repeat(32);
const askings: Asking[] = [];
const taken: [string, number[]][] = [];
const forgotten: string[] = [];
let answer: Awaited<ReturnType<Continuing['ask']>>;
const TICKET = { outcome: 'upload', id: ID, url: `asked/${ID}/upload`, fields: {} } as const;
const continuing: Continuing & Taking = {
  async ask(asking) {
    askings.push(asking);
    return answer;
  },
  take(id, bytes) {
    if (id !== ID) return 'gone';
    taken.push([id, [...bytes]]);
    return 'taken';
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

const send = (method: string, path: string, body?: FormData | string, headers: Record<string, string> = {}) =>
  fetch(`${origin}/play/asked/${path}`, {
    method,
    headers: {
      origin,
      ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body ? { body } : {}),
  });
const status = async (...args: Parameters<typeof send>) => (await send(...args)).status;
const formOf = (bytes: Uint8Array<ArrayBuffer>): FormData => {
  const form = new FormData();
  form.append('file', new Blob([bytes]), 'a.mid');
  return form;
};

test('who says what will be sent is told where to, and the form that is sent there is handed on whole', async () => {
  answer = TICKET;
  const response = await send('POST', 'ticket', JSON.stringify({ name: 'Müller.mid', minutes: 2 }));
  expect([response.status, await response.json()]).toEqual([201, TICKET]);
  expect(askings.pop()).toEqual({ name: 'Müller.mid', minutes: 2, from: '127.0.0.1' });
  expect(await status('POST', 'ticket', '{}')).toBe(201);
  expect(askings.pop()).toEqual({ name: '', minutes: 1, from: '127.0.0.1' });
  const form = formOf(Uint8Array.of(7, 8));
  form.append('after', 'ignored');
  expect(await status('POST', `${ID}/upload`, form)).toBe(201);
  expect(taken).toEqual([[ID, [7, 8]]]);
});

test.each([
  ['too_many', 422, null],
  ['rate', 429, '17'],
  ['busy', 503, '17'],
])('%s is answered with %d', async (reason, code, retryAfter) => {
  answer = { outcome: 'refused', reason, message: 'so', ...(retryAfter ? { retryAfterS: 17 } : {}) };
  const response = await send('POST', 'ticket', '{}');
  expect(response.status).toBe(code);
  expect(response.headers.get('retry-after')).toBe(retryAfter);
  expect(await response.json()).toMatchObject({ outcome: 'refused', reason, message: 'so' });
});

test('what is longer than any file we take is not read to its end; what is no form, or nobody’s, is refused', async () => {
  [askings.length, taken.length] = [0, 0];
  const upload = `${ID}/upload`;
  expect(await status('POST', upload, formOf(new Uint8Array(1_000_000)))).toBe(201);
  expect(await status('POST', upload, formOf(new Uint8Array(1_004_000)))).toBe(413);
  expect(await status('POST', 'ticket', JSON.stringify({ name: 'x'.repeat(2_000) }))).toBe(400);
  for (const text of ['{', 'null', '{"minutes": "1"}'])
    expect(await status('POST', 'ticket', text)).toBe(400);
  expect(await status('POST', upload, '{}')).toBe(415);
  const form = { 'content-type': 'multipart/form-data; boundary=x' };
  expect(await status('POST', upload, 'no form', form)).toBe(400);
  const other = new FormData();
  other.append('file', 'text');
  expect(await status('POST', upload, other)).toBe(400);
  expect(await status('POST', `${'b'.repeat(32)}/upload`, formOf(Uint8Array.of(1)))).toBe(404);
  expect([askings, taken.length]).toEqual([[], 1]);
});

test('pages of others cannot ask, send, keep or forget; nor can a form ask', async () => {
  [askings.length, taken.length] = [0, 0];
  const elsewhere = { origin: 'http://evil.example' };
  expect(await status('POST', 'ticket', '{}', elsewhere)).toBe(403);
  expect(await status('POST', `${ID}/upload`, formOf(Uint8Array.of(1)), elsewhere)).toBe(403);
  expect(await status('PUT', `${ID}/kept`, undefined, elsewhere)).toBe(403);
  expect(await status('DELETE', ID, undefined, elsewhere)).toBe(403);
  expect(await status('POST', 'ticket', '{}', { origin: 'null' })).toBe(403);
  expect(await status('POST', 'ticket', '{}', { 'content-type': 'text/plain' })).toBe(415);
  expect([askings, taken, forgotten]).toEqual([[], [], []]);
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
  for (const path of [
    'b'.repeat(32),
    'ticket',
    `${ID}/upload`,
    `${ID}/roll.png`,
    `${ID}/constructor`,
    `${ID}/continued.mid/x`,
    '',
  ])
    expect([path, await status('GET', path)]).toEqual([path, 404]);
  expect(await status('PATCH', ID)).toBe(405);
});

test('a station without the route answers as ever', async () => {
  const plain = pageServer(new Map(), '.');
  const port = await listenOn(plain, 0, '127.0.0.1');
  const post = await fetch(`http://127.0.0.1:${port}/play/asked/ticket`, { method: 'POST' });
  expect(post.status).toBe(405);
  plain.closeAllConnections();
  plain.close();
});
