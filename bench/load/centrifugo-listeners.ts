/** Listeners by Centrifugo's client protocol (JSON over a websocket), in the process that measures. */
import { WebSocket } from 'ws';
import { dueMs } from '../../src/broadcast/frames.ts';
import { addressOf, connectAll, joinEvenly } from './crowd.ts';
import type { Heard } from './listeners.ts';

export const CHANNEL = 'evening';
/** A chunk in a publication; the frame is as it was published. */
const CHUNK = /\{"type":"chunk","seq":(\d+),"count":(\d+)/g;
/** Commands are numbered by whoever sends them. */
const [CONNECT, SUBSCRIBE, HISTORY] = [1, 2, 3];

export type CentrifugoListeners = {
  /** Has them subscribe, and asks for what is held, evenly over `ms`; resolves when each has its music. */
  join(from: number, to: number, ms: number): Promise<void>;
  /** From the first join's beginning to the last answer of the first call. */
  joinedWithinMs(): number;
  readonly heard: readonly Heard[];
  close(): void;
};

/** @param t0 what chunks are due by, epoch milliseconds. @param lost counts connections that closed by themselves */
export async function connect(
  port: number,
  count: number,
  t0: number,
  lost: () => void,
): Promise<CentrifugoListeners> {
  const sockets: WebSocket[] = [];
  const heard: { lateMs: number[]; chunks: Set<number> }[] = [];
  const answered: (() => void)[] = [];
  const joinedAt: number[] = [];
  let closing = false;
  let joinedWithin = 0;

  const one = (index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/connection/websocket`, {
        localAddress: addressOf(index),
        perMessageDeflate: false,
      });
      const mine = { lateMs: [] as number[], chunks: new Set<number>() };
      heard[index] = mine;
      sockets[index] = socket;
      socket.once('open', () => socket.send(`{"id":${CONNECT},"connect":{}}`));
      socket.once('error', reject);
      socket.on('close', () => {
        if (!closing) lost();
      });
      socket.on('message', (data: Buffer) => {
        const now = Date.now();
        if (data.length === 2) return socket.send('{}');
        const head = data.toString('latin1', 0, 200);
        if (head.startsWith('{"push"')) return take(data.toString('latin1', 0, 300), now);
        // Answers may come together, a line each.
        const text = data.toString('latin1');
        if (text.includes('"error"')) return reject(new Error(`Centrifugo answered ${text.slice(0, 300)}`));
        if (head.startsWith(`{"id":${CONNECT},`)) resolve();
        if (text.includes(`{"id":${HISTORY},`)) {
          take(text, now);
          answered[index]?.();
        }
      });
      const take = (text: string, now: number) => {
        for (const [, first, length] of text.matchAll(CHUNK)) {
          const [from, to] = [Number(first), Number(first) + Number(length)];
          for (let seq = from; seq < to; seq++) mine.chunks.add(seq);
          const due = t0 + dueMs(to - 1);
          // What was due before it came is held state, not late.
          if (due > joinedAt[index]!) mine.lateMs.push(now - due);
        }
      };
    });
  await connectAll(count, one);

  return {
    heard,
    joinedWithinMs: () => Math.round(joinedWithin),
    async join(from, to, ms) {
      const startedAt = performance.now();
      await joinEvenly({ from, to, ms }, (i) => {
        const given = new Promise<void>((resolve) => (answered[i] = resolve));
        joinedAt[i] = Date.now();
        const subscribe = `{"id":${SUBSCRIBE},"subscribe":{"channel":"${CHANNEL}"}}`;
        sockets[i]!.send(`${subscribe}\n{"id":${HISTORY},"history":{"channel":"${CHANNEL}","limit":-1}}`);
        return given;
      });
      joinedWithin ||= performance.now() - startedAt;
    },
    close() {
      closing = true;
      for (const socket of sockets) socket.terminate();
    },
  };
}
