/** A page of the product's own code, and a wire that drops, delays, doubles, refuses, stalls and closes, in virtual time. */
import { chunkFrames, dueMs, dueSeq, seqAt } from '../../../src/broadcast/frames.ts';
import type { Note } from '../../../src/music/note.ts';
import { timeline } from '../../../src/music/timeline.ts';
import { DOORS_MS } from '../../../src/schedule/index.ts';
import { encodeFrame, type Frame, type Hello, parseFrame, parseRequest } from '../../../src/wire.ts';
import type { SocketEvents } from '../../../web/listener/connection.ts';
import { listener } from '../../../web/listener/listener.ts';
import { scheduler } from '../../../web/score/scheduler.ts';
import { virtualTime } from '../virtual-time.ts';
import { FALSE_PITCH, falseChunk, helloFrame, SERVER_OFFSET } from './evening-frames.ts';
import {
  EVENINGS,
  type Evening,
  type Fate,
  type Faults,
  FIRST,
  type Outage,
  type Reception,
  SECOND,
  type Span,
} from './faults.ts';

const TICK_MS = 500;
const PING_DELAY_MS = 20;
const ENDS_AT = SECOND.t0 + SECOND.durationMs + 5_000;
export type Struck = {
  readonly evening: number;
  readonly note: Note;
  readonly atMs: number;
  readonly sentMs: number;
};
export type Heard = {
  readonly struck: readonly Struck[];
  /** When each note first reached a page that knew of its broadcast and its clock, by evening, then onset; local ms. */
  readonly inHand: readonly ReadonlyMap<number, number>[];
  /** When the stop was told to the page. */
  readonly stopToldMs: number | null;
  /** False notes that reached the page before any frame of a later epoch. */
  readonly believable: number;
  readonly connection: string;
};

