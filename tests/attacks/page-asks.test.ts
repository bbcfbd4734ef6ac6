/** What a page does that is not answered, and one whose machine slept: its own code, in virtual time. */
import { describe, expect, test } from '@jest/globals';
import { chunkFrames, seqAt } from '../../src/broadcast/frames.ts';
import { timeline } from '../../src/music/timeline.ts';
import { encodeFrame, parseRequest, type Request } from '../../src/wire.ts';
import type { SocketEvents } from '../../web/listener/connection.ts';
import { listener } from '../../web/listener/listener.ts';
import { lineText } from '../../web/page/line.ts';
import { sleepWatch } from '../../web/page/sleep.ts';
import { LOOK_AHEAD_MS, scheduler } from '../../web/score/scheduler.ts';
import { liveHello } from '../support/hello.ts';
import { scale } from '../support/music.ts';
import { virtualTime } from '../web/virtual-time.ts';

const DURATION_MS = 600_000;
/** From a page to its station, and back. */
const WAY_MS = 20;

type Answer = 'whole' | 'refused' | 'throttled' | 'nothing';
const REFUSALS: Partial<Record<Answer, string>> = {
  refused: '{"message": "Internal server error", "connectionId":"a=", "requestId":"b="}',
  throttled: '{"message":"Too Many Requests","statusCode":429}',
};

/** A page in mid-performance; the station's clock goes on while the page's machine sleeps. */
function page(options: { readonly random?: number; readonly answer: () => Answer }) {
  const time = virtualTime();
  const music = timeline(scale(DURATION_MS));
  const asked: { readonly at: number; readonly socket: number; readonly request: Request }[] = [];
  const struck: { readonly onsetMs: number; readonly atMs: number }[] = [];
  let sockets = 0;
  let sleptMs = 0;
  const serverNow = () => time.now() + sleptMs;
  const one = listener({
    now: time.now,
    timers: time,
    random: () => options.random ?? 0,
    onChange(change) {
      if (change === 'cut') plan?.reset();
    },
    open(events: SocketEvents) {
      const socket = ++sockets;
      time.set(events.opened, WAY_MS);
      const say = (frame: string) => time.set(() => events.message(frame), WAY_MS);
      return {
        send(text) {
          const request = parseRequest(text)!;
          if (request.action !== 'ping') asked.push({ at: time.now(), socket, request });
          const answer = request.action === 'ping' ? 'whole' : options.answer();
          const refusal = REFUSALS[answer];
          if (refusal) say(refusal);
          if (answer !== 'whole') return;
          time.set(() => {
            const at = serverNow();
            if (request.action === 'ping')
              return void say(encodeFrame({ type: 'pong', id: request.id, receivedAt: at, sentAt: at }));
            say(encodeFrame(liveHello({ durationMs: DURATION_MS, serverNow: at })));
            const from = Math.max(seqAt(at), request.action === 'resume' ? request.after + 1 : 0);
            for (const frame of chunkFrames(music, from, seqAt(at + 120_000), context)) say(frame);
          }, WAY_MS);
        },
        close() {},
      };
    },
  });
  const context = { broadcast: 'b', epoch: 1, here: 1 };
  const plan = scheduler({
    score: one.score,
    position: () => (one.clock.ready ? one.position() : null),
    audioTime: (ms) => (one.clock.toLocal(ms) ?? Number.NaN) / 1000,
    instrument: {
      strike(note, atS) {
        struck.push({ onsetMs: note.onsetMs, atMs: atS * 1000 + sleptMs });
        return { damp() {} };
      },
      pedal() {},
      silence() {},
    },
  });
  const sleeps = sleepWatch(time.now, serverNow);
  return {
    time,
    one,
    asked,
    struck,
    sockets: () => sockets,
    /** Ticks as the page does, for so long. */
    run(ms: number) {
      for (const end = time.now() + ms; time.now() < end; ) {
        time.runTo(time.now() + 50);
        const how = sleeps();
        if (how === 'asleep') one.slept();
        else if (how === 'late') one.wake();
        plan.tick();
        if (time.now() % 1_000 === 0) one.check();
      }
    },
    /** The time that nobody sets stands still. */
    sleep(ms: number) {
      sleptMs += ms;
    },
  };
}

