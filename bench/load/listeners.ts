/** Listeners over real sockets, in the process that measures: each notes when every chunk came. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { dueMs } from '../../src/broadcast/frames.ts';

/** The station takes 64 websockets of one address: each address of loopback is another visitor's. */
const EACH_ADDRESS = 50;
/** Handshakes at a time. */
const AT_ONCE = 50;

export type Heard = { readonly lateMs: number[]; readonly chunks: ReadonlySet<number> };

export type Listeners = {
  /** Sends `join` from those numbered `from` to `to` (exclusive), evenly over `ms`; resolves when each has its music. */
  join(from: number, to: number, ms: number): Promise<void>;
  readonly heard: readonly Heard[];
  close(): void;
};

const HEAD = /^\{"type":"chunk","seq":(\d+),"count":(\d+)/;

/** @param lost counts connections that closed by themselves */
export async function connect(port: number, count: number, lost: () => void): Promise<Listeners> {
  const sockets: WebSocket[] = [];
  const heard: { lateMs: number[]; chunks: Set<number> }[] = [];
  const answered: (() => void)[] = [];
  const joinedAt: number[] = [];
  let t0 = 0;
  let closing = false;
  const one = (index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, {
        origin: `http://127.0.0.1:${port}`,
        localAddress: `127.0.${1 + Math.floor(index / EACH_ADDRESS / 200)}.${1 + (Math.floor(index / EACH_ADDRESS) % 200)}`,
        perMessageDeflate: false,
      });
      const mine = { lateMs: [] as number[], chunks: new Set<number>() };
      heard[index] = mine;
      sockets[index] = socket;
      socket.once('open', () => resolve());
      socket.once('error', reject);
      socket.on('close', () => {
        if (!closing) lost();
      });
      socket.on('message', (data: Buffer) => {
        const now = Date.now();
        const head = HEAD.exec(data.toString('latin1', 0, 60));
        if (!head) {
          t0 ||= Number(JSON.parse(String(data)).t0);
          return;
        }
        const [from, length] = [Number(head[1]), Number(head[2])];
        for (let seq = from; seq < from + length; seq++) mine.chunks.add(seq);
        const due = t0 + dueMs(from + length - 1);
        // What was due before it came is held state, not late.
        if (due > joinedAt[index]!) mine.lateMs.push(now - due);
        answered[index]?.();
      });
    });
  for (let from = 0; from < count; from += AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => one(from + i)));
  return {
    heard,
    async join(from, to, ms) {
      const startedAt = performance.now();
      const all: Promise<void>[] = [];
      for (let i = from; i < to; i++) {
        all.push(new Promise((resolve) => (answered[i] = resolve)));
        joinedAt[i] = Date.now();
        sockets[i]!.send('{"action":"join"}');
        const ahead = ((i + 1 - from) / (to - from)) * ms - (performance.now() - startedAt);
        if (ahead > 5) await sleep(ahead);
      }
      await Promise.all(all);
    },
    close() {
      closing = true;
      for (const socket of sockets) socket.terminate();
    },
  };
}
