/** Broadcasters that are doubled, that pause, and that die; days without music of their own; nobody, and everybody, there. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dynamoBroadcasts } from '../../src/adapters/aws/dynamodb-broadcasts.ts';
import { databaseBroadcasts } from '../../src/adapters/database/broadcasts.ts';
import { openDatabase } from '../../src/adapters/database/database.ts';
import { memoryManners } from '../../src/adapters/memory/manners.ts';
import { memoryPerformances } from '../../src/adapters/memory/memory.ts';
import { memoryPunches } from '../../src/adapters/memory/punches.ts';
import { type BroadcastPorts, broadcast } from '../../src/broadcast/broadcast.ts';
import { chunksTogether } from '../../src/broadcast/due.ts';
import { seqAt } from '../../src/broadcast/frames.ts';
import { LEASE_MS } from '../../src/broadcast/lease.ts';
import { type ListenPorts, listen } from '../../src/broadcast/listen.ts';
import { timelines } from '../../src/broadcast/timelines.ts';
import type { Broadcasts, Post } from '../../src/ports.ts';
import { type Frame, parseFrame } from '../../src/wire.ts';
import { score } from '../../web/score/score.ts';
import { type FakeDynamo, fakeDynamo } from '../fakes/dynamodb.ts';
import { aListener } from '../support/a-listener.ts';
import { liveHello } from '../support/hello.ts';
import { memoryBroadcast } from '../support/memory-broadcast.ts';
import { scale, stored } from '../support/music.ts';

const T0 = 1_000_000_000;
const DAY = '2026-11-21';
const ID = 'daily@1970-01-12T13:46:40.000Z';

/** A station in memory on a held clock, with one page that listens; `heard` is all that it was sent. */
async function aStation(durationMs: number, now: number) {
  const music = scale(durationMs);
  const row = { id: ID, startsAt: T0, wanted: DAY, next: null };
  const memory = await memoryBroadcast(row, now, { [DAY]: music });
  const { clock, broadcasts, connections, performances } = memory;
  const page = aListener(clock.now, T0);
  const heard: { readonly at: number; readonly frame: Frame }[] = [];
  const post: Post = async (_id, text) => {
    const frame = parseFrame(text)!;
    heard.push({ at: clock.now(), frame });
    page.receive(frame);
    return 'sent' as const;
  };
  const ports: BroadcastPorts = {
    ...{ ...memory, post, log: () => {} },
  };
  return { clock, ports, broadcasts, connections, page, heard, music, performances };
}
type Chunk = Extract<Frame, { type: 'chunk' }>;
const chunksOf = (heard: readonly { readonly frame: Frame }[]): Chunk[] =>
  heard.flatMap(({ frame }) => (frame.type === 'chunk' ? [frame] : []));

