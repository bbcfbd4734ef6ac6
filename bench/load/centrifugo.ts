/** Centrifugo as a peer of `npm run bench -- load`: its own server, published to by its HTTP interface, and listeners by its own protocol. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chunksTogether } from '../../src/broadcast/due.ts';
import { chunkFrames, dueMs, dueSeq } from '../../src/broadcast/frames.ts';
import { type Timeline, timeline } from '../../src/music/timeline.ts';
import { scale } from '../../tests/support/music.ts';
import { quantile } from '../sync/path.ts';
import { CHANNEL, connect } from './centrifugo-listeners.ts';

/** What is held for who joins: the lead's chunks, in frames of one chunk at least. */
const HELD_FRAMES = 9;
/** A server that has not begun to answer by then will not. */
const START_MS = 30_000;
/** Of `/proc/PID/stat`, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

const configOf = (port: number, key: string) => ({
  http_server: { address: '127.0.0.1', port },
  http_api: { key },
  log: { level: 'error' },
  usage_stats: { disabled: true },
  // A crowd takes its time to connect.
  client: { allowed_origins: ['*'], allow_anonymous_connect_without_token: true, stale_close_delay: '300s' },
  channel: {
    without_namespace: {
      ...{ allow_subscribe_for_client: true, allow_subscribe_for_anonymous: true },
      ...{ allow_history_for_subscriber: true, allow_history_for_anonymous: true },
      ...{ history_size: HELD_FRAMES, history_ttl: '300s' },
    },
  },
});

type Settings = { readonly listeners: number; readonly minutes: number; readonly joins: number };

/** The same evening as of the others. @param binary where Centrifugo's program is */
export async function centrifugoEvening(binary: string, { listeners, minutes, joins }: Settings) {
  const loadBefore = loadavg()[0]!;
  const directory = await mkdtemp(join(tmpdir(), 'pianola-centrifugo-'));
  const [port, key] = [await freePort(), randomUUID()];
  const config = join(directory, 'config.json');
  await writeFile(config, JSON.stringify(configOf(port, key)));
  const server = spawn(binary, ['-c', config], { stdio: ['ignore', 'ignore', 'inherit'] });
  const over = new AbortController();
  try {
    const publish = publisher(port, key);
    await answers(server, publish, binary);
    const t0 = Date.now();
    const playing = play(t0, timeline(scale((minutes + 12) * 60_000)), listeners, publish, over.signal);
    let lostConnections = 0;
    const crowd = await connect(port, listeners, t0, () => lostConnections++);
    const joining = Math.min(joins, listeners);
    const before = await costOf(server);
    await crowd.join(0, joining, 1_000);
    const joined = await costOf(server);
    await crowd.join(joining, listeners, (listeners - joining) / 2);
    const from = await costOf(server);
    await sleep(minutes * 60_000);
    const after = await costOf(server);
    crowd.close();
    over.abort();
    await playing;
    const late = crowd.heard.flatMap(({ lateMs }) => lateMs);
    const last = Math.max(...crowd.heard.map(({ chunks }) => Math.max(...chunks)));
    return {
      latenessP50Ms: quantile(late, 0.5),
      latenessP99Ms: quantile(late, 0.99),
      chunksPosted: late.length,
      lostChunks: crowd.heard.reduce((sum, { chunks }) => sum + missing(chunks, last - 1), 0),
      lostConnections,
      processorS: Number((after.cpuS - from.cpuS).toFixed(2)),
      memoryMb: Math.round(after.rssMb),
      joinProcessorMs: Number(((1000 * (joined.cpuS - before.cpuS)) / joining).toFixed(3)),
      joinsWithinMs: crowd.joinedWithinMs(),
      loadAverage: [loadBefore, loadavg()[0]!].map((load) => Number(load.toFixed(1))),
    };
  } finally {
    over.abort();
    server.kill();
    await rm(directory, { recursive: true, force: true });
  }
}

/** One frame to the channel. */
type Publish = (data: unknown) => Promise<void>;

function publisher(port: number, key: string): Publish {
  return async (data) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/publish`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': key },
      body: JSON.stringify({ channel: CHANNEL, data }),
    });
    const said = (await answer.json()) as { error?: { message: string } };
    if (said.error) throw new Error(`Centrifugo refused a frame: ${said.error.message}`);
  };
}

/** The frames of an evening of so many listeners, each as it is due, until the signal. */
async function play(t0: number, music: Timeline, listeners: number, publish: Publish, signal: AbortSignal) {
  const context = { broadcast: 'centrifugo', epoch: 1, here: listeners };
  const say = async (from: number, to: number) => {
    for (const frame of chunkFrames(music, from, to, context)) await publish(JSON.parse(frame));
  };
  let seq = dueSeq(music, 0);
  await say(0, seq);
  while (seq < music.chunks - 1) {
    const from = seq + 1;
    seq = Math.min(seq + chunksTogether(listeners), music.chunks - 1);
    const isOver = await sleep(Math.max(0, t0 + dueMs(seq) - Date.now()), false, { signal }).catch(
      () => true,
    );
    if (isOver) return;
    await say(from, seq);
  }
}

async function answers(server: ChildProcess, publish: Publish, binary: string): Promise<void> {
  const failed = new Promise<never>((_, reject) => {
    server.once('error', (cause) => reject(new Error(`${binary} could not be started`, { cause })));
    server.once('exit', (code) => reject(new Error(`${binary} ended with ${code}`)));
  });
  failed.catch(() => {});
  const until = Date.now() + START_MS;
  for (;;) {
    const isUp = await Promise.race([
      failed,
      publish({ type: 'nothing' }).then(
        () => true,
        () => false,
      ),
    ]);
    if (isUp) return;
    if (Date.now() > until) throw new Error(`${binary} did not answer within ${START_MS / 1000} s`);
    await sleep(200);
  }
}

/** Seconds of processor since it began, and memory held now. */
async function costOf({ pid }: ChildProcess): Promise<{ readonly cpuS: number; readonly rssMb: number }> {
  const [stat, status] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/status`, 'utf8'),
  ]);
  // After the name in brackets; utime and stime are the 14th and 15th of all.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const cpuS = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  return { cpuS, rssMb: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024 };
}

const missing = (chunks: ReadonlySet<number>, last: number): number => {
  let count = 0;
  for (let seq = Math.min(...chunks); seq <= last; seq++) if (!chunks.has(seq)) count++;
  return count;
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
