/** Listeners over real sockets, in the process that measures: each notes when every chunk came. */
import { WebSocket } from 'ws';
import { dueMs } from '../../src/broadcast/frames.ts';
import { addressOf, connectAll, joinEvenly } from './crowd.ts';

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
        localAddress: addressOf(index),
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
  await connectAll(count, one);
  return {
    heard,
    join: (from, to, ms) =>
      joinEvenly({ from, to, ms }, (i) => {
        const given = new Promise<void>((resolve) => (answered[i] = resolve));
        joinedAt[i] = Date.now();
        sockets[i]!.send('{"action":"join"}');
        return given;
      }),
    close() {
      closing = true;
      for (const socket of sockets) socket.terminate();
    },
  };
}
