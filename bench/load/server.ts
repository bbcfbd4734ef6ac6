/** A process of its own that serves listeners: a station on the air, or the plainest loop over `ws` that says the same. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type WebSocket, WebSocketServer } from 'ws';
import { listenOn } from '../../src/adapters/net/listen-on.ts';
import { chunksTogether } from '../../src/broadcast/due.ts';
import { chunkFrames, dueMs, dueSeq, helloFrame, seqAt } from '../../src/broadcast/frames.ts';
import { openStation } from '../../src/local/station.ts';
import { timeline } from '../../src/music/timeline.ts';
import { encodeFrame } from '../../src/wire.ts';
import { scale, stored } from '../../tests/support/music.ts';

const DAY = '2020-01-01';
const MB = 1024 * 1024;
/** Between the plain loop's pings. */
const HEARTBEAT_MS = 30_000;
const [kind, minutes] = [process.argv[2], Number(process.argv[3])];
/** Two minutes are ahead of everybody, and a crowd takes its time to connect. */
const durationMs = (minutes + 12) * 60_000;

/** Resolves to where it is. */
const serve = { ours, plain }[kind as 'ours' | 'plain'];

async function ours(): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'pianola-load-'));
  const station = await openStation({
    ...{ dataDir, host: '127.0.0.1', port: 0, assets: new Map(), timeZone: 'UTC', timeOfDay: '20:00' },
    log: () => {},
  });
  await station.performances.create(stored(DAY, scale(durationMs)));
  void station.play({ window: 'load', startsAt: Date.now(), wanted: DAY, next: null });
  process.once('disconnect', () => void rm(dataDir, { recursive: true }).finally(() => process.exit()));
  return Number(new URL(station.url).port);
}

async function plain(): Promise<number> {
  const server = createServer();
  const wss = new WebSocketServer({ server, perMessageDeflate: false });
  const music = timeline(scale(durationMs));
  const t0 = Date.now();
  const context = { broadcast: 'plain', epoch: 1, here: 1 };
  const hello = () => encodeFrame({ ...helloFrame(null, Date.now(), null), t0 });
  wss.on('connection', (socket) => {
    socket.on('message', () => {
      const position = Date.now() - t0;
      socket.send(hello());
      for (const frame of chunkFrames(music, seqAt(position), dueSeq(music, position), context))
        socket.send(frame);
    });
  });
  // As the page of `ws` has it: whoever has not answered since the ping before is not there.
  const here = new WeakSet<WebSocket>();
  wss.on('connection', (socket) => {
    here.add(socket);
    socket.on('pong', () => here.add(socket));
  });
  setInterval(() => {
    for (const socket of wss.clients) {
      if (!here.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }, HEARTBEAT_MS);
  let seq = dueSeq(music, 0);
  const next = () => {
    const from = seq + 1;
    seq = Math.min(seq + chunksTogether(wss.clients.size), music.chunks - 1);
    if (from > seq) return;
    setTimeout(
      () => {
        for (const frame of chunkFrames(music, from, seq, context))
          for (const socket of wss.clients) socket.send(frame);
        next();
      },
      t0 + dueMs(seq) - Date.now(),
    );
  };
  next();
  process.once('disconnect', () => process.exit());
  return listenOn(server, 0, '127.0.0.1');
}

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
let cpu = process.cpuUsage();
process.on('message', (what) => {
  const { user, system } = process.cpuUsage(cpu);
  process.send?.({
    cpuS: (user + system) / 1e6,
    rssMb: process.memoryUsage.rss() / MB,
    delayMaxMs: delay.max / 1e6,
  });
  if (what === 'reset') {
    cpu = process.cpuUsage();
    delay.reset();
  }
});
process.send?.(await serve());
