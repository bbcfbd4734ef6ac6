import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { listenOn } from '../../../src/adapters/net/listen-on.ts';
import { type Sockets, serveSockets } from '../../../src/adapters/net/ws.ts';

let server: Server;
let sockets: Sockets;
let port: number;
let heard: { id: string; text: string }[];
let gone: string[];

beforeEach(async () => {
  heard = [];
  gone = [];
  server = createServer();
  const message = async (id: string, text: string) => {
    heard.push({ id, text });
    return { frames: [`echo ${text}`], close: text === 'close me' };
  };
  sockets = serveSockets(server, { message, gone: (id) => gone.push(id) });
  port = await listenOn(server, 0, '127.0.0.1');
});
afterEach(async () => {
  sockets.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const open = (origin: string | null = `http://127.0.0.1:${port}`, path = '/ws'): WebSocket =>
  new WebSocket(`ws://127.0.0.1:${port}${path}`, origin === null ? {} : { origin });
const once = <T = unknown>(socket: WebSocket, event: string): Promise<T> =>
  new Promise((resolve, reject) => {
    socket.once(event, (...args: unknown[]) => resolve(args[0] as T));
    if (event !== 'error') socket.once('error', reject);
  });
const opened = async (): Promise<WebSocket> => {
  const socket = open();
  await once(socket, 'open');
  return socket;
};
const closeCode = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => socket.once('close', resolve));

test('a message is answered, and later frames reach the same connection', async () => {
  const socket = await opened();
  socket.send('hello');
  expect(String(await once(socket, 'message'))).toBe('echo hello');
  expect(await sockets.post(heard[0]!.id, 'a frame')).toBe('sent');
  expect(String(await once(socket, 'message'))).toBe('a frame');
});

test('a long frame arrives as text, whole, at each of those it is posted to', async () => {
  const both = [await opened(), await opened()];
  const frame = JSON.stringify({ text: 'ü'.repeat(9_000) });
  for (const socket of both) {
    socket.send('hello');
    await once(socket, 'message');
  }
  const arrived = both.map(
    (socket) =>
      new Promise((resolve) =>
        socket.once('message', (data, isBinary) => resolve([String(data) === frame, isBinary])),
      ),
  );
  for (const { id } of heard) expect(await sockets.post(id, frame)).toBe('sent');
  expect(await Promise.all(arrived)).toEqual([
    [true, false],
    [true, false],
  ]);
});

test('a connection that has closed is gone, and said to be', async () => {
  const socket = await opened();
  socket.send('hello');
  await once(socket, 'message');
  socket.close();
  await closeCode(socket);
  const { id } = heard[0]!;
  // Bounded by the test's own limit.
  while (!gone.includes(id)) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await sockets.post(id, 'a frame')).toBe('gone');
  expect(await sockets.post('never was', 'a frame')).toBe('gone');
});

test.each([
  ['none', null],
  ['another host', 'http://evil.example'],
  ['null', 'null'],
  ['another port', 'http://127.0.0.1:1'],
])('an upgrade whose Origin is %s is refused with 403', async (_what, origin) => {
  const error = await once<Error>(open(origin), 'error');
  expect(error.message).toBe('Unexpected server response: 403');
  expect(sockets.open()).toBe(0);
});

test('websockets live at /ws alone', async () => {
  const error = await once<Error>(open(undefined, '/other'), 'error');
  expect(error.message).toBe('Unexpected server response: 404');
});

test('a message over 32 KB ends the connection with 1009', async () => {
  const socket = await opened();
  socket.send('x'.repeat(32 * 1024 + 1));
  expect(await closeCode(socket)).toBe(1009);
  expect(heard).toEqual([]);
});

test('a binary message is never taken for text', async () => {
  const socket = await opened();
  socket.send(Buffer.from('{"action":"join"}'));
  await once(socket, 'message');
  expect(heard.map(({ text }) => text)).toEqual(['']);
});

test('the handlers may end a connection, after their answer: 1008', async () => {
  const socket = await opened();
  const answer = once(socket, 'message');
  socket.send('close me');
  expect(String(await answer)).toBe('echo close me');
  expect(await closeCode(socket)).toBe(1008);
});

test('a flood of messages ends the connection with 1008', async () => {
  const socket = await opened();
  for (let i = 0; i <= 100; i++) socket.send('x');
  expect(await closeCode(socket)).toBe(1008);
  expect(heard.length).toBeLessThanOrEqual(100);
});

test('of one address 64 connections are taken, the next is refused with 429', async () => {
  await Promise.all(Array.from({ length: 64 }, opened));
  const error = await once<Error>(open(), 'error');
  expect(error.message).toBe('Unexpected server response: 429');
});

/** Frames by hand, as no library would send them. */
async function raw(...frames: number[][]): Promise<number> {
  const stream: Socket = connect(port, '127.0.0.1');
  const lines = [
    'GET /ws HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    `Origin: http://127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Version: 13',
  ];
  stream.write(`${lines.join('\r\n')}\r\n\r\n`);
  await new Promise((resolve) => stream.once('data', resolve));
  const answer = new Promise<Buffer>((resolve) => stream.once('data', resolve));
  stream.write(Buffer.from(frames.flat()));
  const frame = await answer;
  stream.destroy();
  // A close frame: FIN + opcode 8, length, then the code.
  expect(frame[0]).toBe(0x88);
  return frame.readUInt16BE(2);
}

// RFC 6455, sections 5.1, 5.2, 5.5 and 8.1.
test.each<[string, number[], number]>([
  ['an unmasked frame', [0x81, 1, 65], 1002],
  ['a reserved opcode', [0x83, 0x80, 0, 0, 0, 0], 1002],
  ['a fragmented control frame', [0x09, 0x80, 0, 0, 0, 0], 1002],
  ['a control frame of 126 bytes', [0x89, 0xfe, 0, 126, 0, 0, 0, 0], 1002],
  ['invalid UTF-8', [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28], 1007],
])('%s ends the connection with its code', async (_what, frame, code) => {
  expect(await raw(frame)).toBe(code);
});
