import type { FormPart } from '../music/form.ts';
import { CHUNK_MS, type Stretch, type Timeline } from '../music/timeline.ts';
import type { Broadcast, Lease } from '../ports.ts';
import {
  type Chunk,
  encodeFrame,
  formTupleOf,
  type Hello,
  MAX_FRAME_BYTES,
  noteTupleOf,
  PROTOCOL,
  pedalTupleOf,
} from '../wire.ts';
import { LEAD_MS, onSite } from './fetching/fetched.ts';

/** What every frame of one broadcaster carries. */
export type FrameContext = { readonly broadcast: string; readonly epoch: number; readonly here: number };

/** The chunk that plays at a position (milliseconds from T0); the first one before T0. */
export const seqAt = (positionMs: number): number => Math.max(0, Math.floor(positionMs / CHUNK_MS));

/** The last chunk that is due to be posted at a position; -1 while none is. */
export const dueSeq = (music: Timeline, positionMs: number): number =>
  Math.min(music.chunks - 1, Math.max(-1, Math.floor((positionMs + LEAD_MS) / CHUNK_MS)));

/** When chunk `seq` is due, milliseconds from T0. */
export const dueMs = (seq: number): number => seq * CHUNK_MS - LEAD_MS;

/** What a listener is told of a broadcast, or of there being none. */
export function helloFrame(broadcast: Broadcast | null, serverNow: number, next: number | null): Hello {
  const known = broadcast !== null && broadcast.state !== 'scheduled';
  const onAir = broadcast?.state === 'doors' || broadcast?.state === 'live';
  const chunks = onAir ? onSite(broadcast) : null;
  return {
    type: 'hello',
    protocol: PROTOCOL,
    broadcast: broadcast?.id ?? null,
    state: broadcast?.state ?? 'scheduled',
    performance: known ? broadcast.performance : null,
    title: known ? broadcast.title : null,
    encore: broadcast?.encore ?? false,
    epoch: broadcast?.epoch ?? 0,
    t0: known ? broadcast.startsAt : null,
    durationMs: known ? broadcast.durationMs : null,
    serverNow,
    next,
    ...(chunks ? { chunks } : {}),
  };
}

/** The frame of it. @param now by the server's clock */
export const hello = (row: Broadcast, now: number): string =>
  encodeFrame(helloFrame(row, now, row.state === 'scheduled' ? row.startsAt : row.next));

/** What silences everybody. @param now by the server's clock */
export const stopFrames = (row: Broadcast, now: number): readonly string[] => [
  encodeFrame({ type: 'stop', broadcast: row.id, epoch: row.epoch }),
  hello(row, now),
];

/** The music is over; none where nothing was played. */
export const endFrames = (
  { broadcast, epoch }: Pick<Lease, 'broadcast' | 'epoch'>,
  lastSeq: number,
): readonly string[] => (lastSeq < 0 ? [] : [encodeFrame({ type: 'end', broadcast, epoch, lastSeq })]);

export function chunkFrame(stretch: Stretch, context: FrameContext): Chunk {
  return {
    type: 'chunk',
    seq: stretch.seq,
    count: stretch.count,
    broadcast: context.broadcast,
    epoch: context.epoch,
    fromMs: stretch.fromMs,
    toMs: stretch.toMs,
    here: context.here,
    levelDb: stretch.levelDb,
    state: { sounding: stretch.state.sounding.map(noteTupleOf), pedal: stretch.state.pedal },
    notes: stretch.notes.map(noteTupleOf),
    pedal: stretch.pedal.map(pedalTupleOf),
  };
}

/** Music, and its form where that is known. */
type Formed = Timeline & { readonly form?: readonly FormPart[] };

/** With the parts of the form that begin in it, where there are any and the frame holds them as well. */
function formedFrame(music: Formed, seq: number, count: number, context: FrameContext): string {
  const chunk = chunkFrame(music.stretch(seq, count), context);
  const plain = encodeFrame(chunk);
  const form = (music.form ?? []).filter(({ ms }) => ms >= chunk.fromMs && ms < chunk.toMs);
  if (form.length === 0) return plain;
  const formed = encodeFrame({ ...chunk, form: form.map(formTupleOf) });
  return formed.length < MAX_FRAME_BYTES ? formed : plain;
}

/** The chunks `from` to `to` (inclusive) in as few frames as stay under 32 KB each. */
export function chunkFrames(music: Formed, from: number, to: number, context: FrameContext): string[] {
  const frames: string[] = [];
  const frame = (seq: number, count: number) => formedFrame(music, seq, count, context);
  for (let seq = from; seq <= to; ) {
    let text = frame(seq, 1);
    let count = 1;
    for (; seq + count <= to; count++) {
      const longer = frame(seq, count + 1);
      if (longer.length >= MAX_FRAME_BYTES) break;
      text = longer;
    }
    frames.push(text);
    seq += count;
  }
  return frames;
}

/** Stretches that are asked for at the same time: of who joins, and of those who come back with a part of it. */
const STRETCHES = 16;
/** The number of listeners in a frame is exact below a hundred, and this part off at most. */
const HERE_WITHIN = 0.01;

type Kept = { readonly context: FrameContext; readonly frames: Map<string, readonly string[]> };
const kept = new WeakMap<Timeline, Kept>();

/**
 * The chunks `from` to `to` (inclusive) for one who comes now: encoded once for all who come about now, and the same
 * strings, so that whoever sends them may know them again.
 */
export function heldFrames(
  music: Timeline,
  from: number,
  to: number,
  context: FrameContext,
): readonly string[] {
  let last = kept.get(music);
  if (!last || !isNear(last.context, context) || last.frames.size >= STRETCHES) {
    last = { context, frames: new Map() };
    kept.set(music, last);
  }
  const stretch = `${from}-${to}`;
  const frames = last.frames.get(stretch) ?? chunkFrames(music, from, to, context);
  last.frames.set(stretch, frames);
  return frames;
}

const isNear = (one: FrameContext, other: FrameContext): boolean =>
  one.broadcast === other.broadcast &&
  one.epoch === other.epoch &&
  Math.abs(one.here - other.here) < Math.max(1, one.here * HERE_WITHIN);

/** The first chunk too dense for a frame, or null. Music is checked before it is accepted, not while it plays. */
export function tooDense(music: Timeline): { readonly seq: number; readonly notes: number } | null {
  const widest = { broadcast: 'x'.repeat(200), epoch: 999_999, here: 999_999 };
  for (let seq = 0; seq < music.chunks; seq++) {
    const stretch = music.stretch(seq, 1);
    if (encodeFrame(chunkFrame(stretch, widest)).length >= MAX_FRAME_BYTES)
      return { seq, notes: stretch.notes.length };
  }
  return null;
}
