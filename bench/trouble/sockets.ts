/**
 * A station of one's own over real sockets, beside itself with trouble: some read nothing after they have joined, and some
 * vanish without a word in the course of it.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { seededRandom } from '../../src/music/random.ts';
import { connect } from '../load/listeners.ts';
import { quantile } from '../sync/path.ts';

type Settings = {
  readonly healthy: number;
  readonly stalled: number;
  readonly vanishing: number;
  readonly seconds: number;
};

/** All together fewer than those who are given two chunks in one frame: twice as many moments. */
const SETTINGS: Settings = { healthy: 300, stalled: 50, vanishing: 100, seconds: 40 };
/** Each way has as many turns; one may fall on a moment at which the machine does something else. */
const TURNS = 2;
/** Of another part of loopback than the healthy. */
const EACH_ADDRESS = 50;
const AHEAD_MINUTES = 5;

export async function overSockets(settings = SETTINGS) {
  const loadBefore = loadavg()[0]!;
  const [calm, troubled]: Evening[][] = [[], []];
  for (let turn = 0; turn < TURNS; turn++) {
    calm!.push(await evening({ ...settings, stalled: 0, vanishing: 0 }, turn));
    troubled!.push(await evening(settings, turn));
  }
  const [without, withTrouble] = [together(calm!), together(troubled!)];
  const growth = Number((100 * (withTrouble.p99 / without.p99 - 1)).toFixed(1));
  const loadAverage = [loadBefore, loadavg()[0]!].map((load) => Number(load.toFixed(1)));
  return { ...settings, turns: TURNS, without, withTrouble, growth, loadAverage };
}

type Evening = {
  readonly late: readonly number[];
  /** What healthy listeners have heard differs by so many chunks. */
  readonly chunksApart: number;
  readonly lostConnections: number;
  readonly cpuS: number;
  readonly delayMaxMs: number;
};

function together(evenings: readonly Evening[]) {
  const late = evenings.flatMap((one) => one.late);
  const most = (of: (one: Evening) => number) => Math.max(...evenings.map(of));
  return {
    p50: quantile(late, 0.5),
    p99: quantile(late, 0.99),
    max: late.reduce((a, b) => Math.max(a, b), 0),
    posts: late.length,
    chunksApart: most((one) => one.chunksApart),
    lostConnections: most((one) => one.lostConnections),
    processorS: evenings.map(({ cpuS }) => Number(cpuS.toFixed(2))),
    loopDelayMaxMs: Math.round(most((one) => one.delayMaxMs)),
  };
}

async function evening({ healthy, stalled, vanishing, seconds }: Settings, seed: number): Promise<Evening> {
  const server = fork(new URL('../load/server.ts', import.meta.url), ['ours', String(AHEAD_MINUTES)], {
    execArgv: ['--import', 'tsx'],
  });
  const ill: WebSocket[] = [];
  try {
    const port = Number(await told(server));
    let lostConnections = 0;
    const crowd = await connect(port, healthy, () => lostConnections++);
    await crowd.join(0, healthy, 1_000);
    for (let i = 0; i < stalled + vanishing; i++) ill.push(await joined(port, i));
    for (const socket of ill.slice(0, stalled)) socket.pause();
    const random = seededRandom(seed);
    const leaving = ill.slice(stalled).map(async (socket) => {
      await sleep(random() * seconds * 1_000);
      socket.terminate();
    });
    ask(server, 'reset');
    await told(server);
    await sleep(seconds * 1_000);
    await Promise.all(leaving);
    ask(server, 'read');
    const { cpuS, delayMaxMs } = (await told(server)) as { cpuS: number; delayMaxMs: number };
    crowd.close();
    const late = crowd.heard.flatMap(({ lateMs }) => lateMs);
    const chunks = crowd.heard.map(({ chunks }) => chunks.size);
    const apart = Math.max(...chunks) - Math.min(...chunks);
    return { late, chunksApart: apart, lostConnections, cpuS, delayMaxMs };
  } finally {
    for (const socket of ill) socket.terminate();
    server.kill();
  }
}

/** One that has been given its first frame. */
const joined = (port: number, index: number): Promise<WebSocket> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, {
      origin: `http://127.0.0.1:${port}`,
      localAddress: `127.9.0.${1 + Math.floor(index / EACH_ADDRESS)}`,
      perMessageDeflate: false,
    });
    socket.once('open', () => socket.send('{"action":"join"}'));
    socket.once('message', () => resolve(socket));
    socket.once('error', reject);
  });

const ask = (server: ChildProcess, what: 'reset' | 'read') => void server.send(what);
const told = (server: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    server.once('message', resolve);
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
