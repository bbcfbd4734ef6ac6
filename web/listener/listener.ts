import { type Frame, type Hello, type Margin, PROTOCOL } from '../../src/wire.ts';
import { type Score, score } from '../score/score.ts';
import { type ConnectionState, connect, type Socket, type SocketEvents } from './connection.ts';
import { nearness } from './nearness.ts';
import { pinger } from './pinger.ts';
import { type ServerClock, serverClock } from './server-clock.ts';
import { type BringSiteClock, soughtClock } from './sought-clock.ts';
import { type BringFetcher, soughtFetcher } from './sought-fetcher.ts';
import type { Timers } from './timers.ts';

/** Everything of a listener but its ears and eyes: the connection, the server's clock, the music received. */
export type Listener = {
  readonly score: Score;
  readonly clock: ServerClock;
  readonly connection: ConnectionState;
  /** The server speaks another version: only a reload helps. */
  readonly outdated: boolean;
  /** Listeners at the last count; null before the first. */
  readonly here: number | null;
  /** What was last told of a hole that was asked for; null before that. */
  readonly margin: Margin | null;
  serverNow(): number | null;
  /** Milliseconds from T0; null while either is unknown. */
  position(): number | null;
  /** Asks for one hole in the margin of a broadcast; asking again does no harm. */
  punch(broadcast: string): void;
  /** Asks for what is missing; to be called about once a second. */
  check(): void;
  /** The tab may have slept, or the network is back: look at the clock and the connection now. */
  wake(): void;
  /** The machine slept, and its time may have stood still: nothing is placed before the server has said what time it is. */
  slept(): void;
};

/** Between two questions for the same thing. */
const ASK_EVERY_MS = 5_000;
/** Questions without an answer on one connection; then it is taken for deaf, and another is opened. */
const UNANSWERED_AT_MOST = 4;
/** A broadcast that has not said that it is over, so long after its last note, has been forgotten. */
const OVERDUE_MS = 2_000;
/** Doors open five minutes before T0, timers may be a minute late: who is told nothing by so long before it asks. */
const DOORS_TOLD_MS = 4 * 60_000;
/** Not all pages ask in the same second. */
const SPREAD_MS = 60_000;
/** By then, from T0, it is known what is played: an encore is announced ten seconds before. */
const KNOWN_MS = -8_000;
/** A station may be silent at its hour, and thousands of pages with it: they ask less and less often. */
const LONGEST_ASK_MS = 60_000;
/** Between broadcasts a page asks this often, lest a station that has lost sight of it tell it nothing. */
const IDLE_ASK_MS = 600_000;

