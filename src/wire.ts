import * as v from 'valibot';
import { type FormPart, TURNS } from './music/form.ts';
import type { Note, PedalChange } from './music/note.ts';

/**
 * The websocket's language: JSON text frames, each under 32 KB (API Gateway bills and limits by 32 KB).
 * A listener speaks by `action` (API Gateway's route selection), the server by `type`. Times of the music are
 * integer milliseconds from T0; times of the server are epoch milliseconds.
 */
export const PROTOCOL = 1;
export const MAX_FRAME_BYTES = 32 * 1024;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const epochMs = v.pipe(v.number(), v.finite());
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const midiValue = v.pipe(count, v.maxValue(127));

export const requestSchema = v.variant('action', [
  v.object({ action: v.literal('join') }),
  v.object({ action: v.literal('ping'), id: count }),
  v.object({
    action: v.literal('resume'),
    broadcast: name,
    after: v.pipe(v.number(), v.safeInteger(), v.minValue(-1)),
  }),
  v.object({ action: v.literal('punch'), broadcast: name }),
]);
/** What a listener may ask. */
export type Request = v.InferOutput<typeof requestSchema>;

/** A broadcast's life; it goes from left to right only. */
export const BROADCAST_STATES = ['scheduled', 'doors', 'live', 'ended', 'stopped', 'cancelled'] as const;
export type BroadcastState = (typeof BROADCAST_STATES)[number];

/** `[onsetMs, durationMs, pitch, velocity]` */
const noteTuple = v.tuple([count, v.pipe(count, v.minValue(1)), midiValue, v.pipe(midiValue, v.minValue(1))]);
export type NoteTuple = v.InferOutput<typeof noteTuple>;
/** `[ms, value]` */
const pedalTuple = v.tuple([count, midiValue]);
export type PedalTuple = v.InferOutput<typeof pedalTuple>;

/** `[ms, movement, bar, turn]`; see music/form.ts */
const formTuple = v.tuple([
  count,
  v.pipe(count, v.minValue(1)),
  v.pipe(count, v.minValue(1)),
  v.picklist(TURNS),
]);
export type FormTuple = v.InferOutput<typeof formTuple>;
/** No chunk begins so many parts of a form; more would be no roll. */
const MOST_PARTS = 64;

