/** What a network, a clock and a tab may do to a page: its own code, in virtual time or with a station in this process. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { chunkFrames, seqAt } from '../../src/broadcast/frames.ts';
import { seededRandom } from '../../src/music/random.ts';
import { timeline } from '../../src/music/timeline.ts';
import { encodeFrame, type Hello, parseRequest, type Request } from '../../src/wire.ts';
import { connect, type SocketEvents } from '../../web/listener/connection.ts';
import { listener } from '../../web/listener/listener.ts';
import { serverClock } from '../../web/listener/server-clock.ts';
import { scheduler } from '../../web/score/scheduler.ts';
import { playAt, testStation } from '../browser/station.ts';
import { liveHello } from '../support/hello.ts';
import { scale } from '../support/music.ts';
import { virtualTime } from '../web/virtual-time.ts';

jest.setTimeout(120_000);

const HOUR = 3_600_000;

test('case 10: pages that are refused come back at random instants up to a bound that doubles, half a minute at most', () => {
  const [pages, tries] = [500, 8];
  const gaps: number[][] = Array.from({ length: tries }, () => []);
  for (let page = 0; page < pages; page++) {
    const time = virtualTime();
    let [opens, before] = [0, 0];
    connect({
      timers: time,
      random: seededRandom(page),
      onState: () => {},
      onFrame: () => {},
      open(events) {
        if (opens > 0) gaps[opens - 1]?.push(time.now() - before);
        opens++;
        // API Gateway's 429 reaches a page as an error, then a close.
        if (opens <= tries) time.set(events.closed, 0);
        before = time.now();
        return { send() {}, close() {} };
      },
    });
    time.runTo(10 * 60_000);
  }
  const most = gaps.map((each) => Math.max(...each));
  const mean = gaps.map((each) => each.reduce((sum, gap) => sum + gap, 0) / each.length);
  expect(gaps.map((each) => each.length)).toEqual(gaps.map(() => pages));
  for (const [i, bound] of [500, 1_000, 2_000, 4_000].entries()) {
    expect(most[i]!).toBeLessThanOrEqual(bound);
    // Of 500 uniform numbers: five standard deviations.
    expect(Math.abs(mean[i]! - bound / 2)).toBeLessThan((5 * bound) / Math.sqrt(12 * pages));
  }
  expect(Math.max(...most)).toBeLessThanOrEqual(30_000);
});

test('case 19: a visitor’s clock an hour off, either way, is corrected to less than 50 ms', () => {
  for (const wrongBy of [-HOUR, 0, HOUR]) {
    const clock = serverClock();
    const random = seededRandom(1);
    const offset = 1_795_000_000_000 + wrongBy;
    for (let sentAt = 1_000; sentAt < 2_000; sentAt += 120) {
      const [up, down] = [10 + 60 * random(), 10 + 30 * random()];
      const at = sentAt + up + offset;
      clock.add({ sentAt, serverReceivedAt: at, serverSentAt: at, arrivedAt: sentAt + up + down });
    }
    expect(Math.abs(clock.toServer(5_000)! - (5_000 + offset))).toBeLessThan(50);
  }
});

test('case 19: the page asks no wall clock where it places music', () => {
  const web = resolve(import.meta.dirname, '../../web');
  const asking = ['listener', 'score', 'sound', 'instrument'].flatMap((room) =>
    readdirSync(join(web, room))
      .filter((name) => /Date\.now|new Date/.test(readFileSync(join(web, room, name), 'utf8')))
      .map((name) => `${room}/${name}`),
  );
  expect(asking).toEqual([]);
});

/** A page whose wire answers at once, with the music in hand; `sent` is what it asked. */
function page(durationMs: number, state: Hello['state'] = 'live') {
  const time = virtualTime();
  const all = timeline(scale(durationMs));
  const sent: { at: number; request: Request }[] = [];
  const struck: number[] = [];
  let wire: SocketEvents | null = null;
  let opens = 0;
  const answer = (request: Request) => {
    const at = time.now();
    if (request.action === 'ping')
      return wire?.message(encodeFrame({ type: 'pong', id: request.id, receivedAt: at, sentAt: at }));
    wire?.message(encodeFrame(liveHello({ broadcast: 'b', state, durationMs, serverNow: at })));
    const from = Math.max(seqAt(at), request.action === 'resume' ? request.after + 1 : 0);
    const context = { broadcast: 'b', epoch: 1, here: 1 };
    for (const frame of chunkFrames(all, from, Math.min(all.chunks - 1, seqAt(at + 120_000)), context))
      wire?.message(frame);
  };
  const one = listener({
    now: time.now,
    timers: time,
    random: () => 0.5,
    onChange(change) {
      if (change === 'cut') plan?.reset();
    },
    open(events) {
      opens++;
      wire = events;
      time.set(events.opened, 5);
      return {
        send(text) {
          const request = parseRequest(text)!;
          sent.push({ at: time.now(), request });
          time.set(() => wire === events && answer(request), 5);
        },
        close() {},
      };
    },
  });
  const plan = scheduler({
    score: one.score,
    position: () => (one.clock.ready ? one.position() : null),
    audioTime: (ms) => (one.clock.toLocal(ms) ?? Number.NaN) / 1000,
    instrument: {
      strike(note) {
        struck.push(note.onsetMs);
        return { damp() {} };
      },
      pedal() {},
      silence() {},
    },
  });
  return { time, page: one, plan, sent, struck, opens: () => opens, lose: () => wire?.closed() };
}

