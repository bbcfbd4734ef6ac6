import { chunkFrame, chunkFrames, seqAt } from '../../src/broadcast/frames.ts';
import type { Note } from '../../src/music/note.ts';
import type { Timeline } from '../../src/music/timeline.ts';
import { encodeFrame, parseRequest } from '../../src/wire.ts';
import { liveHello } from '../../tests/support/hello.ts';
import { virtualTime } from '../../tests/web/virtual-time.ts';
import type { SocketEvents } from '../../web/listener/connection.ts';
import { listener } from '../../web/listener/listener.ts';
import { scheduler } from '../../web/score/scheduler.ts';

/** What the page's instrument was told. Times from T0, milliseconds; `givenMs`: when it was told. */
export type Sound = {
  readonly note: Note;
  readonly atMs: number;
  readonly givenMs: number;
  dampedMs: number | null;
};
export type Cut = { readonly fromMs: number; readonly toMs: number };

export type Evening = {
  readonly music: Timeline;
  /** One-way times of messages. */
  readonly up: () => number;
  readonly down: () => number;
  /** The server's own time for an answer. */
  readonly work: () => number;
  /** Posted frames that never arrive: this part of them. */
  readonly loss: number;
  readonly random: () => number;
  /** From T0: the page opens, and Join is pressed. */
  readonly openMs: number;
  readonly joinMs: number;
  /** Until the audio clock runs, after Join. */
  readonly audioMs: number;
  /** While the network is away. */
  readonly cuts: readonly Cut[];
  readonly endMs: number;
  readonly leadMs: number;
};

export type Outcome = {
  readonly sounds: readonly Sound[];
  /** Instants at which a connection was opened, from T0. */
  readonly openedMs: readonly number[];
};

const T0 = 1_795_000_000_000;
/** The page's own tick, and how often it looks for what is missing. */
const TICK_MS = 50;
const CHECK_MS = 1_000;

/** A page that opens, joins and is cut off, in virtual time: the page's own parts, with a station beside them. */
export function evening(world: Evening): Outcome {
  const time = virtualTime(T0 + world.openMs);
  const position = () => time.now() - T0;
  const isCut = () => world.cuts.some(({ fromMs, toMs }) => position() >= fromMs && position() < toMs);
  const due = () => Math.min(world.music.chunks - 1, seqAt(position() + world.leadMs));
  const context = { broadcast: 'b', epoch: 1, here: 1 };
  const sounds: Sound[] = [];
  const openedMs: number[] = [];
  let wire: SocketEvents | null = null;
  let posting = false;
  let arrivedUp = 0;
  let arrivedDown = 0;

  // A websocket keeps the order; what is under way when it breaks is lost.
  const down = (to: SocketEvents, text: string) => {
    arrivedDown = Math.max(arrivedDown, time.now() + world.down());
    time.set(() => to === wire && to.message(text), arrivedDown - time.now());
  };
  const hello = () =>
    encodeFrame(
      liveHello({
        performance: '2026-11-21',
        t0: T0,
        durationMs: world.music.music.durationMs,
        serverNow: Math.round(time.now()),
      }),
    );
  const answer = (to: SocketEvents, text: string) => {
    const request = parseRequest(text);
    if (!request || to !== wire) return;
    if (request.action === 'ping') {
      const at = Math.round(time.now());
      return down(to, encodeFrame({ type: 'pong', id: request.id, receivedAt: at, sentAt: at }));
    }
    posting = true;
    const after = request.action === 'resume' ? request.after : -1;
    down(to, hello());
    for (const frame of chunkFrames(world.music, Math.max(seqAt(position()), after + 1), due(), context))
      down(to, frame);
  };

  const page = listener({
    now: time.now,
    timers: time,
    random: world.random,
    onChange() {},
    open(events) {
      wire = events;
      posting = false;
      arrivedUp = 0;
      arrivedDown = 0;
      // TCP, TLS and the websocket's own handshake: a round trip each.
      const handshake = 3 * (world.up() + world.down());
      time.set(() => {
        if (events !== wire) return;
        if (isCut()) return events.closed();
        openedMs.push(position());
        events.opened();
      }, handshake);
      return {
        send(text) {
          arrivedUp = Math.max(arrivedUp, time.now() + world.up());
          time.set(() => time.set(() => answer(events, text), world.work()), arrivedUp - time.now());
        },
        close() {},
      };
    },
  });
  const plan = scheduler({
    score: page.score,
    position: () => (page.clock.ready ? page.position() : null),
    audioTime: (ms) => ((page.clock.toLocal(T0 + ms) ?? Number.NaN) - T0) / 1000,
    instrument: {
      pedal() {},
      strike(note, atS) {
        page.clock.startSlewing();
        const sound: Sound = { note, atMs: atS * 1000, givenMs: position(), dampedMs: null };
        sounds.push(sound);
        return {
          damp(dampS) {
            sound.dampedMs = dampS * 1000;
          },
        };
      },
      silence() {},
    },
  });

  let posted = due();
  for (let at = world.openMs; at < world.endMs; at += TICK_MS) {
    time.runTo(T0 + at);
    if (isCut()) (wire as SocketEvents | null)?.closed();
    for (; posted < due(); posted++) {
      const to = wire as SocketEvents | null;
      if (!to || !posting || world.random() < world.loss) continue;
      down(to, encodeFrame(chunkFrame(world.music.stretch(posted + 1, 1), context)));
    }
    if (at >= world.joinMs + world.audioMs) plan.tick();
    if ((at - world.openMs) % CHECK_MS < TICK_MS) page.check();
  }
  return { sounds, openedMs };
}
