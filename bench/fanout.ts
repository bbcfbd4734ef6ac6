import { fork } from 'node:child_process';
import { Agent } from 'node:https';
import { loadavg } from 'node:os';
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { type Gateway, gatewayAttempt } from '../src/adapters/aws/gateway/post.ts';
import { signedGateway } from '../src/adapters/aws/gateway/signed-gateway.ts';
import { tokenBucket } from '../src/adapters/aws/token-bucket.ts';
import { memoryConnections } from '../src/adapters/memory/memory.ts';
import { systemClock } from '../src/adapters/system-clock.ts';
import { fanOut } from '../src/broadcast/fan-out.ts';
import { loopbackTls } from '../tests/fakes/loopback-tls.ts';
import { sdkGateway } from '../tests/support/sdk-gateway.ts';
import { agentGateway } from './fanout/agent-gateway.ts';
import { withQuota } from './fanout/quota.ts';

/**
 * How fast one process posts: ours as the broadcaster uses it, over HTTP/2 and where only HTTP/1.1 is offered, beside the same over
 * `node:https`, and beside the SDK's client, all in line and under one bucket. The gateway is a process of its own that speaks
 * TLS and answers after 15 ms.
 */
const DEFAULTS = { listeners: 2_000, rounds: 7 };
/** As long as a frame of fifteen seconds of music. */
const FRAME = JSON.stringify({ type: 'chunk', notes: 'x'.repeat(1_500) });
/** A function's credentials come with a session token, which is sent and signed with every post. */
const CREDENTIALS = { accessKeyId: 'fake', secretAccessKey: 'fake', sessionToken: 'T'.repeat(900) };
/** Enough to be told from the kernel's periods. */
const LIMITED_ROUNDS = 3;
const REGION = 'eu-central-1';
/** What a Lambda function of so many megabytes has of a processor: a whole one at 1,769 (AWS Lambda developer guide). */
const processorOf = (megabytes: number) => megabytes / 1_769;

type Figures = { readonly perSecond: number; readonly perCpuSecond: number };

export async function run({ listeners, rounds } = DEFAULTS): Promise<object> {
  const child = fork(new URL('./fanout/gateway.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
  const loadBefore = loadavg()[0]!;
  const open: Gateway[] = [];
  try {
    const endpoint = await new Promise<string>((resolve) => child.once('message', (m) => resolve(String(m))));
    const shared = { region: async () => REGION, credentials: async () => CREDENTIALS, ca: loopbackTls.ca };
    const httpsAgent = new Agent({ keepAlive: true, maxSockets: 64, ca: loopbackTls.ca });
    const client = new ApiGatewayManagementApiClient({
      ...{ endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 },
      requestHandler: { httpsAgent },
    });
    const ways = {
      ours: signedGateway({ ...shared, endpoint, clock: systemClock }),
      http1: signedGateway({ ...shared, endpoint, clock: systemClock, protocols: ['http/1.1'] }),
      agent: agentGateway({ ...shared, endpoint }),
      sdk: sdkGateway(client),
    };
    open.push(...Object.values(ways));
    const ids = Array.from({ length: listeners }, (_, i) => `listener${i}=`);
    const figures: Record<keyof typeof ways, Figures[]> = { ours: [], http1: [], agent: [], sdk: [] };
    // In turn, so that what else this machine does meets all of them alike; the first round warms up.
    for (let round = 0; round <= rounds; round++) {
      for (const name of ['ours', 'http1', 'agent', 'sdk'] as const) {
        const taken = await measured(listeners, () => inLine(ways[name], ids));
        if (round > 0) figures[name].push(taken);
      }
    }
    const of = (name: keyof typeof ways, what: keyof Figures) =>
      Math.round(median(figures[name].map((taken) => taken[what])));
    const postsPerCpuSecond = of('ours', 'perCpuSecond');
    const sdkPostsPerCpuSecond = of('sdk', 'perCpuSecond');
    const byMemory = async (megabytes: number) => {
      const limited = await withQuota(processorOf(megabytes), async () => {
        const taken: Figures[] = [];
        for (let round = 0; round < LIMITED_ROUNDS; round++)
          taken.push(await measured(listeners, () => inLine(ways.ours, ids)));
        return Math.round(median(taken.map(({ perSecond }) => perSecond)));
      });
      return 'done' in limited ? limited.done : limited.why;
    };
    return {
      bench: 'fanout',
      listeners,
      rounds,
      frameBytes: FRAME.length,
      postsPerCpuSecond,
      sdkPostsPerCpuSecond,
      http1PostsPerCpuSecond: of('http1', 'perCpuSecond'),
      agentPostsPerCpuSecond: of('agent', 'perCpuSecond'),
      timesSdk: Number((postsPerCpuSecond / sdkPostsPerCpuSecond).toFixed(2)),
      postsPerSecond: of('ours', 'perSecond'),
      sdkPostsPerSecond: of('sdk', 'perSecond'),
      // A broadcaster of so much memory, if a processor there is as fast as here: the kernel gives this process as much of one.
      postsPerSecondAt512Mb: await byMemory(512),
      postsPerSecondAt1769Mb: await byMemory(1_769),
      loadAverage: [loadBefore, loadavg()[0]!].map((load) => Number(load.toFixed(1))),
    };
  } finally {
    for (const gateway of open) await gateway.close();
    child.kill();
  }
}

async function inLine(gateway: Gateway, ids: readonly string[]): Promise<void> {
  const bucket = tokenBucket(1e6, systemClock);
  let failed = 0;
  const post = gatewayAttempt({ gateway, bucket, clock: systemClock });
  const out = fanOut({ connections: memoryConnections(), post, clock: systemClock, log: () => failed++ });
  out.send(ids, [FRAME]);
  await out.idle();
  if (failed > 0)
    throw new Error(`${failed} of ${ids.length} posts failed: the figure would be of something else`);
}

async function measured(listeners: number, work: () => Promise<void>): Promise<Figures> {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { perSecond: listeners / seconds, perCpuSecond: listeners / ((user + system) / 1e6) };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