describe('two broadcasters', () => {
  let dynamo: FakeDynamo;
  let directory: string;
  beforeAll(async () => {
    dynamo = await fakeDynamo();
    directory = await mkdtemp(join(tmpdir(), 'pianola-race-'));
  });
  afterAll(async () => {
    await dynamo.close();
    await rm(directory, { recursive: true });
  });

  test('case 63: of fifty who want the lease at once one has it, in DynamoDB and in the database', async () => {
    const database = openDatabase(join(directory, 'race.db'));
    const stores: Record<string, Broadcasts> = {
      dynamo: dynamoBroadcasts({ client: dynamo.client, table: 'BroadcastsTable' }),
      database: databaseBroadcasts(database),
    };
    for (const [name, store] of Object.entries(stores)) {
      await store.schedule({ id: ID, startsAt: T0, wanted: DAY, next: null });
      const racers = Array.from({ length: 50 }, (_, i) => store.acquire(ID, `racer ${i}`, T0, T0 + LEASE_MS));
      const outcomes = await Promise.all(racers);
      const winners = outcomes.filter((outcome) => 'epoch' in outcome);
      expect({ name, winners }).toMatchObject({ name, winners: [{ epoch: 1 }] });
      expect(outcomes.filter((outcome) => 'heldUntil' in outcome)).toHaveLength(49);
    }
    database.close();
  });

  test('case 63: a doubled timer is one broadcast; what silences or sounds says its epoch, and a page drops a lower one', async () => {
    const { clock, ports, heard, page, music } = await aStation(90_000, T0 - 200_000);
    const both = ['one', 'two'].map((owner) => broadcast(ID, owner, ports));
    expect((await clock.runUntil(Promise.all(both))).sort()).toEqual(['elsewhere', 'ended']);
    expect(chunksOf(heard).map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(page.notes()).toEqual(music.notes);
    for (const { frame } of heard) if (frame.type !== 'hello') expect(frame).toMatchObject({ epoch: 1 });

    const ours = score();
    ours.begin(liveHello({ broadcast: ID, epoch: 2 }));
    const [first] = chunksOf(heard);
    expect(ours.chunk({ ...first!, epoch: 1 })).toBe('stale');
    expect(ours.stop(ID, 1)).toBe(false);
    expect(ours.begin(liveHello({ broadcast: ID, epoch: 1 }))).toBe('stale');
    expect(ours.chunk({ ...first!, epoch: 2 })).toBe('new');
  });

  test('case 64: one that slept in the middle of a post is dropped by its token, and posts nothing more', async () => {
    const { clock, ports, heard, page, music, connections } = await aStation(240_000, T0 - 200_000);
    let pauses = 1;
    const sleepy: typeof connections.list = async (part) => {
      // After the look at the lease, before the post.
      if (clock.now() > T0 + 20_000 && pauses-- > 0) await clock.sleepUntil(clock.now() + 60_000);
      return connections.list(part);
    };
    const one = broadcast(ID, 'one', { ...ports, connections: { ...connections, list: sleepy } });
    await clock.runTo(T0 + 45_000);
    const two = broadcast(ID, 'two', ports);
    expect(await clock.runUntil(Promise.all([one, two]))).toEqual(['superseded', 'ended']);
    const taken = heard.findIndex(({ frame }) => 'epoch' in frame && frame.epoch === 2);
    const late = heard.slice(taken).filter(({ frame }) => 'epoch' in frame && frame.epoch === 1);
    // The chunk in whose middle it slept: the page has the next epoch, and takes nothing of it.
    expect(late).toHaveLength(1);
    const ours = score();
    ours.begin(liveHello({ broadcast: ID, durationMs: 240_000 }));
    const verdicts = chunksOf(heard).map((chunk) => `${chunk.epoch} ${ours.chunk(chunk)}`);
    expect(new Set(verdicts)).toEqual(new Set(['1 new', '1 stale', '2 new']));
    expect(page.notes()).toEqual(music.notes);
    expect(page.state).toMatchObject({ late: 0, contradictions: 0, ended: true });
  });
});

describe('a broadcaster that is killed in the cloud', () => {
  /** A page pings, and so finds that nobody is at work. */
  const PING_MS = 40_000;
  const CHECK_MS = 60_000;

  test('case 65: from -115 s to +100 s of T0, another goes on by T0’s clock while pages hold half a minute and more', async () => {
    for (const killAt of [-115_000, -60_000, 5_000, 20_000, 61_000, 100_000]) {
      const { clock, ports, broadcasts, heard, page, music, connections } = await aStation(
        240_000,
        T0 - 200_000,
      );
      const killed = new AbortController();
      const playing: Promise<unknown>[] = [];
      void broadcast(ID, 'one', ports, killed.signal).catch(() => {});
      const asking: ListenPorts = {
        ...{ broadcasts, connections, clock },
        timelines: ports.timelines,
        nextStart: async () => null,
        punches: memoryPunches(),
        manners: memoryManners(clock),
        wake: (id) =>
          void playing.push(broadcast(id, `woken ${playing.length}`, { ...ports, patient: false })),
      };
      await clock.runTo(T0 + killAt);
      killed.abort(new Error('kill -9'));
      let checked = false;
      for (let at = T0 + killAt + PING_MS; at < T0 + 240_000; at += PING_MS) {
        if (!checked && at > T0 + CHECK_MS) {
          await clock.runTo(Math.max(clock.now(), T0 + CHECK_MS));
          checked = true;
          playing.push(broadcast(ID, 'check', ports));
        }
        await clock.runTo(at);
        await listen('a', '{"action":"ping","id":1}', clock.now(), asking);
      }
      await clock.runUntil(Promise.all(playing));
      const second = heard.find(({ frame }) => frame.type === 'chunk' && frame.epoch === 2)!;
      // Where the music stands, and not its beginning.
      expect((second.frame as Chunk).seq).toBe(seqAt(second.at - T0));
      expect(second.at - T0 - killAt).toBeLessThanOrEqual(Math.max(PING_MS + LEASE_MS, CHECK_MS - killAt));
      expect({ killAt, inHand: page.leastInHand() > 30_000 }).toEqual({ killAt, inHand: true });
      expect(page.notes()).toEqual(music.notes);
      expect(page.state).toMatchObject({ late: 0, contradictions: 0, ended: true });
    }
  });
});

describe('a day without music of its own', () => {
  const played = async (spoil: (performances: ReturnType<typeof memoryPerformances>) => Promise<void>) => {
    const { clock, ports, heard } = await aStation(60_000, T0 - 200_000);
    const performances = memoryPerformances();
    await spoil(performances);
    const log: string[] = [];
    const others = {
      performances,
      timelines: timelines(performances),
      log: (event: string) => log.push(event),
    };
    const outcome = await clock.runUntil(broadcast(ID, 'one', { ...ports, ...others }));
    const hello = heard.findLast(({ frame }) => frame.type === 'hello' && frame.state === 'live')?.frame;
    return { outcome, hello, log, chunks: chunksOf(heard).length };
  };
  const whole = (id: string) => stored(id, scale(30_000));
  const wrong = (id: string, midi: Uint8Array) => ({ ...whole(id), midi });

  test('case 69: none, an empty one, or one that is not its record’s is answered by the newest that is whole, announced as an encore', async () => {
    const encore = { outcome: 'ended', hello: { performance: '2026-11-18', encore: true } };
    expect(await played(async (all) => void (await all.create(whole('2026-11-18'))))).toMatchObject(encore);
    for (const midi of [new Uint8Array(), whole('2026-11-10').midi, new TextEncoder().encode('no MIDI')]) {
      const outcome = await played(async (all) => {
        for (const id of ['2026-11-17', '2026-11-18']) await all.create(whole(id));
        for (const id of ['2026-11-19', DAY]) await all.create(wrong(id, midi));
        // Of the future: not before its own day.
        await all.create(whole('2026-11-22'));
      });
      expect(outcome).toMatchObject(encore);
      expect(outcome.log).toEqual(expect.arrayContaining(['performance.unusable', 'broadcast.encore']));
    }
  });

  test('case 69: there is silence with an empty archive alone, and it is said', async () => {
    const silent = await played(async () => {});
    expect(silent).toMatchObject({ outcome: 'silent', chunks: 0 });
    expect((await played(async (all) => void (await all.create(wrong(DAY, new Uint8Array()))))).outcome).toBe(
      'silent',
    );
  });
});

describe('nobody there, and everybody', () => {
  test('case 72: a broadcaster whom nobody hears stays awake, and who comes late is served at once', async () => {
    const { clock, ports, broadcasts, connections, music, heard } = await aStation(240_000, T0 - 200_000);
    await connections.remove('a');
    const playing = broadcast(ID, 'one', ports);
    await clock.runTo(T0 + 61_000);
    expect(heard).toEqual([]);
    const at = clock.now();
    const { frames } = await listen('late', '{"action":"join"}', at, {
      ...{ broadcasts, connections, clock },
      timelines: ports.timelines,
      nextStart: async () => null,
      punches: memoryPunches(),
      manners: memoryManners(clock),
      wake: () => {
        throw new Error('somebody is at work');
      },
    });
    expect(clock.now()).toBe(at);
    const first = frames.map((frame) => parseFrame(frame)!);
    expect(first[0]).toMatchObject({ type: 'hello', state: 'live' });
    expect(chunksOf(first.map((frame) => ({ frame })))[0]).toMatchObject({ seq: 4 });
    expect(await clock.runUntil(playing)).toBe('ended');
    const seen = new Set(
      [...chunksOf(first.map((frame) => ({ frame }))), ...chunksOf(heard)].flatMap(({ seq, count }) =>
        Array.from({ length: count }, (_, i) => seq + i),
      ),
    );
    expect([...seen].sort((a, b) => a - b)).toEqual(
      Array.from({ length: Math.ceil(music.durationMs / 15_000) - 4 }, (_, i) => i + 4),
    );
  });

  test('case 72: frames get longer with the crowd: one chunk, two beyond 500 listeners, four where the rate asks for it', () => {
    const rate = 2_000;
    expect([1, 500, 501, 36_000, 36_001, 100_000].map((n) => chunksTogether(n, rate))).toEqual([
      1, 1, 2, 2, 4, 4,
    ]);
  });
});
