/**
 * HTTP/2 as far as it takes to ask one gateway many things at once (RFC 9113). What is sent in one turn of the event loop goes
 * in one write, and so in few records of TLS; the fields that all requests share are a byte each (encode-fields.ts).
 * `node:http2` does as much, at the price of an object of streams and events for each request: it made as many posts a second of
 * the processor as HTTP/1.1.
 */
import type { Conversation, Line } from '../conversation.ts';
import { type Job, late } from '../request.ts';
import { type Answer, noAnswer, takeData, takeFields, whole } from './answer.ts';
import { fieldEncoder } from './encode-fields.ts';
import { type FieldBlock, fieldBlocks } from './field-blocks.ts';
import * as h2 from './frames.ts';
import { fault } from './frames.ts';
import { sending } from './sending.ts';
import { defaults, greet, takeSettings } from './settings.ts';

/** Requests at once, however many the other side would take. */
export const STREAMS = 32;

export type SessionConfig = {
  readonly scheme: 'http' | 'https';
  /** Where nothing at all came for so long and something is late, the connection is given up, milliseconds. */
  readonly answerMs: number;
  /** The number of the first request, odd; the last possible one is 2^31 - 1. */
  readonly firstStream?: number;
};

type Stream = { readonly job: Job; readonly until: number; readonly answer: Answer };

/** Of one answer, and of all together, that the other side may send unasked. One has at most 32,768: its window is never widened. */
const WINDOW = 65_535;
/** What came is told after so many bytes. */
const WIDEN_BYTES = WINDOW >> 1;
const LAST_STREAM = 2 ** 31 - 1;
/** Streams that we ended are remembered, as their frames may still be on their way. */
const REMEMBERED = 256;
const notHeard = () => new Error('the gateway did not hear a request');

