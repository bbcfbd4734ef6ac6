/** Kept connections against servers that answer in pieces, late, twice, never, or leave. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { afterEach, expect, test } from '@jest/globals';
import {
  type KeptConfig,
  type KeptConnections,
  keptConnections,
} from '../../../../src/adapters/aws/gateway/kept-connections.ts';
import { loopbackTls } from '../../../fakes/loopback-tls.ts';
import { asking } from '../../../support/asking.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
const TEXT = 'HTTP/1.1 410 Gone\r\nContent-Length: 4\r\n\r\ngone';
const tick = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const open: (() => void)[] = [];
afterEach(() => {
  for (const end of open.splice(0)) end();
});

/** A server to which requests are the names they ask for; `sockets` in the order in which they came. */
async function serve(answer: (socket: Socket, request: string) => void, tls = false) {
  const sockets: Socket[] = [];
  const welcome = (socket: Socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    let text = '';
    socket.on('data', (data) => {
      text += data;
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const [, name] = /^GET \/(\w+) HTTP\/1\.1\r\n/.exec(text) ?? [];
        text = text.slice(end + 4);
        answer(socket, name!);
      }
    });
  };
  const server: Server = tls
    ? createTlsServer(loopbackTls, welcome as (socket: TLSSocket) => void)
    : createServer(welcome);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  open.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: new URL(`http${tls ? 's' : ''}://127.0.0.1:${port}`), sockets };
}

function keep(url: URL, more: Partial<KeptConfig> = {}): KeptConnections {
  const kept = keptConnections({
    ...{ url, ca: loopbackTls.ca, connections: 2, connectMs: 2_000, answerMs: 2_000, restMs: 2_000 },
    ...more,
  });
  open.push(() => kept.close());
  return kept;
}

test.each([false, true])(
  'answers that come byte by byte are read whole, each by who asked (TLS: %s)',
  async (tls) => {
    const { url, sockets } = await serve(async (socket, request) => {
      socket.setNoDelay(true);
      for (const byte of `HTTP/1.1 200 OK\r\nContent-Length: ${request.length}\r\n\r\n${request}`) {
        socket.write(byte);
        await tick(0);
      }
    }, tls);
    const kept = keep(url);
    const names = ['one', 'two', 'three', 'four', 'five'];
    const bodies = await Promise.all(names.map(async (name) => (await kept.exchange(asking(name))).body));
    expect(bodies).toEqual(names);
    expect(sockets).toHaveLength(2);
  },
);

