import type { Broadcast, Broadcasts, Clock, Connections, Manners, Punches } from '../ports.ts';
import { type Composing, encodeFrame, parseRequest } from '../wire.ts';
import { dueSeq, heldFrames, helloFrame, seqAt } from './frames.ts';
import { punch } from './margin/punch.ts';
import type { Timelines } from './timelines.ts';

export type ListenPorts = {
  readonly broadcasts: Pick<Broadcasts, 'current' | 'leaseUntil' | 'get'>;
  readonly timelines: Timelines;
  readonly connections: Connections;
  readonly clock: Clock;
  /** Start of the first broadcast after an instant, by the windows in force now; null: none will come. */
  readonly nextStart: (after: number) => Promise<number | null>;
  readonly manners: Manners;
  readonly punches: Pick<Punches, 'punch'>;
  /** Whether whoever is behind this connection may punch now; everybody where not given. */
  readonly mayPunch?: () => boolean;
  /** Called for a broadcast on the air, its doors counted in, whose broadcaster has died; at once, so that nobody hears it. */
  readonly wake: (broadcastId: string) => unknown;
  /** What is being composed to be played at once; null: nothing is. */
  readonly composing?: () => Composing | null;
  /** Whether the site has a clock of its own that pages may ask. */
  readonly siteClock?: boolean;
  /** How many listen; counted where not given. */
  readonly here?: () => Promise<number>;
};

/** Answers of one connection, in order, and whether to hang up after them. */
export type Answer = { readonly frames: readonly string[]; readonly close: boolean };

/**
 * What one connection may ask: `join`, `ping`, `resume`, `punch`.
 * @param receivedAt when the message arrived, epoch milliseconds; as near to the network as can be had
 */
export async function listen(
  connectionId: string,
  text: string,
  receivedAt: number,
  ports: ListenPorts,
): Promise<Answer> {
  const request = parseRequest(text);
  if (!request) {
    const message =
      'expected {"action":"join"}, {"action":"ping","id":n}, {"action":"resume","broadcast":id,"after":seq} or {"action":"punch","broadcast":id}';
    const close = (await ports.manners(connectionId)) === 'close';
    return { frames: [encodeFrame({ type: 'error', code: 'bad_request', message })], close };
  }
  if (request.action === 'ping') {
    await wakeIfOrphaned(await ports.broadcasts.current(), ports);
    const sentAt = ports.clock.now();
    return { frames: [encodeFrame({ type: 'pong', id: request.id, receivedAt, sentAt })], close: false };
  }
  if (request.action === 'punch')
    return { frames: [encodeFrame(await punch(connectionId, request.broadcast, ports))], close: false };
  await ports.connections.add(connectionId);
  const row = await ports.broadcasts.current();
  await wakeIfOrphaned(row, ports);
  const after = request.action === 'resume' && request.broadcast === row?.id ? request.after : null;
  const frames = await framesNow(row, after, ports);
  return { frames: [await hello(row, ports), ...frames], close: false };
}

/** What a listener must hold now: from the chunk that plays, or the one after the last it has, up to the lead. */
async function framesNow(
  row: Broadcast | null,
  after: number | null,
  ports: ListenPorts,
): Promise<readonly string[]> {
  if (!row?.performance || (row.state !== 'doors' && row.state !== 'live')) return [];
  const music = await ports.timelines(row.performance);
  if (!music) return [];
  const position = ports.clock.now() - row.startsAt;
  const from = Math.max(seqAt(position), (after ?? -1) + 1);
  const context = {
    broadcast: row.id,
    epoch: row.epoch,
    here: await (ports.here ?? ports.connections.count)(),
  };
  return heldFrames(music, from, dueSeq(music, position), context);
}

export async function hello(
  row: Broadcast | null,
  {
    clock,
    nextStart,
    composing,
    siteClock,
  }: Pick<ListenPorts, 'clock' | 'nextStart' | 'composing' | 'siteClock'>,
): Promise<string> {
  const now = clock.now();
  const onAir = row?.state === 'doors' || row?.state === 'live';
  // What comes next may have changed since the row was written.
  const next = row?.state === 'scheduled' ? row.startsAt : await nextStart(onAir ? row.startsAt : now);
  const made = composing?.();
  return encodeFrame({
    ...helloFrame(row, now, next),
    ...(made ? { composing: made } : {}),
    ...(siteClock ? { clock: true } : {}),
  });
}

async function wakeIfOrphaned(
  row: Broadcast | null,
  { broadcasts, clock, wake }: ListenPorts,
): Promise<void> {
  // From the doors on: the first two minutes of music go out before T0.
  const onAir = row?.state === 'live' || row?.state === 'doors';
  if (onAir && (await broadcasts.leaseUntil(row.id)) < clock.now()) await wake(row.id);
}