test('case 21: a wall clock that is set in mid-piece moves nothing', () => {
  const real = Date.now;
  const { time, page: one } = page(60_000);
  time.runTo(5_000);
  const before = one.position()!;
  try {
    for (const by of [HOUR, -HOUR]) {
      Date.now = () => real() + by;
      time.runTo(time.now() + 1_000);
    }
  } finally {
    Date.now = real;
  }
  expect(one.position()! - before).toBeCloseTo(2_000, 0);
});

test('case 22: a connection that is lost twice in mid-piece costs no note and doubles none', async () => {
  const music = scale(9_000, 250);
  const station = await testStation(music, new Map());
  const sockets: WebSocket[] = [];
  const timers = new Set<number>();
  const one = listener({
    now: () => performance.now(),
    timers: {
      set(task, ms) {
        const id = Number(setTimeout(task, ms));
        timers.add(id);
        return id;
      },
      clear: (id) => clearTimeout(id),
    },
    random: Math.random,
    onChange: () => {},
    open(events) {
      const socket = new WebSocket(`ws://localhost:${station.port}/ws`, { origin: station.url });
      sockets.push(socket);
      socket
        .on('open', events.opened)
        .on('close', events.closed)
        .on('error', () => {});
      socket.on('message', (data) => events.message(String(data)));
      return { send: (text) => socket.send(text), close: () => socket.terminate() };
    },
  });
  const struck: number[] = [];
  const damped: number[] = [];
  const plan = scheduler({
    score: one.score,
    position: () => (one.clock.ready ? one.position() : null),
    audioTime: (ms) => ms / 1000,
    instrument: {
      strike(note) {
        struck.push(note.onsetMs);
        return { damp: () => void damped.push(note.onsetMs) };
      },
      pedal() {},
      silence() {},
    },
  });
  playAt(station, Date.now() + 1_500);
  const cuts = [2_000, 5_000];
  const isOver = () => ['ended', 'stopped'].includes(one.score.hello?.state ?? '');
  for (let last = 0; last <= music.durationMs && !isOver(); last = Math.max(last, one.position() ?? 0)) {
    if ((one.position() ?? 0) > (cuts[0] ?? Number.POSITIVE_INFINITY)) {
      cuts.shift();
      sockets.at(-1)!.terminate();
    }
    plan.tick();
    one.check();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  // A page that is closed.
  for (const socket of sockets) socket.removeAllListeners('close');
  for (const id of timers) clearTimeout(id);
  await station.end();
  expect(sockets.length).toBeGreaterThanOrEqual(3);
  expect(struck).toEqual(music.notes.map(({ onsetMs }) => onsetMs));
  expect([...damped].sort((a, b) => a - b)).toEqual(struck);
});

test('case 23: between broadcasts a page says something every nine minutes, and a socket closed after two hours is opened again within a second', () => {
  const { time, sent, opens, lose } = page(60_000, 'ended');
  time.runTo(2 * HOUR);
  const gaps = sent.slice(1).map(({ at }, i) => at - sent[i]!.at);
  expect(Math.max(...gaps, 2 * HOUR - sent.at(-1)!.at)).toBeLessThan(9 * 60_000);
  lose();
  time.runTo(2 * HOUR + 1_000);
  expect(opens()).toBe(2);
  expect(sent.at(-1)!.at).toBeGreaterThan(2 * HOUR);
});

test('case 24: a tab that slept for ten minutes joins within two seconds, and strikes nothing that is over', () => {
  const { time, page: one, plan, sent, struck, lose } = page(900_000);
  for (let at = 0; at <= 5_000; at += 100) {
    time.runTo(at);
    plan.tick();
  }
  expect(struck.length).toBeGreaterThan(5);
  struck.length = 0;
  // Nothing ran meanwhile, and the connection is gone.
  time.sleep(600_000);
  lose();
  one.wake();
  const [woke, before] = [time.now(), sent.length];
  for (let at = woke; at <= woke + 2_000; at += 100) {
    time.runTo(at);
    plan.tick();
    if (at % 1_000 === 0) one.check();
  }
  expect(sent.slice(before).map(({ request }) => request.action)).toContain('resume');
  expect(struck.length).toBeGreaterThan(0);
  // What is held when it wakes may be struck: here every note is held for 250 ms.
  expect(Math.min(...struck)).toBeGreaterThan(woke - 1_000);
  expect(new Set(struck).size).toBe(struck.length);
});
