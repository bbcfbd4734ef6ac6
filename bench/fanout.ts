import { fork } from 'node:child_process';
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { gatewayPost } from '../src/adapters/aws/api-gateway.ts';
import { tokenBucket } from '../src/adapters/aws/token-bucket.ts';
import { memoryConnections } from '../src/adapters/memory/memory.ts';
import { systemClock } from '../src/adapters/system-clock.ts';
import { fanOut } from '../src/broadcast/fan-out.ts';
import type { Post } from '../src/ports.ts';
import { rawPost } from './fanout/raw-post.ts';

/**
 * How fast one process posts: the SDK's client as the broadcaster uses it, beside the same HTTP request signed by hand,
 * and beside the SDK called for everybody at once. The gateway is a process of its own that answers after 15 ms.
 */
const LISTENERS = 2_000;
const ROUNDS = 5;
/** As long as a frame of fifteen seconds of music. */
const FRAME = JSON.stringify({ type: 'chunk', notes: 'x'.repeat(1_500) });
const CREDENTIALS = { accessKeyId: 'fake', secretAccessKey: 'fake' };
const REGION = 'eu-central-1';
/** What a Lambda function of so many megabytes has of a processor: a whole one at 1,769 (AWS Lambda developer guide). */
const processorOf = (megabytes: number) => megabytes / 1_769;

type Figures = { readonly perSecond: number; readonly perProcessorSecond: number };

export async function run(): Promise<object> {
  const gateway = fork(new URL('./fanout/gateway.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
  try {
    const endpoint = await new Promise<string>((resolve) =>
      gateway.once('message', (m) => resolve(String(m))),
    );
    const client = new ApiGatewayManagementApiClient({
      ...{ endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 },
    });
    const ids = Array.from({ length: LISTENERS }, (_, i) => `listener${i}=`);
    const bucket = tokenBucket(1e6, systemClock);
    const sdk = gatewayPost({ client, bucket, clock: systemClock });
    const raw = rawPost({ endpoint, region: REGION, ...CREDENTIALS });
    const ways = { sdk: inLine(sdk), raw: inLine(raw), allAtOnce: atOnce(client) };
    const figures: Record<string, Figures[]> = { sdk: [], raw: [], allAtOnce: [] };
    // In turn, so that what else this machine does meets all of them alike; the first round warms up.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [name, way] of Object.entries(ways)) {
        const taken = await measured(() => way(ids));
        if (round > 0) figures[name]!.push(taken);
      }
    }
    const of = (name: string, what: keyof Figures) =>
      Math.round(median(figures[name]!.map((taken) => taken[what])));
    const perProcessorSecond = of('sdk', 'perProcessorSecond');
    const at512 = Math.round(perProcessorSecond * processorOf(512));
    return {
      bench: 'fanout',
      listeners: LISTENERS,
      rounds: ROUNDS,
      frameBytes: FRAME.length,
      postsPerSecond: of('sdk', 'perSecond'),
      postsPerProcessorSecond: perProcessorSecond,
      rawPostsPerSecond: of('raw', 'perSecond'),
      rawPostsPerProcessorSecond: of('raw', 'perProcessorSecond'),
      allAtOncePostsPerProcessorSecond: of('allAtOnce', 'perProcessorSecond'),
      // What follows for a broadcaster of the stack's memory, if a processor there is as fast as here.
      expectedPostsPerSecondAt512Mb: at512,
      secondsToTell2500At512Mb: Number((2_500 / at512).toFixed(1)),
    };
  } finally {
    gateway.kill();
  }
}

const inLine = (post: Post) => async (ids: readonly string[]) => {
  const out = fanOut({ connections: memoryConnections(), post, log: () => {} });
  out.send(ids, [FRAME]);
  await out.idle();
};
const atOnce = (client: ApiGatewayManagementApiClient) => async (ids: readonly string[]) => {
  await Promise.all(
    ids.map((ConnectionId) => client.send(new PostToConnectionCommand({ ConnectionId, Data: FRAME }))),
  );
};

async function measured(work: () => Promise<void>): Promise<Figures> {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { perSecond: LISTENERS / seconds, perProcessorSecond: LISTENERS / ((user + system) / 1e6) };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
