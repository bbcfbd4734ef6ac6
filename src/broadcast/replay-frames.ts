import type { Timeline } from '../music/timeline.ts';
import { encodeFrame, type Frame, PROTOCOL } from '../wire.ts';
import { chunkFrames, dueMs, dueSeq, seqAt } from './frames.ts';

/** A frame and when it is posted, milliseconds from T0. */
export type TimedFrame = { readonly atMs: number; readonly frame: string };

/** Every replay of a file is the same broadcast, so the same file gives the same frames. */
const BROADCAST = 'replay';
const EPOCH = 1;

/**
 * The frames of a broadcast to one listener who joins at `fromMs`, on a clock whose zero is T0: `hello`, then at
 * once what is due by then, then a chunk each 15 s, then `end`.
 */
export function* replayFrames(performance: string, music: Timeline, fromMs = 0): Generator<TimedFrame> {
  const context = { broadcast: BROADCAST, epoch: EPOCH, here: 1 };
  const hello: Frame = {
    type: 'hello',
    protocol: PROTOCOL,
    broadcast: BROADCAST,
    state: 'live',
    performance,
    title: null,
    encore: false,
    epoch: EPOCH,
    t0: 0,
    durationMs: music.music.durationMs,
    serverNow: fromMs,
    next: null,
  };
  yield { atMs: fromMs, frame: encodeFrame(hello) };
  const first = dueSeq(music, fromMs);
  for (const frame of chunkFrames(music, seqAt(fromMs), first, context)) yield { atMs: fromMs, frame };
  for (let seq = first + 1; seq < music.chunks; seq++) {
    for (const frame of chunkFrames(music, seq, seq, context)) yield { atMs: dueMs(seq), frame };
  }
  const lastSeq = music.chunks - 1;
  const end: Frame = { type: 'end', broadcast: BROADCAST, epoch: EPOCH, lastSeq };
  yield { atMs: music.music.durationMs, frame: encodeFrame(end) };
}
