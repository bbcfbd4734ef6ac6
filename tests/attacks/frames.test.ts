/** What a listener may send over its websocket, and what ends it, against the whole station in this process. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { parseFrame } from '../../src/wire.ts';
import { type TestStation, testStation } from '../browser/station.ts';
import { frame, raw, rawSocket, statusOf, upgrade } from '../support/raw.ts';

const [TEXT, BINARY, CLOSE, PING, PONG] = [1, 2, 8, 9, 10];

let station: TestStation;
beforeAll(async () => {
  station = await testStation(null, new Map());
});
afterAll(() => station.end());

/** The code with which the station ends a connection that sends these bytes. */
async function codeFor(...bytes: Uint8Array[]): Promise<number | null> {
  const { socket, code } = await rawSocket(station.port);
  socket.write(Buffer.concat(bytes));
  const found = await code;
  socket.destroy();
  return found;
}

/** A listener whose answers are read one by one. */
async function open(localAddress?: string) {
  const socket = new WebSocket(`ws://localhost:${station.port}/ws`, {
    origin: station.url,
    ...(localAddress !== undefined && { localAddress, family: 4 }),
  });
  const inbox: string[] = [];
  let arrived = () => {};
  socket.on('message', (data) => {
    inbox.push(String(data));
    arrived();
  });
  const code = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const answer = async () => {
    while (inbox.length === 0) await new Promise<void>((resolve) => (arrived = resolve));
    return parseFrame(inbox.shift()!)!;
  };
  return { socket, code, answer };
}
/** What one message is answered with, on a connection of its own. */
async function answerTo(message: string | Buffer) {
  const { socket, answer } = await open();
  socket.send(message);
  const frame = await answer();
  socket.terminate();
  return frame.type === 'error' ? frame.code : frame.type;
}

test('case 1: a message of 32 KB is answered, one of a byte more ends the connection with 1009, whole or in pieces', async () => {
  expect(await answerTo('x'.repeat(32 * 1024))).toBe('bad_request');
  expect(await codeFor(frame(TEXT, 'x'.repeat(32 * 1024 + 1)))).toBe(1009);
  const half = 'x'.repeat(16 * 1024 + 1);
  expect(await codeFor(frame(TEXT, half, { fin: false }), frame(0, half))).toBe(1009);
  // It need not be sent to be refused.
  expect(await codeFor(frame(TEXT, 'x'.repeat(70_000)).subarray(0, 20))).toBe(1009);
});

test('case 2: what is no JSON is answered with bad_request, the connection stays, and the fifth in a minute ends it with 1008', async () => {
  const { socket, code, answer } = await open();
  for (let i = 0; i < 4; i++) {
    socket.send('{"action":');
    expect(await answer()).toMatchObject({ type: 'error', code: 'bad_request' });
  }
  socket.send('{"action":"ping","id":7}');
  expect(await answer()).toMatchObject({ type: 'pong', id: 7 });
  socket.send('[');
  expect(await answer()).toMatchObject({ type: 'error', code: 'bad_request' });
  expect(await code).toBe(1008);
});

test('case 3: an action that there is not is answered with an error', async () => {
  expect(await answerTo('{"action":"shutdown"}')).toBe('bad_request');
  expect(await answerTo('{"action":"toString"}')).toBe('bad_request');
});

test('case 4: a binary message is never taken for text', async () => {
  expect(await answerTo('{"action":"join"}')).toBe('hello');
  expect(await answerTo(Buffer.from('{"action":"join"}'))).toBe('bad_request');
  expect(await codeFor(...Array.from({ length: 5 }, () => frame(BINARY, 'x')))).toBe(1008);
});

