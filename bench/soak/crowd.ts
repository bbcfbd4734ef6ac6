/** Listeners who come and go at random, some of whom do not read; and visitors who break downloads off. */
import { setMaxListeners } from 'node:events';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

export type CrowdCounts = {
  joined: number;
  /** Left of their own accord, in good order or not. */
  left: number;
  /** Cut off by the station: the stalled ones. */
  cut: number;
  /** Refused, or never answered. */
  failed: number;
  downloadsBroken: number;
};

const STALLED = 0.2;
/** How long one stays, at most. */
const STAY_MS = 60_000;
/** The station takes 64 websockets of one address: each address of loopback is another visitor's. */
const EACH_ADDRESS = 50;
const DOWNLOADS_A_SECOND = 5;
const PING_MS = 10_000;

/** Keeps so many listeners there until `signal`; then all of them leave. */
export async function crowd(
  port: number,
  listeners: number,
  random: () => number,
  signal: AbortSignal,
): Promise<CrowdCounts> {
  const counts: CrowdCounts = { joined: 0, left: 0, cut: 0, failed: 0, downloadsBroken: 0 };
  // All of them wait for the same end.
  setMaxListeners(0, signal);
  const nap = (ms: number) => sleep(ms, undefined, { signal }).catch(() => {});

  async function oneAfterAnother(index: number): Promise<void> {
    const address = `127.0.0.${1 + Math.floor(index / EACH_ADDRESS)}`;
    // Not all of them in the first second.
    await nap((random() * listeners) / 0.2);
    while (!signal.aborted) await visit(address);
  }
  async function visit(localAddress: string): Promise<void> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, {
      origin: `http://127.0.0.1:${port}`,
      localAddress,
    });
    const over = new AbortController();
    socket.on('error', () => {}).on('close', () => over.abort());
    const ping = setInterval(() => {
      if (socket.readyState === socket.OPEN) socket.send('{"action":"ping","id":1}', () => {});
    }, PING_MS);
    try {
      const answered = await new Promise<boolean>((resolve) => {
        socket.once('open', () => socket.send('{"action":"join"}'));
        socket.once('message', () => resolve(true)).once('close', () => resolve(false));
      });
      if (!answered) {
        counts.failed++;
        return await nap(1_000);
      }
      counts.joined++;
      const stalled = random() < STALLED;
      if (stalled) socket.pause();
      const until = AbortSignal.any([over.signal, signal]);
      // Who stalls stays until the station has enough.
      await sleep(stalled ? STAY_MS : random() * STAY_MS, undefined, { signal: until }).catch(() => {});
      // Whoever does not read does not see that it was cut off, either.
      if (stalled) socket.resume();
      if (stalled) await sleep(1_000, undefined, { signal: over.signal }).catch(() => {});
      if (over.signal.aborted) counts.cut++;
      else counts.left++;
    } finally {
      clearInterval(ping);
      if (random() < 0.5) socket.terminate();
      else socket.close();
      socket.resume();
    }
  }
  async function downloads(paths: readonly string[]): Promise<void> {
    while (!signal.aborted) {
      const path = paths[Math.floor(random() * paths.length)]!;
      const localAddress = '127.0.0.254';
      const request = get({ host: '127.0.0.1', port, path, localAddress, agent: false });
      request
        .on('error', () => {})
        .once('response', (response) => {
          response.on('error', () => {});
          response.once('data', () => request.destroy());
        });
      counts.downloadsBroken++;
      await nap(1000 / DOWNLOADS_A_SECOND);
    }
  }

  const page = await (await fetch(`http://127.0.0.1:${port}/page.js`, { signal })).text();
  const samples = page.match(/piano\/[\w-]+\.mp3/g) ?? [];
  await Promise.all([
    ...Array.from({ length: listeners }, (_, index) => oneAfterAnother(index)),
    downloads(['/page.js', '/feed.xml', '/', ...samples.map((name) => `/${name}`)]),
  ]);
  return counts;
}
