/** One evening of a crowd, through the broadcaster, its helpers, buckets and posts as they are, to a gateway that is not well. */
import { gatewayAttempt } from '../../src/adapters/aws/gateway/post.ts';
import { tokenBucket } from '../../src/adapters/aws/token-bucket.ts';
import { broadcast } from '../../src/broadcast/broadcast.ts';
import { dueMs } from '../../src/broadcast/frames.ts';
import { CHUNK_MS } from '../../src/music/timeline.ts';
import { CROWD } from '../../src/publish/cost.ts';
import { crowdStation, ID, T0 } from '../../tests/support/crowd-station.ts';
import type { FakeClock } from '../../tests/support/fake-clock.ts';
import { type SimClock, simClock } from '../simulate/clock.ts';
import { type Ill, type Met, unwellGateway } from './unwell.ts';

export type Evening = {
  readonly names: readonly string[];
  /** Whose chunks are told of. */
  readonly healthy: ReadonlySet<string>;
  readonly ill: ReadonlyMap<string, Ill>;
  /** When they say that they leave, by name, and are forgotten. */
  readonly leaving?: ReadonlyMap<string, number>;
  readonly refusedShare: number;
  readonly minutes: number;
  /** Of the station, all its processes together. */
  readonly postsPerSecond: number;
  readonly random: () => number;
};

export type Heard = {
  /** Milliseconds after it was due, of each chunk of a healthy listener whose post was not refused itself … */
  readonly lateMs: readonly number[];
  /** … and of those that were refused at least once. */
  readonly refusedLateMs: readonly number[];
  /** Chunks that healthy listeners were not posted, and would have to ask for. */
  readonly lost: number;
  readonly processes: number;
  readonly met: Met;
};

const CHUNK = /^\{"type":"chunk","seq":(\d+),"count":(\d+)/;
/** Doors. */
const FROM = T0 - 130_000;

export async function evening(settings: Evening): Promise<Heard> {
  const { names, healthy, ill, refusedShare, minutes, postsPerSecond, random } = settings;
  const clock = running(simClock(FROM));
  const met: Met = { refused: 0, gone: 0, stalled: 0 };
  const refused = new Set<string>();
  const heard = new Map<string, Set<number>>([...healthy].map((name) => [name, new Set()]));
  const [lateMs, refusedLateMs]: number[][] = [[], []];
  const deliver = (name: string, frame: string) => {
    const wasRefused = refused.delete(name);
    const mine = heard.get(name);
    const [, from, count] = CHUNK.exec(frame.slice(0, 60)) ?? [];
    if (!mine || from === undefined) return;
    const due = T0 + dueMs(Number(from) + Number(count) - 1);
    for (let seq = Number(from); seq < Number(from) + Number(count); seq++) {
      if (mine.has(seq)) continue;
      mine.add(seq);
      (wasRefused ? refusedLateMs : lateMs)!.push(clock.now() - due);
    }
  };
  const station = await crowdStation({
    ...{ durationMs: minutes * 60_000, names, clock, now: FROM, deliver },
    limits: { ...CROWD, postsPerSecond },
    transport: (post) => {
      const bucket = tokenBucket(postsPerSecond, clock);
      const world = { clock, random, ill, refusedShare };
      const gateway = unwellGateway(world, post, met, (name) => refused.add(name));
      return { post: gatewayAttempt({ gateway, bucket, clock }), share: bucket.share };
    },
  });
  for (const [name, at] of settings.leaving ?? [])
    clock.at(at, () => void station.ports.connections.remove(name));
  await clock.runUntil(broadcast(ID, 'one', station.ports));
  await station.settle();
  const chunks = (minutes * 60_000) / CHUNK_MS;
  const lost = [...heard.values()].reduce((sum, seqs) => sum + Math.max(0, chunks - seqs.size), 0);
  return { lateMs: lateMs!, refusedLateMs: refusedLateMs!, lost, processes: 1 + station.helpers.length, met };
}

/** Where an evening's clock is asked to run to its end, by the second. */
function running(clock: SimClock): SimClock & FakeClock {
  return {
    ...clock,
    async runUntil(work) {
      let settled = false;
      const done = () => {
        settled = true;
      };
      work.then(done, done);
      while (!settled) await clock.runTo(clock.now() + 1_000, () => settled);
      return work;
    },
  };
}
