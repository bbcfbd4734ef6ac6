import { connect, createServer, type Socket } from 'node:net';
import { listenOn } from '../../src/adapters/net/listen-on.ts';

export type Proxy = {
  readonly url: string;
  /** Breaks every connection and refuses new ones until mended. */
  cut(): void;
  mend(): void;
  close(): void;
};

/** A wire to the station that can be cut. */
export async function proxyTo(port: number): Promise<Proxy> {
  const open = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.on('error', () => one.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  const own = await listenOn(server, 0, '127.0.0.1');
  const breakAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${own}`,
    cut() {
      whole = false;
      breakAll();
    },
    mend() {
      whole = true;
    },
    close() {
      breakAll();
      server.close();
    },
  };
}