test('an answer that closes its connection is an answer, and the next goes over another', async () => {
  const { url, sockets } = await serve((socket) => {
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  const kept = keep(url, { connections: 1 });
  const answers = await Promise.all([1, 2, 3].map((n) => kept.exchange(asking(`${n}`))));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(sockets).toHaveLength(3);
});

test('an answer without a length ends with its connection', async () => {
  const { url } = await serve((socket) => socket.end('HTTP/1.1 502 Bad\r\n\r\nno'));
  expect(await keep(url).exchange(asking('1'))).toMatchObject({ status: 502, body: 'no' });
});

test.each([
  ['with its answer', OK + TEXT, 0],
  ['a moment after it', OK, 5],
])('a second answer that nobody asked for, %s, is nobody’s', async (_, first, laterMs) => {
  const { url, sockets } = await serve((socket, request) => {
    if (request !== 'first') return void socket.write(`HTTP/1.1 201 Made\r\nContent-Length: 0\r\n\r\n`);
    socket.write(first);
    if (laterMs > 0) setTimeout(() => socket.write(TEXT), laterMs);
  });
  const kept = keep(url, { connections: 1 });
  expect((await kept.exchange(asking('first'))).status).toBe(200);
  await tick(60);
  expect((await kept.exchange(asking('second'))).status).toBe(201);
  expect(sockets).toHaveLength(2);
});

test.each([
  ['nothing', '', /there is none/],
  ['half an answer', 'HTTP/1.1 200 OK\r\nContent-Le', /ends before its end/],
  ['half a body', TEXT.slice(0, -1), /ends before its end/],
  ['what cannot be read', 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n', /not one number/],
])('a server that says %s and leaves has not answered, and harms no other', async (_, text, why) => {
  const { url } = await serve((socket, request) => {
    if (request === 'bad') socket.end(text);
    else socket.write(OK);
  });
  const kept = keep(url);
  const both = await Promise.allSettled([kept.exchange(asking('bad')), kept.exchange(asking('good'))]);
  expect(both[0]).toMatchObject({ status: 'rejected', reason: { message: expect.stringMatching(why) } });
  expect(both[1]).toMatchObject({ status: 'fulfilled', value: { status: 200 } });
  expect((await kept.exchange(asking('good'))).status).toBe(200);
});

test('a connection that breaks says why', async () => {
  const { url } = await serve((socket) => socket.resetAndDestroy());
  await expect(keep(url).exchange(asking('1'))).rejects.toMatchObject({
    message: 'the connection to the gateway broke',
    cause: { code: 'ECONNRESET' },
  });
});

test('a server that is silent, or never done, is given up in time, and its connection with it', async () => {
  const { url, sockets } = await serve((socket, request) => {
    if (request === 'dribble') {
      const timer = setInterval(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), 30);
      socket.on('close', () => clearInterval(timer));
    }
    if (request === 'good') socket.write(OK);
  });
  const kept = keep(url, { answerMs: 200 });
  const startedAt = performance.now();
  const late = await Promise.allSettled(['silent', 'dribble'].map((name) => kept.exchange(asking(name))));
  expect(performance.now() - startedAt).toBeLessThan(1_500);
  for (const each of late)
    expect(each).toMatchObject({ reason: { message: 'the gateway did not answer in time' } });
  expect((await kept.exchange(asking('good'))).status).toBe(200);
  expect(sockets).toHaveLength(3);
});

test('where nobody listens each is told so, however many wait', async () => {
  const { url } = await serve(() => {});
  open.pop()!();
  await tick(20);
  const kept = keep(url);
  const all = await Promise.allSettled([1, 2, 3, 4, 5].map((n) => kept.exchange(asking(`${n}`))));
  for (const each of all) expect(each).toMatchObject({ reason: { cause: { code: 'ECONNREFUSED' } } });
});

test('a handshake that never ends is given up in time', async () => {
  const { url } = await serve(() => {});
  const kept = keep(new URL(`https://${url.host}`), { connectMs: 150 });
  await expect(kept.exchange(asking('1'))).rejects.toThrow('the gateway could not be connected to in time');
});

test('a certificate that nobody knows is refused', async () => {
  const { url } = await serve((socket) => socket.write(OK), true);
  const kept = keptConnections({
    ...{ url, connections: 1, connectMs: 2_000, answerMs: 2_000, restMs: 2_000 },
  });
  open.push(() => kept.close());
  await expect(kept.exchange(asking('1'))).rejects.toMatchObject({
    cause: { code: expect.stringMatching(/SELF_SIGNED|UNABLE_TO_VERIFY/) },
  });
});

test('a connection that rested is closed after its time; who is let go is not asked again', async () => {
  const { url, sockets } = await serve((socket) => socket.write(OK));
  const kept = keep(url, { restMs: 150 });
  await kept.exchange(asking('1'));
  await once(sockets[0]!, 'close');
  await kept.exchange(asking('2'));
  kept.letGo();
  await kept.exchange(asking('3'));
  expect(sockets).toHaveLength(3);
});

test('a server that leaves between two requests is not asked over the connection that it left', async () => {
  const { url, sockets } = await serve((socket) => socket.write(OK));
  const kept = keep(url, { connections: 1 });
  await kept.exchange(asking('1'));
  sockets[0]!.end();
  await tick(30);
  expect((await kept.exchange(asking('2'))).status).toBe(200);
  expect(sockets).toHaveLength(2);
});

test('closing ends what is under way and what waits, and nothing stays open', async () => {
  const { url, sockets } = await serve(() => {});
  const kept = keep(url, { connections: 1 });
  const all = Promise.allSettled([kept.exchange(asking('1')), kept.exchange(asking('2'))]);
  await tick(30);
  kept.close();
  for (const each of await all)
    expect(each).toMatchObject({ reason: { message: 'the connections to the gateway were closed' } });
  await once(sockets[0]!, 'close');
  expect(sockets).toHaveLength(1);
});

test('a session that was agreed upon once is taken up by the next connection', async () => {
  const reused: boolean[] = [];
  const { url } = await serve((socket) => {
    reused.push((socket as TLSSocket).isSessionReused());
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  }, true);
  const kept = keep(url, { connections: 1 });
  await kept.exchange(asking('1'));
  await kept.exchange(asking('2'));
  expect(reused).toEqual([false, true]);
});