export function hear(faults: Faults): Heard {
  const time = virtualTime();
  const now = time.now;
  const isQuiet = () => now() >= faults.quietFromMs;
  const within = (spans: readonly Span[]) =>
    spans.find(({ fromMs, lengthMs }) => !isQuiet() && now() >= fromMs && now() < fromMs + lengthMs);
  const outage = () => within(faults.outages) as Outage | undefined;
  let fates = 0;
  let receptions = 0;
  const fateOf = (): Fate => {
    const fate = faults.fates[fates++ % Math.max(1, faults.fates.length)];
    return fate && !isQuiet() ? fate : { drop: false, twice: false, delayMs: 20 };
  };
  const receptionOf = (): Reception =>
    isQuiet()
      ? 'taken'
      : (faults.receptions[receptions++ % Math.max(1, faults.receptions.length)] ?? 'taken');

  // The page: while it sleeps, what it would do waits.
  const waiting: (() => void)[] = [];
  const asleep = () => within(faults.sleeps) !== undefined;
  const pageDoes = (task: () => void) => (asleep() ? void waiting.push(task) : task());
  const localNow = () => now() * (1 + faults.driftPpm / 1e6);
  const inHand = EVENINGS.map(() => new Map<number, number>());
  const struck: Struck[] = [];
  let believable = 0;
  let epochSeen = 0;
  let stopToldMs: number | null = null;
  /** The connection that the station knows, and the one that there is. */
  let registered: SocketEvents | null = null;
  let wire: SocketEvents | null = null;
  const halfOpen = new Set<SocketEvents>();
  const cleared = new Set<number>();

  const reach = (to: SocketEvents, text: string) => {
    if (to !== wire || halfOpen.has(to)) return;
    pageDoes(() => {
      if (to !== wire) return;
      const frame = parseFrame(text);
      to.message(text);
      if (frame) note(frame);
    });
  };
  const note = (frame: Frame) => {
    if (frame.type === 'stop' && frame.epoch >= epochSeen) stopToldMs ??= now();
    if (frame.type === 'hello' && frame.state === 'stopped') stopToldMs ??= now();
    const evening = EVENINGS.findIndex(({ id }) => 'broadcast' in frame && frame.broadcast === id);
    if (evening < 0) return;
    if (frame.type === 'chunk' && frame.notes.some(([, , pitch]) => pitch === FALSE_PITCH)) {
      if (frame.epoch >= epochSeen) believable++;
    }
    if ('epoch' in frame) epochSeen = Math.max(epochSeen, frame.epoch);
    const { hello, notes } = page.score;
    if (hello?.broadcast !== EVENINGS[evening]!.id || hello.t0 === null || !page.clock.ready) return;
    for (const { onsetMs } of notes) if (!inHand[evening]!.has(onsetMs)) inHand[evening]!.set(onsetMs, now());
  };
  const page = listener({
    now: localNow,
    timers: {
      // What is cleared while the page sleeps does not run when it wakes.
      set(task, ms) {
        const run = () => void (cleared.has(id) || task());
        const id = time.set(() => pageDoes(run), ms / (1 + faults.driftPpm / 1e6));
        return id;
      },
      clear(id) {
        cleared.add(id);
        time.clear(id);
      },
    },
    random: () => 0.5,
    onChange(change) {
      if (change !== 'cut') return;
      plan.reset();
      page.score.rewind();
    },
    open(events) {
      wire = events;
      const kind = outage()?.kind;
      const open = () => {
        if (kind === 'half open') halfOpen.add(events);
        if (kind === 'refused') events.closed();
        else if (kind !== 'hangs') events.opened();
      };
      time.set(() => events === wire && pageDoes(open), 20);
      return {
        send: (text) =>
          void time.set(() => events === wire && !halfOpen.has(events) && take(events, text), 20),
        close: () => {
          if (wire === events) wire = null;
        },
      };
    },
  });
  const plan = scheduler({
    score: page.score,
    position: () => (page.clock.ready ? page.position() : null),
    audioTime: (ms) =>
      (page.clock.toLocal((page.score.hello?.t0 ?? 0) + ms) ?? Number.NaN) / (1 + faults.driftPpm / 1e6),
    instrument: {
      pedal() {},
      strike(note, atMs) {
        page.clock.startSlewing();
        const evening = EVENINGS.findIndex(({ id }) => id === page.score.hello?.broadcast);
        struck.push({ evening, note, atMs: atMs - EVENINGS[evening]!.t0, sentMs: now() });
        return { damp() {} };
      },
      silence() {},
    },
  });

  // The station: one row at a time, as `current` has it.
  let stopped = false;
  const epochAt = () => 1 + faults.takeovers.filter((at) => at <= now()).length;
  const currentOf = (): Evening => EVENINGS[now() < SECOND.t0 - DOORS_MS - 10_000 ? 0 : 1]!;
  const stateOf = ({ t0, durationMs, id }: Evening): Hello['state'] => {
    if (id === FIRST.id && stopped) return 'stopped';
    if (now() < t0 - DOORS_MS) return 'scheduled';
    if (now() < t0) return 'doors';
    return now() < t0 + durationMs ? 'live' : 'ended';
  };
  const helloOf = (evening: Evening): string => helloFrame(evening, stateOf(evening), epochAt(), now());
  const context = ({ id }: Evening, epoch = epochAt()) => ({ broadcast: id, epoch, here: 1 });
  const isOn = (evening: Evening) => ['doors', 'live'].includes(stateOf(evening));
  /** Posts may be lost, come twice, and overtake each other. */
  const post = (text: string) => {
    const { drop, twice, delayMs } = fateOf();
    const to = registered;
    if (!to || drop) return;
    time.set(() => reach(to, text), delayMs);
    if (twice) time.set(() => reach(to, text), delayMs + 700);
  };
  function take(from: SocketEvents, text: string): void {
    if (outage()) return;
    const request = parseRequest(text);
    if (!request) throw new Error(`the page said ${text}`);
    const reception = receptionOf();
    if (reception !== 'taken') {
      const error = encodeFrame({ type: 'error', code: 'bad_request', message: 'no' });
      if (reception !== 'lost')
        reach(from, reception === 'refused' ? error : '{"message":"Too Many Requests"}');
      return;
    }
    const at = now() + SERVER_OFFSET;
    const say = (answer: string) => time.set(() => reach(from, answer), PING_DELAY_MS);
    if (request.action === 'ping')
      return void say(encodeFrame({ type: 'pong', id: request.id, receivedAt: at, sentAt: at }));
    registered = from;
    const evening = currentOf();
    say(helloOf(evening));
    if (!isOn(evening)) return;
    const after = request.action === 'resume' && request.broadcast === evening.id ? request.after : -1;
    const music = timeline(evening.music);
    const first = Math.max(seqAt(now() - evening.t0), after + 1);
    for (const frame of chunkFrames(music, first, dueSeq(music, now() - evening.t0), context(evening)))
      say(frame);
  }

  // What happens at which time.
  for (const evening of EVENINGS) {
    const music = timeline(evening.music);
    const { t0 } = evening;
    for (const at of [t0 - DOORS_MS, t0, t0 + evening.music.durationMs])
      time.set(() => stateOf(evening) === 'stopped' || post(helloOf(evening)), at);
    for (let seq = 0; seq < music.chunks; seq++)
      time.set(() => {
        if (!isOn(evening)) return;
        for (const frame of chunkFrames(music, seq, seq, context(evening))) post(frame);
      }, t0 + dueMs(seq));
  }
  if (faults.stopMs !== null)
    time.set(() => {
      if (!isOn(EVENINGS[0]!)) return;
      stopped = true;
      post(encodeFrame({ type: 'stop', broadcast: FIRST.id, epoch: epochAt() }));
      post(helloOf(EVENINGS[0]!));
    }, faults.stopMs);
  for (const at of faults.takeovers)
    time.set(() => {
      const evening = currentOf();
      if (!isOn(evening)) return;
      post(helloOf(evening));
      // The one before knows nothing of it yet, and posts what would be due: with a note in it that is none.
      const frame = falseChunk(evening, seqAt(now() - evening.t0) + 1, epochAt() - 1);
      time.set(() => post(frame), 5_000);
    }, at);
  for (const at of faults.forgotten)
    time.set(() => {
      if (!isQuiet()) registered = null;
    }, at);
  for (const { fromMs, code } of faults.outages)
    time.set(() => {
      const to = wire;
      if (isQuiet() || !to) return;
      registered = null;
      pageDoes(() => to === wire && to.closed(code));
    }, fromMs);

  let lastTickMs = 0;
  for (let at = TICK_MS; at <= ENDS_AT; at += TICK_MS) {
    time.runTo(at);
    if (asleep()) continue;
    for (const task of waiting.splice(0)) task();
    if (at - lastTickMs > 5_000) page.wake();
    lastTickMs = at;
    plan.tick();
    if (at % 1_000 === 0) page.check();
  }
  return { struck, inHand, stopToldMs, believable, connection: page.connection };
}
