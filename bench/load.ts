/**
 * A station on the air beside the plainest loop over `ws` that says the same, over real sockets, one after the other:
 * `npm run bench -- load --json`. Needs all of 127.0.0.0/8 (Linux) and as many descriptors as listeners
 * (`ulimit -n`). With `--centrifugo PROGRAM`, or PIANOLA_CENTRIFUGO in the environment, a server of Centrifugo is measured in
 * the same run (`go install github.com/centrifugal/centrifugo/v6@v6.9.1`).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { chunksTogether } from '../src/broadcast/due.ts';
import { connect } from './load/listeners.ts';
import { quantile } from './sync/path.ts';

const TARGETS = { latenessTimes: 1.1, processorTimes: 1.3, memoryTimes: 1.2, lost: 0, joinDelayMs: 200 };
type Cost = { readonly cpuS: number; readonly rssMb: number; readonly delayMaxMs: number };

const optionOf = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};

const wordOf = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};

/** @param settings how many listen for how long, and how many of them join within a second */
export async function run(
  settings = {
    listeners: optionOf('listeners', 8_000),
    minutes: optionOf('minutes', 3),
    joins: optionOf('joins', 5_000),
  },
): Promise<object> {
  const ours = await evening('ours', settings);
  const plain = await evening('plain', settings);
  const times = (one: number, other: number) => Number((one / other).toFixed(2));
  const program = wordOf('centrifugo') ?? process.env.PIANOLA_CENTRIFUGO;
  const centrifugo = program
    ? await (await import('./load/centrifugo.ts')).centrifugoEvening(program, settings)
    : null;
  const compared = {
    latenessTimes: times(ours.latenessP99Ms, plain.latenessP99Ms),
    processorTimes: times(ours.processorS, plain.processorS),
    memoryTimes: times(ours.memoryMb, plain.memoryMb),
  };
  const met =
    compared.latenessTimes <= TARGETS.latenessTimes &&
    compared.processorTimes <= TARGETS.processorTimes &&
    compared.memoryTimes <= TARGETS.memoryTimes &&
    ours.lostChunks + ours.lostConnections === TARGETS.lost &&
    ours.joinLoopDelayMaxMs <= TARGETS.joinDelayMs;
  return {
    bench: 'load',
    ...settings,
    ours,
    plain,
    ...(centrifugo ? { centrifugo } : {}),
    ...compared,
    targets: TARGETS,
    met,
  };
}

async function evening(
  kind: 'ours' | 'plain',
  { listeners, minutes, joins }: { listeners: number; minutes: number; joins: number },
) {
  const loadBefore = loadavg()[0]!;
  const server = fork(new URL('./load/server.ts', import.meta.url), [kind, String(minutes)], {
    execArgv: ['--import', 'tsx'],
  });
  try {
    const port = Number(await answer(server));
    let lostConnections = 0;
    const crowd = await connect(port, listeners, () => lostConnections++);
    const joining = Math.min(joins, listeners);
    await ask(server, 'reset');
    await crowd.join(0, joining, 1_000);
    const joined = await ask(server, 'reset');
    await crowd.join(joining, listeners, (listeners - joining) / 2);
    await ask(server, 'reset');
    await sleep(minutes * 60_000);
    const after = await ask(server, 'read');
    crowd.close();
    const late = crowd.heard.flatMap(({ lateMs }) => lateMs);
    const [first, last] = extent(crowd.heard.map(({ chunks }) => Math.max(...chunks)));
    return {
      latenessP50Ms: quantile(late, 0.5),
      latenessP99Ms: quantile(late, 0.99),
      chunksPosted: late.length,
      // The last frame may be on its way to some: its chunks are lost to nobody yet.
      lostChunks: crowd.heard.reduce(
        (sum, { chunks }) => sum + missing(chunks, last - chunksTogether(listeners)),
        0,
      ),
      chunksApart: last - first,
      lostConnections,
      processorS: Number(after.cpuS.toFixed(2)),
      loopDelayMaxMs: Math.round(after.delayMaxMs),
      memoryMb: Math.round(after.rssMb),
      joinLoopDelayMaxMs: Math.round(joined.delayMaxMs),
      joinProcessorMs: Number(((1000 * joined.cpuS) / joining).toFixed(3)),
      loadAverage: [loadBefore, loadavg()[0]!].map((load) => Number(load.toFixed(1))),
    };
  } finally {
    server.kill();
  }
}

const extent = (values: readonly number[]) =>
  values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)] as const, [
    Number.POSITIVE_INFINITY,
    0,
  ] as readonly [number, number]);
const missing = (chunks: ReadonlySet<number>, last: number): number => {
  let count = 0;
  for (let seq = Math.min(...chunks); seq <= last; seq++) if (!chunks.has(seq)) count++;
  return count;
};
const answer = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
const ask = (child: ChildProcess, what: 'reset' | 'read'): Promise<Cost> => {
  const cost = answer(child) as Promise<Cost>;
  child.send(what);
  return cost;
};