/** One connection's whole conversation. It has room from the other side's first settings on. */
export function session(line: Line, config: SessionConfig): Conversation {
  const settings = defaults();
  const streams = new Map<number, Stream>();
  const out = h2.outbox(line.write);
  const encoder = fieldEncoder(config.scheme);
  const bodies = sending(out, settings);
  const reset = new Set<number>();
  let next = config.firstStream ?? 1;
  let [isSettled, isLeaving, isOver] = [false, false, false];
  /** Of the other side's data: what was not yet told to have been taken. */
  let untold = 0;
  let heardAt = performance.now();
  const blocks = fieldBlocks();

  const room = () =>
    isSettled && !isLeaving && !isOver && next <= LAST_STREAM
      ? Math.max(0, Math.min(STREAMS, settings.maxConcurrentStreams) - streams.size)
      : 0;

  /** After one or several were closed. */
  function closed(): void {
    if (isOver) return;
    if (streams.size === 0 && (isLeaving || next > LAST_STREAM)) line.end();
    else if (room() > 0) line.free();
  }
  function cancel(id: number, code: number): void {
    bodies.stop(id);
    out.words(h2.RST_STREAM, id, code);
    reset.add(id);
    if (reset.size > REMEMBERED) reset.delete(reset.values().next().value!);
  }
  function refuse(id: number, error: Error, code: number): void {
    const stream = streams.get(id);
    streams.delete(id);
    cancel(id, code);
    stream?.job.reject(error);
    closed();
  }
  /** A stream that a frame of it may come for. @returns undefined: it is over, and what comes is ignored */
  function known(id: number, frame: string): Stream | undefined {
    const stream = streams.get(id);
    if (stream || reset.has(id)) return stream;
    checkMade(id, frame);
    throw fault(h2.STREAM_CLOSED, `${frame} of an answer that is over`);
  }
  function checkMade(id: number, frame: string): void {
    if (id >= next || (id > 0 && id % 2 === 0))
      throw fault(h2.PROTOCOL_ERROR, `${frame} of a request that was not made`);
  }
  function finish(id: number, { answer, job }: Stream): void {
    const its = whole(answer);
    streams.delete(id);
    // It knew enough before it had all of the request (RFC 9113, 8.1).
    if (bodies.stop(id)) cancel(id, h2.NO_ERROR);
    job.resolve(its);
    closed();
  }
  /** What is wrong with one answer is no fault of the others. */
  function unread(id: number, error: Error): void {
    if (h2.codeOf(error) !== undefined) throw error;
    refuse(id, error, h2.PROTOCOL_ERROR);
  }
  function fields({ stream: id, bytes, isEnd }: FieldBlock): void {
    const stream = known(id, 'fields');
    if (!stream) return;
    try {
      takeFields(stream.answer, bytes, isEnd);
      if (isEnd) finish(id, stream);
    } catch (error) {
      unread(id, error as Error);
    }
  }
  function data(frame: h2.Frame): void {
    const { stream: id, flags, payload } = frame;
    untold += payload.length;
    if (untold > WIDEN_BYTES) {
      out.words(h2.WINDOW_UPDATE, 0, untold);
      untold = 0;
    }
    const stream = known(id, 'data');
    const bytes = h2.unpadded(frame);
    if (!stream) return;
    try {
      takeData(stream.answer, bytes);
      if (flags & h2.END_STREAM) finish(id, stream);
    } catch (error) {
      unread(id, error as Error);
    }
  }
  function settle(payload: Buffer): void {
    const before = settings.initialWindowSize;
    takeSettings(settings, payload);
    encoder.limit(settings.headerTableSize);
    out.head(h2.SETTINGS, h2.ACK, 0, 0);
    if (settings.initialWindowSize !== before) bodies.widenAll(settings.initialWindowSize - before);
    isSettled = true;
    if (room() > 0) line.free();
  }
  function resetByThem(id: number, code: number): void {
    checkMade(id, 'an end');
    const stream = streams.get(id);
    // After its answer it may say so that it wants no more of the request.
    if (!stream) return;
    bodies.stop(id);
    streams.delete(id);
    if (code === h2.HTTP_1_1_REQUIRED || code === h2.PROTOCOL_ERROR) line.misunderstood();
    stream.job.reject(
      code === h2.REFUSED_STREAM ? notHeard() : new Error(`the gateway ended a request: error ${code}`),
    );
    closed();
  }
  function widen(id: number, by: number): void {
    checkMade(id, 'a window');
    if (by === 0) throw fault(h2.PROTOCOL_ERROR, 'a window that is widened by nothing');
    bodies.widen(id, by);
  }
  function leave(payload: Buffer): void {
    isLeaving = true;
    const [last, code] = [payload.readUInt32BE(0) & LAST_STREAM, payload.readUInt32BE(4)];
    if (code !== h2.NO_ERROR && code !== h2.INTERNAL_ERROR) line.misunderstood();
    const why =
      code === h2.NO_ERROR
        ? undefined
        : { cause: new Error(`it ended with error ${code}: ${payload.toString('latin1', 8, 200)}`) };
    for (const [id, { job }] of [...streams]) {
      if (id <= last) continue;
      bodies.stop(id);
      streams.delete(id);
      job.reject(Object.assign(notHeard(), why));
    }
    closed();
  }

  function take(frame: h2.Frame): void {
    if (isOver) return;
    const { type, flags, stream: id, payload } = frame;
    if (!isSettled && (type !== h2.SETTINGS || flags & h2.ACK))
      throw fault(h2.PROTOCOL_ERROR, 'it does not begin with its settings');
    blocks.check(frame);
    h2.check(frame);
    switch (type) {
      case h2.DATA:
        data(frame);
        break;
      case h2.HEADERS:
      case h2.CONTINUATION: {
        const block = blocks.add(frame);
        if (block) fields(block);
        break;
      }
      case h2.RST_STREAM:
        resetByThem(id, payload.readUInt32BE(0));
        break;
      case h2.SETTINGS:
        if (!(flags & h2.ACK)) settle(payload);
        break;
      case h2.PUSH_PROMISE:
        throw fault(h2.PROTOCOL_ERROR, 'an answer that nobody asked for');
      case h2.PING:
        if (flags & h2.ACK) break;
        out.head(h2.PING, h2.ACK, 0, payload.length);
        out.bytes(payload);
        break;
      case h2.GOAWAY:
        leave(payload);
        break;
      case h2.WINDOW_UPDATE:
        widen(id, payload.readUInt32BE(0) & LAST_STREAM);
    }
  }
  const readFrames = h2.frameReader(take);

  greet(out, WINDOW);

  return {
    room,
    load: () => streams.size,
    send(job, until) {
      const id = next;
      next += 2;
      streams.set(id, { job, until, answer: noAnswer() });
      const { bytes } = job.request.body;
      h2.writeFields(out, id, encoder.encode(job.request), bytes.length === 0, settings.maxFrameSize);
      if (bytes.length > 0) bodies.start(id, bytes);
    },
    read(bytes) {
      heardAt = performance.now();
      try {
        readFrames(bytes);
      } catch (error) {
        const code = h2.codeOf(error as Error);
        if (code !== undefined) {
          out.words(h2.GOAWAY, 0, 0, code);
          out.flush();
          line.misunderstood();
        }
        line.end(error as Error);
      }
    },
    look(now) {
      if (now - heardAt >= config.answerMs && [...streams.values()].some(({ until }) => now >= until))
        return line.end(late());
      for (const [id, { until }] of [...streams]) if (now >= until) refuse(id, late(), h2.CANCEL);
    },
    finish() {
      if (!isSettled) line.misunderstood();
      line.end(new Error('the gateway left before it had answered'));
    },
    broken(error) {
      isOver = true;
      out.close();
      for (const { job } of streams.values()) job.reject(error);
      streams.clear();
    },
  };
}
