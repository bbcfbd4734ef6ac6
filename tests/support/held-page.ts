/** A page at a station whose time the test holds: what it hands its piano to strike, and how often. */
import { WebSocket } from 'ws';
import type { Note } from '../../src/music/note.ts';
import { parseFrame } from '../../src/wire.ts';
import { score } from '../../web/score/score.ts';
import type { TimedStation } from './timed-station.ts';

/** As far ahead as the page schedules, milliseconds. */
const AHEAD_MS = 1_500;
/** The station bears a hundred messages in ten seconds of its machine's, in which here whole broadcasts pass. */
const LOOKS_A_PING = 5;

export type HeldPage = Awaited<ReturnType<typeof heldPage>>;

export async function heldPage(first: TimedStation) {
  const music = score();
  const struck = new Map<string, number>();
  const epochs = new Set<number>();
  let cuts = 0;
  let now = first.clock.now;
  let socket: WebSocket | null = null;
  let pings = 0;
  let looks = 0;
  const pongs = new Map<number, () => void>();

  const position = () => (music.hello?.t0 == null ? null : now() - music.hello.t0);
  function take(text: string): void {
    const frame = parseFrame(text);
    if (frame?.type === 'pong') pongs.get(frame.id)?.();
    if (frame?.type === 'hello' && music.begin(frame, position()) === 'new') cuts++;
    if (frame?.type === 'chunk' && music.chunk(frame) === 'new') epochs.add(frame.epoch);
    if (frame?.type === 'stop' && music.stop(frame.broadcast, frame.epoch)) cuts++;
  }
  async function join({ station, clock }: TimedStation): Promise<void> {
    now = clock.now;
    const { url } = station;
    const line = new WebSocket(`${url.replace('http', 'ws')}/ws`, { origin: url });
    line.on('message', (data) => take(String(data))).on('error', () => {});
    await new Promise((open) => line.once('open', open));
    line.once('close', () => {
      for (const pong of pongs.values()) pong();
    });
    socket = line;
    line.send('{"action":"join"}');
    await heard();
  }
  /** Everything that was sent to it has arrived: an answer comes after it. */
  function heard(): Promise<void> {
    const id = ++pings;
    return new Promise((resolve) => {
      pongs.set(id, resolve);
      socket?.send(JSON.stringify({ action: 'ping', id }));
    });
  }
  await join(first);
  return {
    join,
    /** Other broadcasts than the one before, and stops. */
    cuts: () => cuts,
    broadcast: () => music.hello?.broadcast ?? null,
    state: () => music.hello?.state ?? null,
    epochs: () => [...epochs].sort(),
    position,
    /** To be called every two seconds or so. */
    async play() {
      if (looks++ % LOOKS_A_PING === 0 && socket?.readyState === WebSocket.OPEN) await heard();
      const at = position();
      for (const event of at === null ? [] : music.eventsUntil(at + AHEAD_MS))
        if (event.kind === 'on') struck.set(keyOf(event.note), (struck.get(keyOf(event.note)) ?? 0) + 1);
    },
    /** What of this music was not struck, and what more than once. */
    amiss(notes: readonly Note[]) {
      return {
        missed: notes.filter((note) => !struck.has(keyOf(note))).map(({ onsetMs }) => onsetMs),
        doubled: [...struck].filter(([, times]) => times > 1).map(([key]) => key),
      };
    },
    close: () => socket?.terminate(),
  };
}
const keyOf = ({ onsetMs, pitch }: Note): string => `${onsetMs} ${pitch}`;
