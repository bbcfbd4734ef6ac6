import { createSocket } from 'node:dgram';

/** Seconds from 1900, where NTP begins, to 1970. */
const EPOCH_S = 2_208_988_800;
const PACKET_BYTES = 48;
/** No leap warning, version 4, client (RFC 4330). */
const CLIENT = 0x23;
const SERVER_MODE = 4;
const TRANSMIT = 40;
const RECEIVE = 32;
const PORT = 123;

/**
 * How far this machine's clock is from a time server's: positive where ours is behind. One question, one answer
 * (SNTP, RFC 4330), good to half the way there and back. null: no answer in time, or none of use.
 */
export function clockOffset(
  host: string,
  { port = PORT, timeoutMs = 2000 }: { port?: number; timeoutMs?: number } = {},
): Promise<{ readonly offsetMs: number; readonly roundTripMs: number } | null> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    let sentAt = 0;
    const finish = (result: { offsetMs: number; roundTripMs: number } | null) => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on('error', () => {});
      socket.close();
      resolve(result);
    };
    const timer = setTimeout(() => finish(null), timeoutMs);
    socket.on('error', () => finish(null));
    socket.on('message', (answer) => {
      const now = Date.now();
      if (answer.length < PACKET_BYTES || (answer[0]! & 7) !== SERVER_MODE) return finish(null);
      const [received, sent] = [timestamp(answer, RECEIVE), timestamp(answer, TRANSMIT)];
      const roundTripMs = now - sentAt - (sent - received);
      finish({
        offsetMs: Math.round((received - sentAt + (sent - now)) / 2),
        roundTripMs: Math.round(roundTripMs),
      });
    });
    const question = Buffer.alloc(PACKET_BYTES);
    question[0] = CLIENT;
    sentAt = Date.now();
    socket.send(question, port, host, (error) => {
      if (error) finish(null);
    });
  });
}

/** Epoch milliseconds of 32 bits of seconds and 32 of their fractions. */
const timestamp = (packet: Buffer, at: number): number =>
  (packet.readUInt32BE(at) - EPOCH_S) * 1000 + (packet.readUInt32BE(at + 4) / 2 ** 32) * 1000;