/** How much of it there is, 0 to 1, and the weave of that (music/weave.ts), as long as the whole will be. */
const composing = v.object({
  part: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  weave: v.pipe(v.string(), v.minLength(0), v.maxLength(200)),
});
export type Composing = v.InferOutput<typeof composing>;
/** Chunks that are files of the site, to be fetched and not waited for; docs/protocol.md has when, and what is in one. */
const onSite = v.object({
  /** From the site's root, with a slash at its end: file `seq` is `<path><seq>.json`. */
  path: name,
  /** Chunks of a file; files are numbered by the first of theirs, a multiple of this. */
  each: v.pipe(count, v.minValue(1)),
  /** The first chunk that is to be fetched. */
  from: count,
  /** A file is there so long before the time of its first chunk, milliseconds. */
  leadMs: count,
  /** The first that is posted again; nothing is said where none is known. */
  until: v.optional(count),
});
export type OnSite = v.InferOutput<typeof onSite>;
const hello = v.object({
  type: v.literal('hello'),
  protocol: v.number(),
  /** null while nothing is planned. */
  broadcast: v.nullable(name),
  state: v.picklist(BROADCAST_STATES),
  /** The date that is played; null until it is known, and on a silent day. */
  performance: v.nullable(name),
  /** Its title, from doors on, for the leader; null until it is known. A station older than this field sends none. */
  title: v.optional(v.nullable(v.string()), null),
  encore: v.boolean(),
  epoch: count,
  /** Known from doors on. */
  t0: v.nullable(epochMs),
  /** null until it is known: a piece may begin to play while the rest of it is composed. */
  durationMs: v.nullable(count),
  serverNow: epochMs,
  /** Start of the coming broadcast. */
  next: v.nullable(epochMs),
  /** A piece is being composed, to be played as soon as it may begin; nothing is said where none is. */
  composing: v.optional(composing),
  /** The site answers what time it is, at `/clock` (docs/protocol.md); nothing is said where it does not. */
  clock: v.optional(v.boolean()),
  /** So many listen that chunks are fetched; nothing is said where they are posted. */
  chunks: v.optional(onSite),
});
const chunk = v.object({
  type: v.literal('chunk'),
  seq: count,
  count: v.pipe(count, v.minValue(1)),
  broadcast: name,
  epoch: count,
  fromMs: count,
  toMs: count,
  /** Listeners connected when it was posted. */
  here: count,
  /** Programme loudness: decibels by which all of the performance is made louder. A station older than this field sends none. */
  levelDb: v.optional(v.pipe(v.number(), v.minValue(-24), v.maxValue(24))),
  state: v.object({ sounding: v.array(noteTuple), pedal: midiValue }),
  notes: v.array(noteTuple),
  pedal: v.array(pedalTuple),
  /** Parts of the form that begin in that time. Nothing is said where there are none, nor by a station older than this field. */
  form: v.optional(v.pipe(v.array(formTuple), v.maxLength(MOST_PARTS))),
});
const pong = v.object({ type: v.literal('pong'), id: count, receivedAt: epochMs, sentAt: epochMs });
const end = v.object({ type: v.literal('end'), broadcast: name, epoch: count, lastSeq: count });
const stop = v.object({ type: v.literal('stop'), broadcast: name, epoch: count });
/** What became of a hole that a listener has asked for; only the first of these changes anything. */
const PUNCH_OUTCOMES = ['punched', 'again', 'full', 'early', 'late', 'wait', 'unknown'] as const;
const margin = v.object({
  type: v.literal('margin'),
  broadcast: name,
  outcome: v.picklist(PUNCH_OUTCOMES),
  /** In the margin by now; null where that is not told. */
  holes: v.nullable(count),
});
const error = v.object({ type: v.literal('error'), code: name, message: v.string() });
export const frameSchema = v.variant('type', [hello, chunk, pong, end, stop, margin, error]);

export type Hello = v.InferOutput<typeof hello>;
export type Margin = v.InferOutput<typeof margin>;
export type Chunk = v.InferOutput<typeof chunk>;
/** What the server may say. */
export type Frame = v.InferOutput<typeof frameSchema>;

/** Unknown fields are dropped. `null`: not a message of ours. */
export const parseRequest = (text: string): Request | null => parse(requestSchema, text);
export const parseFrame = (text: string): Frame | null => parse(frameSchema, text);
/** Of what has been parsed already, as a file's content has. */
export const readFrame = (value: unknown): Frame | null => read(frameSchema, value);
export const encodeFrame = (message: Frame): string => JSON.stringify(message);
export const encodeRequest = (message: Request): string => JSON.stringify(message);

function parse<S extends v.GenericSchema>(schema: S, text: string): v.InferOutput<S> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return read(schema, value);
}

function read<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> | null {
  const result = v.safeParse(schema, value);
  return result.success ? result.output : null;
}

export const noteTupleOf = (note: Note): NoteTuple => [
  note.onsetMs,
  note.durationMs,
  note.pitch,
  note.velocity,
];
export const pedalTupleOf = (change: PedalChange): PedalTuple => [change.ms, change.value];
export const noteOf = ([onsetMs, durationMs, pitch, velocity]: NoteTuple): Note => ({
  onsetMs,
  durationMs,
  pitch,
  velocity,
});
export const pedalOf = ([ms, value]: PedalTuple): PedalChange => ({ ms, value });
export const formTupleOf = ({ ms, movement, bar, turn }: FormPart): FormTuple => [ms, movement, bar, turn];
export const formPartOf = ([ms, movement, bar, turn]: FormTuple): FormPart => ({ ms, movement, bar, turn });
