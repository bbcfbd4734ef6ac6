import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chunkFrame, chunkFrames, seqAt } from '../../../src/broadcast/frames.ts';
import type { Music, Note } from '../../../src/music/note.ts';
import { foldPedal } from '../../../src/music/pedal.ts';
import { timeline } from '../../../src/music/timeline.ts';
import { encodeFrame, type Hello, PROTOCOL, parseRequest } from '../../../src/wire.ts';
import type { SocketEvents } from '../../../web/listener/connection.ts';
import { type Listener, listener } from '../../../web/listener/listener.ts';
import { scheduler } from '../../../web/score/scheduler.ts';
import { anyMusic, scale } from '../../support/music.ts';
import { runs } from '../../support/runs.ts';
import { virtualTime } from '../virtual-time.ts';

/** The server's clock, of which the page knows nothing. */
const SERVER_OFFSET = 1_795_000_000_000;
/** Of local time: T0 as the page will have to find out. */
const T0_LOCAL = 5_000;
const LEAD_MS = 45_000;

type Fate = { readonly drop: boolean; readonly twice: boolean; readonly delayMs: number };
type Sound = { readonly note: Note; readonly atMs: number; dampedAtMs: number | null };

/** A whole evening in virtual time: a station, an unreliable wire, a page that plays. */
function evening(music: Music, fates: readonly Fate[], cuts: readonly { fromMs: number; toMs: number }[]) {
  const time = virtualTime();
  const all = timeline(music);
  const sounds: Sound[] = [];
  let next = 0;
  const fate = (): Fate =>
    fates[next++ % Math.max(1, fates.length)] ?? { drop: false, twice: false, delayMs: 20 };
  const isCut = () => cuts.some(({ fromMs, toMs }) => time.now() >= fromMs && time.now() < toMs);
  let wire: SocketEvents | null = null;
  let joined = false;

  const hello = (state: Hello['state'] = 'live'): string =>
    encodeFrame({
      type: 'hello',
      protocol: PROTOCOL,
      broadcast: 'b',
      state,
      performance: '2026-11-21',
      title: null,
      encore: false,
      epoch: 1,
      t0: T0_LOCAL + SERVER_OFFSET,
      durationMs: music.durationMs,
      serverNow: time.now() + SERVER_OFFSET,
      next: null,
    });
  const position = () => time.now() - T0_LOCAL;
  const due = () => Math.min(all.chunks - 1, seqAt(position() + LEAD_MS));
  const deliver = (to: SocketEvents, text: string, delayMs: number) =>
    void time.set(() => to === wire && to.message(text), delayMs);
  /** Posts are not in order, may be lost, and may come twice. */
  const post = (text: string) => {
    const { drop, twice, delayMs } = fate();
    if (!wire || !joined || drop) return;
    deliver(wire, text, delayMs);
    if (twice) deliver(wire, text, delayMs + 700);
  };
  const answer = (to: SocketEvents, text: string) => {
    const request = parseRequest(text);
    if (!request) throw new Error(`the page said ${text}`);
    if (request.action === 'ping') {
      const at = time.now() + SERVER_OFFSET;
      return deliver(to, encodeFrame({ type: 'pong', id: request.id, receivedAt: at, sentAt: at }), 20);
    }
    joined = true;
    const after = request.action === 'resume' ? request.after : -1;
    deliver(to, hello(), 20);
    for (const frame of chunkFrames(all, Math.max(seqAt(position()), after + 1), due(), {
      broadcast: 'b',
      epoch: 1,
      here: 1,
    }))
      deliver(to, frame, 20);
  };

  const page: Listener = listener({
    now: time.now,
    timers: time,
    random: () => 0.5,
    onChange: () => {},
    open(events) {
      wire = events;
      joined = false;
      time.set(() => (isCut() ? events.closed() : events.opened()), 20);
      return { send: (text) => void time.set(() => answer(events, text), 20), close() {} };
    },
  });
  const plan = scheduler({
    score: page.score,
    position: () => (page.clock.ready ? page.position() : null),
    audioTime: (ms) => (page.clock.toLocal(T0_LOCAL + SERVER_OFFSET + ms) ?? Number.NaN) / 1000,
    instrument: {
      pedal() {},
      strike(note, atS) {
        page.clock.startSlewing();
        const sound: Sound = { note, atMs: atS * 1000 - T0_LOCAL, dampedAtMs: null };
        sounds.push(sound);
        return {
          damp(dampS) {
            sound.dampedAtMs = dampS * 1000 - T0_LOCAL;
          },
        };
      },
      silence() {},
    },
  });

  let posted = due();
  for (let now = 0; now < T0_LOCAL + music.durationMs + 2_000; now += 100) {
    time.runTo(now);
    if (isCut()) (wire as SocketEvents | null)?.closed();
    for (; posted < due(); posted++)
      post(encodeFrame(chunkFrame(all.stretch(posted + 1, 1), { broadcast: 'b', epoch: 1, here: 1 })));
    plan.tick();
    if (now % 1_000 === 0) page.check();
  }
  return { sounds, page };
}