describe('a page that is not answered', () => {
  test('case 84: a join that is refused, throttled or lost is asked again after five seconds, later each time, and then on another socket', () => {
    for (const answer of ['refused', 'throttled', 'nothing'] as const) {
      const { asked, run, sockets, one } = page({ answer: () => answer });
      run(100_000);
      const first = asked.filter(({ socket }) => socket === 1).map(({ at }) => at - WAY_MS);
      // 5, 10 and 20 s later, each at the next look, one a second.
      expect({ answer, first }).toEqual({ answer, first: [0, 5_980, 15_980, 35_980] });
      expect(sockets()).toBeGreaterThanOrEqual(2);
      expect(one.score.hello).toBeNull();
    }
  });

  test('case 84: pages ask again at different times, and one that is answered at last hears everything from there', () => {
    const later = [0, 0.5, 0.99].map((random) => {
      const { asked, run } = page({ random, answer: () => 'nothing' });
      run(12_000);
      return asked[1]!.at;
    });
    expect(later.map((at) => Math.floor(at / 1_000))).toEqual([6, 8, 10]);
    let refusals = 2;
    const { one, run, sockets, struck } = page({ answer: () => (refusals-- > 0 ? 'refused' : 'whole') });
    run(30_000);
    expect([sockets(), one.score.hello?.state]).toEqual([1, 'live']);
    expect(struck.at(-1)!.onsetMs).toBeGreaterThan(30_000);
  });
});

describe('a page whose machine slept', () => {
  test('case 88: for 40 s, its time standing still, is in time again at once, and says meanwhile that it is not', () => {
    const { time, one, run, struck, sleep } = page({ answer: () => 'whole' });
    run(10_000);
    expect(one.clock.uncertaintyMs).not.toBeNull();
    struck.length = 0;
    sleep(40_000);
    run(50);
    // It knows that it does not know.
    expect(one.clock.ready).toBe(false);
    expect(lineText(one.connection, one.clock, 1)).toBe('Connected, not in time yet');
    expect(struck).toEqual([]);
    run(1_000);
    expect(one.position()).toBeCloseTo(time.now() + 40_000, 0);
    expect(lineText(one.connection, one.clock, 1)).toMatch(/^Connected, in time to /);
    run(3_000);
    expect(struck.length).toBeGreaterThan(4);
    for (const { onsetMs, atMs } of struck) expect(Math.abs(atMs - onsetMs)).toBeLessThan(1);
  });

  test('case 88: a clock on the wall that is set on costs a question, and no note', () => {
    const { one, run, struck, time } = page({ answer: () => 'whole' });
    run(10_000);
    one.slept();
    run(10_000);
    const onsets = struck.map(({ onsetMs }) => onsetMs);
    const due = scale(DURATION_MS).notes.map((note) => note.onsetMs);
    const last = onsets.at(-1)!;
    expect(onsets).toEqual(due.filter((ms) => ms >= onsets[0]! && ms <= last));
    expect(last).toBeGreaterThan(time.now() + LOOK_AHEAD_MS - 600);
  });

  test('case 88: sleep is told from being late, and from a clock that is set back or by a little', () => {
    const at = { now: 0, wall: 1_000_000 };
    const slept = sleepWatch(
      () => at.now,
      () => at.wall,
    );
    const look = (now: number, wall: number) => {
      at.now += now;
      at.wall += wall;
      return slept();
    };
    expect([look(50, 50), look(50, 40_050), look(50, 50), look(6_000, 6_000)]).toEqual([
      'no',
      'asleep',
      'no',
      'late',
    ]);
    expect([look(50, 950), look(50, -3_600_000), look(50, 50)]).toEqual(['no', 'no', 'no']);
  });
});

test('case 72: a page of a crowd, which is given four chunks together and late, asks for none of them itself', () => {
  const { one, asked, run, time } = page({ answer: () => 'whole' });
  run(5_000);
  const music = timeline(scale(DURATION_MS));
  const before = asked.length;
  // As a broadcaster does who has a hundred thousand: due with the fourth, and 36 s later for the last of them.
  for (let seq = one.score.after(0) + 1; seq + 3 < music.chunks - 4; seq += 4) {
    const at = (seq + 3) * 15_000 - 120_000 + 36_000;
    while (time.now() < at) run(1_000);
    for (const frame of chunkFrames(music, seq, seq + 3, { broadcast: 'b', epoch: 1, here: 100_000 }))
      one.score.chunk(JSON.parse(frame));
  }
  expect(time.now()).toBeGreaterThan(300_000);
  expect(asked.slice(before)).toEqual([]);
});