// Vectors after section 6 of the Autobahn test suite.
test.each([
  ['a lone continuation byte', [0x80]],
  ['a sequence cut short', [0xe2, 0x82]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['an overlong NUL', [0xe0, 0x80, 0x80]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ['a byte that never occurs', [0xfe]],
  ['good text, then bad', [0xce, 0xba, 0xe1, 0xbd, 0xb9, 0xed, 0xa0, 0x80, 0x65]],
])('case 5: text that is no UTF-8 (%s) ends the connection with 1007', async (_what, bytes) => {
  const text = Uint8Array.from(bytes);
  expect(await codeFor(frame(TEXT, text))).toBe(1007);
  const pieces = [...text].map((byte, i) =>
    frame(i === 0 ? TEXT : 0, Uint8Array.of(byte), { fin: i === text.length - 1 }),
  );
  expect(await codeFor(...pieces)).toBe(1007);
});

test('case 5: a character that is cut in two by frames is whole', async () => {
  const { socket } = await rawSocket(station.port);
  const bytes = Buffer.from('{"action":"join","x":"κόσμε"}');
  const at = bytes.indexOf(0xce) + 1;
  const answered = new Promise((resolve) => socket.once('data', (data) => resolve(String(data))));
  socket.write(
    Buffer.concat([frame(TEXT, bytes.subarray(0, at), { fin: false }), frame(0, bytes.subarray(at))]),
  );
  expect(await answered).toMatch(/"type":"hello"/);
  socket.destroy();
});

// RFC 6455, sections 5.1, 5.2, 5.4, 5.5 and 7.4.1.
test.each<[string, Uint8Array[]]>([
  ['an unmasked frame', [Uint8Array.of(0x81, 1, 65)]],
  ['a reserved opcode', [frame(3)]],
  ['a reserved control opcode', [frame(11)]],
  ['a reserved bit', [frame(0x40 | TEXT, 'x')]],
  ['a fragmented ping', [frame(PING, '', { fin: false })]],
  ['a ping of 126 bytes', [frame(PING, 'x'.repeat(126))]],
  ['a continuation of nothing', [frame(0, 'x')]],
  ['a new message within another', [frame(TEXT, 'x', { fin: false }), frame(TEXT, 'x')]],
  ['a close frame of one byte', [frame(CLOSE, 'x')]],
  ['a close frame with a code that is never sent', [frame(CLOSE, Uint8Array.of(0x03, 0xed))]],
])('case 6: %s ends the connection with 1002', async (_what, bytes) => {
  expect(await codeFor(...bytes)).toBe(1002);
});

test('case 7: a message in fragments of a byte ends the connection with 1008', async () => {
  const fragments = Array.from({ length: 20_000 }, (_, i) => frame(i === 0 ? TEXT : 0, 'x', { fin: false }));
  expect(await codeFor(...fragments)).toBe(1008);
  // Empty ones cost as much.
  const empty = Array.from({ length: 20_000 }, (_, i) => frame(i === 0 ? TEXT : 0, '', { fin: false }));
  expect(await codeFor(...empty)).toBe(1008);
});

test('case 8: a flood of pings ends the connection with 1008', async () => {
  expect(await codeFor(...Array.from({ length: 1000 }, () => frame(PING, 'x')))).toBe(1008);
});

test.each<[string, string | undefined]>([
  ['none', undefined],
  ['another host', 'http://evil.example'],
  ['null', 'null'],
  ['a file', 'file://'],
  ['another port', 'http://localhost:1'],
  ['no port', 'http://localhost'],
  ['our host as user', 'http://localhost:PORT@evil.example'],
  ['our host in front', 'http://localhost:PORT.evil.example'],
  ['a blob', 'blob:http://evil.example/x'],
  ['no address', 'http://['],
])('case 9: an upgrade whose Origin is %s is refused with 403', async (_what, origin) => {
  const text = upgrade(station.port, '/ws', { Origin: (origin ?? '').replace('PORT', `${station.port}`) });
  const sent = origin === undefined ? text.replace('Origin: \r\n', '') : text;
  expect(statusOf(await raw(station.port, sent))).toBe(403);
});

test('case 11: of one address 64 are taken, the next is refused with 429, and taken when one has gone', async () => {
  const before = station.listeners();
  const all = await Promise.all(Array.from({ length: 64 - before }, () => rawSocket(station.port)));
  expect(statusOf(await raw(station.port, upgrade(station.port)))).toBe(429);
  all[0]!.socket.destroy();
  while (station.listeners() >= 64) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(statusOf(await raw(station.port, upgrade(station.port), { forMs: 300 }))).toBe(101);
  for (const { socket } of all) socket.destroy();
  while (station.listeners() > 0) await new Promise((resolve) => setTimeout(resolve, 10));
});

test('case 18: fields that nobody asked for are ignored, and prototypes stay as they are', async () => {
  for (const extra of [
    '"expiresAt":1,"role":"operator","performance":"x","connectionId":"y"',
    '"__proto__":{"role":"x"}',
  ]) {
    expect(await answerTo(`{"action":"join",${extra}}`)).toBe('hello');
  }
  expect(await answerTo('{"__proto__":{"action":"join"}}')).toBe('bad_request');
  expect(await answerTo('{"constructor":{"prototype":{"action":"join"}}}')).toBe('bad_request');
  expect('role' in {} || 'action' in {}).toBe(false);
});

test.each([
  'NaN',
  'Infinity',
  '1e309',
  '1e308',
  '-1',
  '-0.5',
  '1.5',
  '"1"',
  'null',
  '[1]',
  '9007199254740992',
])('case 20: a ping whose id is %s is refused, and never calculated with', async (id) =>
  expect(await answerTo(`{"action":"ping","id":${id}}`)).toBe('bad_request'),
);

test('case 79: a hundred thousand pongs that nobody asked for end the connection with 1008', async () => {
  expect(await codeFor(...Array.from({ length: 100_000 }, () => frame(PONG)))).toBe(1008);
});

test('case 85: a thousand valid pings in a second end their connection, and another one is served meanwhile', async () => {
  const other = await open();
  const flood = codeFor(
    ...Array.from({ length: 1000 }, (_, id) => frame(TEXT, `{"action":"ping","id":${id}}`)),
  );
  other.socket.send('{"action":"join"}');
  expect(await other.answer()).toMatchObject({ type: 'hello' });
  expect(await flood).toBe(1008);
  other.socket.send('{"action":"ping","id":1}');
  expect(await other.answer()).toMatchObject({ type: 'pong', id: 1 });
  other.socket.terminate();
});

test('case 85: 64 connections of one address flood with valid pings, and all end, while twenty others join and are answered', async () => {
  while (station.listeners() > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const pings = Array.from({ length: 1000 }, (_, id) => frame(TEXT, `{"action":"ping","id":${id}}`));
  const floods = Array.from({ length: 64 }, () => codeFor(...pings));
  const others = await Promise.all(Array.from({ length: 20 }, (_, i) => open(`127.0.2.${1 + i}`)));
  for (const [id, { socket, answer }] of others.entries()) {
    socket.send('{"action":"join"}');
    expect(await answer()).toMatchObject({ type: 'hello' });
    socket.send(`{"action":"ping","id":${id}}`);
    expect(await answer()).toMatchObject({ type: 'pong', id });
  }
  expect(await Promise.all(floods)).toEqual(Array(64).fill(1008));
  for (const { socket } of others) socket.terminate();
});