const keyOf = ({ onsetMs, pitch }: Note): string => `${onsetMs}/${pitch}`;
const fates = fc.array(
  fc.record({ drop: fc.boolean(), twice: fc.boolean(), delayMs: fc.integer({ min: 1, max: 3_000 }) }),
  { minLength: 1, maxLength: 12 },
);
/** Each shorter than the lead by enough to come back and ask. */
const shortCuts = fc
  .array(
    fc.record({
      fromMs: fc.integer({ min: 12_000, max: 150_000 }),
      length: fc.integer({ min: 100, max: 20_000 }),
    }),
    { maxLength: 2 },
  )
  .map((cuts) => cuts.map(({ fromMs, length }) => ({ fromMs, toMs: fromMs + length })));

test('on a wire that drops, repeats, disorders and breaks, every note sounds once, on time, and is damped on time', () => {
  fc.assert(
    fc.property(anyMusic(120_000), fates, shortCuts, (music, luck, cuts) => {
      const { sounds } = evening(music, luck, cuts);
      expect(sounds.map(({ note }) => keyOf(note)).sort()).toEqual(music.notes.map(keyOf).sort());
      for (const { note, atMs } of sounds) expect(Math.abs(atMs - note.onsetMs)).toBeLessThan(1);
      const ends = new Map(
        foldPedal(music).notes.map((note) => [keyOf(note), note.onsetMs + note.durationMs]),
      );
      for (const { note, dampedAtMs } of sounds) {
        const end = ends.get(keyOf(note))!;
        // What the pedal still holds at the end rings out by itself.
        if (dampedAtMs === null) expect(end).toBe(music.durationMs);
        else expect(Math.abs(dampedAtMs - end)).toBeLessThan(1);
      }
    }),
    { numRuns: runs(60) },
  );
});

test('after an outage longer than what was in hand the music goes on, and nothing sounds twice or for ever', () => {
  const music = scale(200_000, 400);
  const cut = { fromMs: 30_000, toMs: 120_000 };
  const { sounds } = evening(music, [], [cut]);
  const onsets = sounds.map(({ note }) => note.onsetMs);
  expect(new Set(onsets).size).toBe(onsets.length);
  expect(sounds.every(({ dampedAtMs }) => dampedAtMs !== null)).toBe(true);
  // In hand at the cut: chunks up to 25 s + 45 s; asked for on return: the chunk that plays then, and on.
  expect(onsets.filter((ms) => ms < 60_000)).toHaveLength(150);
  const back = cut.toMs - T0_LOCAL + 16_000;
  expect(onsets.filter((ms) => ms >= back)).toEqual(
    music.notes.map(({ onsetMs }) => onsetMs).filter((ms) => ms >= back),
  );
});

test('a quarter of an hour takes few messages: a burst of pings, then one in forty seconds', () => {
  let sent = 0;
  const time = virtualTime();
  const page = listener({
    now: time.now,
    timers: time,
    random: () => 0.5,
    onChange() {},
    open(events) {
      time.set(events.opened, 20);
      return {
        send(text) {
          sent++;
          const request = parseRequest(text)!;
          if (request.action !== 'ping') return;
          const pong = { type: 'pong', id: request.id, receivedAt: time.now(), sentAt: time.now() } as const;
          time.set(() => events.message(encodeFrame(pong)), 20);
        },
        close() {},
      };
    },
  });
  time.runTo(900_000);
  expect(page.connection).toBe('open');
  expect(sent).toBeLessThanOrEqual(31);
});

test('a server of another protocol ends the conversation and asks for a reload', () => {
  const time = virtualTime();
  let events: SocketEvents | null = null;
  let opened = 0;
  const page = listener({
    now: time.now,
    timers: time,
    random: () => 0.5,
    onChange() {},
    open(given) {
      opened++;
      events = given;
      return { send() {}, close() {} };
    },
  });
  events!.opened();
  events!.message(
    JSON.stringify({
      type: 'hello',
      protocol: 2,
      broadcast: null,
      state: 'scheduled',
      performance: null,
      title: null,
      encore: false,
      epoch: 0,
      t0: null,
      durationMs: null,
      serverNow: 1,
      next: null,
    }),
  );
  time.runTo(100_000);
  expect(page.outdated).toBe(true);
  expect(opened).toBe(1);
  expect(page.score.hello).toBeNull();
});