export function listener(world: {
  readonly open: (events: SocketEvents) => Socket;
  readonly now: () => number;
  readonly timers: Timers;
  readonly random: () => number;
  /** Brings what asks the site's own clock, which few stations have; it is left alone where not given. */
  readonly bringSiteClock?: BringSiteClock;
  /** Brings what fetches chunks, which crowds alone do; where not given, what is missing is asked for. */
  readonly bringFetcher?: BringFetcher;
  /** Told once, for whoever looks into what a page does. */
  readonly say?: (text: string) => void;
  /** State, broadcast, connection or clock changed. "cut": what was scheduled is void. */
  readonly onChange: (change: 'cut' | 'news') => void;
}): Listener {
  const music = score();
  const clock = serverClock();
  let outdated = false;
  let here: number | null = null;
  let margin: Margin | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  /** Questions since the last answer, and when the next is due. */
  let unanswered = 0;
  let againAt = Number.POSITIVE_INFINITY;
  let joinedAt: number | null = null;
  /** A frame has told of something that no hello has told of. */
  let owed = false;
  /** Questions about a broadcast that should have been told of by now, and when the next is due, local time. */
  let wondered = 0;
  let wonderAt = Number.POSITIVE_INFINITY;

  const serverNow = () => clock.toServer(world.now());
  const position = () => {
    const [t0, now] = [music.hello?.t0 ?? null, serverNow()];
    return t0 === null || now === null ? null : now - t0;
  };
  const busy = () => music.hello?.state === 'live' || music.hello?.state === 'doors';
  const fetchIfDue = soughtFetcher({ ...world, bring: world.bringFetcher, music, position });
  const near = nearness(music, position, () => {
    pings.near();
    site.start();
  });
  const pings = pinger({
    now: world.now,
    timers: world.timers,
    busy: near.isNear,
    aided: () => site.trusted,
    send: (id) => line.send({ action: 'ping', id }),
    sample(sample) {
      if (clock.add(sample) === 'kept') return;
      pings.burst();
      site.start();
      world.onChange('cut');
    },
    dead: () => line.renew(),
  });

  const site = soughtClock({
    ...{ timers: world.timers, random: world.random, bring: world.bringSiteClock },
    // Once all of the music is in hand, how fast our clock runs is known well enough for what is left.
    busy: () => near.isNear() && !music.holds(position() ?? 0, Number.POSITIVE_INFINITY),
    isOpen: () => line.state === 'open',
    sample: clock.addOther,
    dropped(why, was) {
      clock.forgetOther();
      world.say?.(why);
      if (was) pings.burst();
    },
  });

  const line = connect({
    open: world.open,
    timers: world.timers,
    random: world.random,
    onState(state) {
      if (state === 'open') {
        unanswered = 0;
        joinedAt = null;
        ask();
        pings.start();
        site.start();
      } else {
        pings.stop();
        site.stop();
      }
      world.onChange('news');
    },
    onFrame: take,
  });

  /** Joins, or resumes after what is in hand. Both are answered with hello, then with what is due. */
  function ask(): void {
    askedAt = world.now();
    const [at, broadcast] = [position(), music.hello?.broadcast ?? null];
    const after = at === null ? -1 : music.after(at);
    if (broadcast !== null && busy() && after >= 0) line.send({ action: 'resume', broadcast, after });
    else line.send({ action: 'join' });
    joinedAt ??= askedAt;
    // Refused, lost or not understood: asked again, later each time, and not by all pages in the same second.
    againAt = askedAt + ASK_EVERY_MS * 2 ** unanswered * (1 + world.random());
    unanswered++;
  }
  const askUntilAnswered = () => {
    if (line.state !== 'open' || unanswered === 0 || world.now() < againAt) return;
    if (unanswered < UNANSWERED_AT_MOST) ask();
    else line.renew();
  };
  const askAgain = () => {
    if (line.state === 'open' && world.now() - askedAt >= ASK_EVERY_MS) ask();
  };

  /** When to ask if nothing is heard till then: the hello of doors may be lost, or this connection be forgotten. */
  const expect = () => {
    const [now, next] = [serverNow(), music.hello?.next ?? null];
    const told = next === null || now === null ? IDLE_ASK_MS : next - DOORS_TOLD_MS - now;
    const least = Math.min(LONGEST_ASK_MS, ASK_EVERY_MS * 2 ** wondered);
    wonderAt = world.now() + Math.min(IDLE_ASK_MS, Math.max(told, least)) + world.random() * SPREAD_MS;
  };
  const wonder = () => {
    if (busy() || line.state !== 'open' || world.now() < wonderAt) return;
    wondered++;
    ask();
    expect();
  };

  function take(frame: Frame): void {
    pings.heard();
    if (frame.type === 'pong') {
      pings.pong(frame.id, frame.receivedAt, frame.sentAt);
    } else if (frame.type === 'chunk') {
      const taken = music.chunk(frame);
      if (taken === 'new') here = frame.here;
      owed ||= taken === 'foreign' || music.hello?.durationMs === null;
      if (owed) askAgain();
    } else if (frame.type === 'stop') {
      if (music.stop(frame.broadcast, frame.epoch)) world.onChange('cut');
    } else if (frame.type === 'hello') {
      takeHello(frame);
    } else if (frame.type === 'margin') {
      margin = frame;
      world.onChange('news');
    }
    near.look();
  }

  function takeHello(frame: Hello): void {
    unanswered = 0;
    owed = false;
    if (frame.protocol !== PROTOCOL) {
      outdated = true;
      line.close();
      world.onChange('news');
      return;
    }
    if (serverNow() === null && joinedAt !== null) {
      // Good to a second or so: enough for a countdown until the pings are back.
      const [sentAt, arrivedAt, stamp] = [joinedAt, world.now(), frame.serverNow];
      clock.add({ sentAt, serverReceivedAt: stamp, serverSentAt: stamp, arrivedAt, rough: true });
    }
    const taken = music.begin(frame, position());
    if (frame.clock) site.seek();
    if (taken === 'new' || busy()) wondered = 0;
    expect();
    const silenced = frame.state === 'stopped' || frame.state === 'cancelled';
    world.onChange(taken === 'new' || (taken === 'same' && silenced) ? 'cut' : 'news');
  }

  function wake(): void {
    if ((line.state === 'lost' || line.state === 'restarting') && !outdated) line.renew();
    else pings.burst();
  }

  return {
    score: music,
    clock,
    get connection() {
      return line.state;
    },
    get outdated() {
      return outdated;
    },
    get here() {
      return here;
    },
    get margin() {
      return margin;
    },
    punch: (broadcast) => line.send({ action: 'punch', broadcast }),
    serverNow,
    position,
    check() {
      near.look();
      askUntilAnswered();
      fetchIfDue();
      wonder();
      if (owed) askAgain();
      const [at, durationMs] = [position(), music.hello?.durationMs ?? null];
      if (at === null || !busy()) return;
      const overdue = durationMs === null ? at > KNOWN_MS : at > durationMs + OVERDUE_MS;
      if (overdue || music.missing(at) !== null) askAgain();
    },
    wake,
    slept() {
      clock.doubt();
      wake();
      site.start();
      world.onChange('news');
    },
  };
}
