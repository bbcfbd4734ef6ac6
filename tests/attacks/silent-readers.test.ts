/** Readers that do not read, and peers that are not there. */
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { listenOn } from '../../src/adapters/net/listen-on.ts';
import { serveSockets } from '../../src/adapters/net/ws.ts';
import { closed, frame, rawSocket } from '../support/raw.ts';
import { until } from '../support/until.ts';

const [TEXT, PONG] = [1, 10];
const KB_32 = 'x'.repeat(32 * 1024);
const MB = 1024 * 1024;
/** Far beyond the half minute that is promised, and not for ever. */
const PATIENCE_MS = 60_000;

/** A server of its own, whose peers are known by their ids; to be used within `using`, which closes it. */
async function open() {
  const ids: string[] = [];
  /** Frames in each answer. */
  const answer: string[] = [];
  const server = createServer();
  const message = async (id: string) => {
    ids.push(id);
    return { frames: answer, close: false };
  };
  const sockets = serveSockets(server, { message, gone: () => {} });
  const port = await listenOn(server, 0, '127.0.0.1');
  return {
    ...{ ids, answer, sockets, port },
    /** A connection that is known by its id, and then reads nothing. */
    async silent() {
      const { socket } = await rawSocket(port);
      const known = ids.length;
      socket.write(frame(TEXT, 'x'));
      await until(
        () => ids.length,
        (n) => n > known,
      );
      socket.removeAllListeners('data').pause();
      return { socket, id: ids.at(-1)! };
    },
    /** Posts until it is cut off, or until so many bytes are on their way; the bytes. */
    async post(id: string, most = 64 * MB): Promise<number> {
      for (let bytes = 0; ; bytes += KB_32.length) {
        if (bytes >= most || (await sockets.post(id, KB_32)) === 'gone') return bytes;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    async close() {
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
const using = (body: (served: Awaited<ReturnType<typeof open>>) => Promise<void>) => async () => {
  const served = await open();
  try {
    await body(served);
  } finally {
    await served.close();
  }
};

test(
  'case 12: a slow reader is cut off a megabyte beyond what the system takes, and later frames find it gone',
  using(async ({ silent, post, sockets }) => {
    const { socket, id } = await silent();
    const taken = await post(id);
    expect(taken).toBeGreaterThan(MB);
    expect(taken).toBeLessThan(32 * MB);
    expect(await sockets.post(id, KB_32)).toBe('gone');
    expect(await until(sockets.open, (n) => n === 0)).toBe(0);
    socket.destroy();
  }),
);

test(
  'case 12: a reader that is less than a megabyte behind, but for five seconds, is cut off',
  using(async ({ silent, post, sockets }) => {
    const first = await silent();
    const most = await post(first.id);
    const second = await silent();
    await post(second.id, most - MB / 2);
    expect(sockets.open()).toBe(1);
    // Well before it would be missed for not answering pings.
    expect(await until(sockets.open, (n) => n === 0, 12_000)).toBe(0);
    for (const { socket } of [first, second]) socket.destroy();
  }),
);

// Both wait for half a minute, and each at a server of its own: they wait at once, beside the others.
test.concurrent(
  'case 13: a peer that answers no ping is gone within half a minute, one that does stays',
  using(async ({ silent, port, sockets }) => {
    const [gone, there] = [await silent(), await rawSocket(port)];
    there.socket.on('data', (data: Buffer) => {
      // A ping of eight bytes, by itself.
      if (data[0] === 0x89) there.socket.write(frame(PONG, data.subarray(2, 10)));
    });
    gone.socket.resume();
    const outcome = await Promise.race([
      closed(gone.socket).then(() => 'gone'),
      sleep(PATIENCE_MS, 'there', { ref: false }),
    ]);
    expect(outcome).toBe('gone');
    expect(await until(sockets.open, (n) => n === 1)).toBe(1);
    there.socket.destroy();
  }),
);

test(
  'case 78: answers pass the same bound as frames: who asks and does not read is cut off',
  using(async ({ silent, ids, answer, sockets }) => {
    const { socket } = await silent();
    answer.push(...Array.from({ length: 32 }, () => KB_32));
    for (let i = 0; i < 90 && sockets.open() > 0; i++) {
      socket.write(frame(TEXT, 'join'));
      await sleep(20);
    }
    expect(sockets.open()).toBe(0);
    // A megabyte each: the system took some, and one was borne.
    expect(ids.length).toBeLessThan(32);
    socket.destroy();
  }),
);

test.concurrent(
  'case 78: pongs that guess, from one who does not read, keep no connection alive',
  using(async ({ silent, sockets }) => {
    const { socket } = await silent();
    const guessing = setInterval(
      () => socket.write(Buffer.concat([frame(PONG), frame(PONG, 'x'.repeat(8))])),
      1_000,
    );
    expect(await until(sockets.open, (n) => n === 0, PATIENCE_MS)).toBe(0);
    clearInterval(guessing);
    socket.destroy();
  }),
);
