/** What a station says of one of the two evenings, and what one says whose time is over. */
import { CHUNK_MS } from '../../../src/music/timeline.ts';
import { encodeFrame, type Frame, type Hello, PROTOCOL } from '../../../src/wire.ts';
import { type Evening, FIRST, SECOND } from './faults.ts';

/** The server's clock, of which the page knows nothing. */
export const SERVER_OFFSET = 1_795_000_000_000;
/** The note that only a broadcaster posts whose time is over. */
export const FALSE_PITCH = 1;

export function helloFrame(evening: Evening, state: Hello['state'], epoch: number, now: number): string {
  const known = state !== 'scheduled';
  const after = evening.id === FIRST.id ? SECOND.t0 : null;
  const next = known ? after : evening.t0;
  return encodeFrame({
    type: 'hello',
    protocol: PROTOCOL,
    broadcast: evening.id,
    state,
    performance: known ? '2026-11-21' : null,
    title: null,
    encore: false,
    epoch: known ? epoch : 0,
    t0: known ? evening.t0 + SERVER_OFFSET : null,
    durationMs: known ? evening.music.durationMs : null,
    serverNow: now + SERVER_OFFSET,
    next: next === null ? null : next + SERVER_OFFSET,
  });
}

/** A chunk of a number, with one note, which is in no music. */
export function falseChunk({ id }: Evening, seq: number, epoch: number): string {
  const fromMs = seq * CHUNK_MS;
  const frame: Frame = {
    ...{ type: 'chunk', seq, count: 1, broadcast: id, epoch, fromMs, toMs: fromMs + CHUNK_MS, here: 1 },
    ...{ state: { sounding: [], pedal: 0 }, notes: [[fromMs + 5, 100, FALSE_PITCH, 64]], pedal: [] },
  };
  return encodeFrame(frame);
}
