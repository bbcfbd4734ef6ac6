/** A server of HTTP/2 that does what a test says, frame by frame, right or wrong. Its frames are written by hand. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import { loopbackTls } from './loopback-tls.ts';

export type RawFrame = {
  readonly type: string;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
};
const TYPES = [
  'data',
  'headers',
  'priority',
  'rst',
  'settings',
  'push',
  'ping',
  'goaway',
  'window',
  'continuation',
];
const PREFACE_BYTES = 24;

/** @param hex of the payload, with spaces where they help */
export function rawFrame(type: number, flags: number, stream: number, hex: string): Buffer {
  const payload = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}
export const word = (value: number) => (value >>> 0).toString(16).padStart(8, '0');
/** Settings by their numbers. */
export const settingsFrame = (settings: Readonly<Record<number, number>> = {}) =>
  rawFrame(
    4,
    0,
    0,
    Object.entries(settings)
      .map(([key, value]) => `000${key}${word(value)}`)
      .join(''),
  );
/** An answer without a body; 88 is `:status: 200`. */
export const okFrame = (stream: number) => rawFrame(1, 5, stream, '88');

/** Frames that come are cut, whatever pieces they come in. */
export function rawFrames(each: (frame: RawFrame) => void, skip = 0): (data: Buffer) => void {
  let rest = Buffer.alloc(0);
  let left = skip;
  return (data) => {
    rest = Buffer.concat([rest, data]);
    const skipped = Math.min(left, rest.length);
    left -= skipped;
    rest = rest.subarray(skipped);
    while (left === 0 && rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
      const end = 9 + rest.readUIntBE(0, 3);
      const frame = {
        type: TYPES[rest[3]!]!,
        flags: rest[4]!,
        stream: rest.readUInt32BE(5),
        payload: rest.subarray(9, end),
      };
      rest = rest.subarray(end);
      each(frame);
    }
  };
}

export type RawPeer = {
  /** Which connection it is, the first is 0. */
  readonly connection: number;
  readonly socket: Socket;
  write(...frames: readonly Buffer[]): void;
};

/**
 * @param answer called with each frame that comes, but for settings
 * @param greet what it begins with
 * @param plain what it says over HTTP/1.1, which it takes where HTTP/2 is not offered to it
 */
export async function rawHttp2(
  answer: (peer: RawPeer, frame: RawFrame) => void,
  { greet = settingsFrame(), plain = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain' } = {},
) {
  const protocols: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer({ ...loopbackTls, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
    const connection = protocols.length;
    protocols.push(String(socket.alpnProtocol));
    sockets.push(socket);
    socket.on('error', () => {});
    if (socket.alpnProtocol !== 'h2') {
      socket.on('data', () => socket.write(plain));
      return;
    }
    const peer = {
      connection,
      socket,
      write: (...frames: readonly Buffer[]) => void socket.write(Buffer.concat(frames)),
    };
    if (greet.length > 0) peer.write(greet);
    socket.on(
      'data',
      rawFrames((frame) => {
        if (frame.type !== 'settings') answer(peer, frame);
      }, PREFACE_BYTES),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: new URL(`https://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`),
    /** Of each connection that came, in order. */
    protocols,
    sockets,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
