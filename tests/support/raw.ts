/** HTTP and websockets by hand, as no library would send them. */
import { connect, type Socket } from 'node:net';

/** Sends a text and gives what comes back until the other side closes, or for so long. */
export function raw(
  port: number,
  text: string,
  { forMs = 5_000, address = '127.0.0.1' }: { forMs?: number; address?: string } = {},
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, address, () => socket.write(text, 'latin1'));
    let answer = '';
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(end, forMs);
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    socket.on('error', end);
    socket.on('close', end);
  });
}

export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);

/** A request's text; Connection: close, unless said otherwise. */
export function request(
  port: number,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): string {
  const all = { Host: `localhost:${port}`, Connection: 'close', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${[`${method} ${target} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`;
}

export const upgrade = (
  port: number,
  target = '/ws',
  headers: Readonly<Record<string, string>> = {},
): string =>
  request(port, target, {
    Origin: `http://localhost:${port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    ...headers,
  });

/** A connected socket whose other side has taken it: it is closed or destroyed by the caller. */
export function dial(port: number, address = '127.0.0.1'): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, address, () => resolve(socket));
    socket.once('error', reject);
    socket.on('error', () => {});
  });
}

export const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) resolve();
    socket.once('close', () => resolve());
  });

/** One frame as a client sends it, masked with zeros (RFC 6455, 5.2). */
export function frame(opcode: number, payload: Uint8Array | string = '', { fin = true } = {}): Buffer {
  const body = Buffer.from(payload as string);
  const first = (fin ? 0x80 : 0) | opcode;
  const mask = [0, 0, 0, 0];
  if (body.length < 126) return Buffer.concat([Buffer.from([first, 0x80 | body.length, ...mask]), body]);
  const length = Buffer.alloc(body.length < 65_536 ? 2 : 8);
  if (length.length === 2) length.writeUInt16BE(body.length);
  else length.writeBigUInt64BE(BigInt(body.length));
  const mark = 0x80 | (length.length === 2 ? 126 : 127);
  return Buffer.concat([Buffer.from([first, mark]), length, Buffer.from(mask), body]);
}

/** A websocket by hand, its handshake done; `code` is that of the close frame, null where it went without one. */
export async function rawSocket(
  port: number,
): Promise<{ socket: Socket; readonly code: Promise<number | null> }> {
  const socket = await dial(port);
  socket.write(upgrade(port));
  await new Promise<void>((resolve, reject) => {
    socket.once('data', (data) =>
      String(data).startsWith('HTTP/1.1 101') ? resolve() : reject(new Error(String(data))),
    );
    socket.once('close', () => reject(new Error('closed in the handshake')));
  });
  let received = Buffer.alloc(0);
  const code = new Promise<number | null>((resolve) => {
    socket.on('data', (data) => {
      received = Buffer.concat([received, data]);
      const found = closeCode(received);
      if (found !== undefined) resolve(found);
    });
    socket.once('close', () => resolve(null));
  });
  return { socket, code };
}

/** The code of the close frame among whole frames of a server; undefined: there is none yet. */
function closeCode(bytes: Buffer): number | undefined {
  for (let at = 0; at + 2 <= bytes.length; ) {
    const short = bytes[at + 1]! & 0x7f;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (at + head > bytes.length) return undefined;
    const length =
      short < 126 ? short : head === 4 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    if (at + head + length > bytes.length) return undefined;
    if ((bytes[at]! & 0x0f) === 8) return bytes.readUInt16BE(at + head);
    at += head + length;
  }
  return undefined;
}
