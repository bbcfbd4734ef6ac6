import type { FormPart } from '../../src/music/form.ts';
import { compareNotes, type Note } from '../../src/music/note.ts';
import { CHUNK_MS, firstAtOrAfter } from '../../src/music/timeline.ts';
import { BROADCAST_STATES, type Chunk, formPartOf, type Hello, noteOf, pedalOf } from '../../src/wire.ts';
import { dampers } from './dampers.ts';
import { compareEvents, type ScoreEvent, strokeOf } from './event.ts';

export { CHUNK_MS };

export type Score = {
  /** The latest hello that was taken. */
  readonly hello: Hello | null;
  /** All notes known, in order: what the roll shows. */
  readonly notes: readonly Note[];
  readonly pedal: readonly { readonly ms: number; readonly value: number }[];
  /** The parts of its form that are known, in order. A list is never changed, but replaced. */
  readonly form: readonly FormPart[];
  /** By how much the performance is to be made louder, decibels; 0 where it is not told. */
  readonly levelDb: number;
  /**
   * "new": another broadcast than before, and what was known is forgotten. "stale": of a lower epoch; or it tells of no
   * broadcast, or of an older one, while ours is not over: a station that has just come back knows no better yet.
   * @param positionMs from T0 of the broadcast in hand; null while it is unknown
   */
  begin(hello: Hello, positionMs?: number | null): 'new' | 'same' | 'stale';
  /** "foreign": of a broadcast that no hello has told of. */
  chunk(chunk: Chunk): 'new' | 'known' | 'stale' | 'foreign';
  /** One from a file of the site, which is of no epoch. */
  fetched(chunk: Chunk): void;
  /** The music is over by an operator's will: what has not been played is not to be. False for another's or a stale stop. */
  stop(broadcast: string, epoch: number): boolean;
  /** Events before `ms` that were not handed out yet, in order. */
  eventsUntil(ms: number): readonly ScoreEvent[];
  /** Hands everything out again from the beginning: for a player whose clock has jumped and who fell silent. */
  rewind(): void;
  /** The `after` to resume with, where chunks are missing at a position; null: nothing is. */
  missing(positionMs: number): number | null;
  /** The last chunk held of those that follow one another from a position on; what to resume after. */
  after(positionMs: number): number;
  /** Music in hand beyond a position, milliseconds. */
  inHandMs(positionMs: number): number;
  /** Whether all of the music between two times is in hand, as far as it goes on. */
  holds(fromMs: number, toMs: number): boolean;
};

/**
 * A listener with less music in hand than this, of a broadcast that has more, has been forgotten: by how many chunks the
 * last frame held, since of a crowd each is given several together, and not all in the same second (broadcast/due.ts).
 */
const lowMs = (together: number): number => Math.max(LEAST_MS, 110_000 - 20_000 * together);
/** One that fetches is not waited for any more with less than this in hand. */
const LEAST_MS = 30_000;

/** Collects frames into music to be played: duplicates are harmless, order does not matter, each note comes once. */
export function score(): Score {
  let hello: Hello | null = null;
  let epoch = 0;
  let held = new Set<number>();
  let queue: ScoreEvent[] = [];
  let handedOut: ScoreEvent[] = [];
  let notes: Note[] = [];
  let pedal: { ms: number; value: number }[] = [];
  let form: FormPart[] = [];
  let levelDb = 0;
  /** Chunks of the last frame. */
  let together = 1;
  /** The last event handed out: what comes before it comes too late. */
  let lastMs = 0;

  const clear = () => {
    lastMs = 0;
    held = new Set();
    queue = [];
    handedOut = [];
    notes = [];
    pedal = [];
    form = [];
    levelDb = 0;
    together = 1;
  };

  /** What has not been played is not to be. */
  const silence = () => {
    queue = [];
    handedOut = [];
  };

  /** Whether there is music in hand of a broadcast that goes on. */
  const goesOn = (positionMs: number | null): boolean =>
    (hello?.state === 'live' || hello?.state === 'doors') &&
    held.size > 0 &&
    (positionMs === null || positionMs < (hello.durationMs ?? Number.POSITIVE_INFINITY));

  const takeHello = (next: Hello, positionMs: number | null = null): 'new' | 'same' | 'stale' => {
    if (next.broadcast === hello?.broadcast) {
      if (next.epoch < epoch || stepOf(next) < stepOf(hello)) return 'stale';
      epoch = next.epoch;
      hello = next;
      if (isSilenced(next)) silence();
      return 'same';
    }
    if (goesOn(positionMs) && (next.t0 ?? Number.NEGATIVE_INFINITY) < (hello?.t0 ?? 0)) return 'stale';
    hello = next;
    epoch = next.epoch;
    clear();
    return 'new';
  };

  const takeChunk = (chunk: Chunk): 'new' | 'known' | 'stale' | 'foreign' => {
    if (!hello || chunk.broadcast !== hello.broadcast) return 'foreign';
    if (chunk.epoch < epoch || isSilenced(hello)) return 'stale';
    epoch = chunk.epoch;
    levelDb = chunk.levelDb ?? levelDb;
    together = chunk.count;
    const numbers = Array.from({ length: chunk.count }, (_, i) => chunk.seq + i);
    const fresh = new Set(numbers.filter((seq) => !held.has(seq)));
    if (fresh.size === 0) return 'known';
    const isFresh = (ms: number) => fresh.has(Math.floor(ms / CHUNK_MS));
    const struck = chunk.notes.map(noteOf).filter((note) => isFresh(note.onsetMs));
    const moved = chunk.pedal.map(pedalOf).filter((change) => isFresh(change.ms));
    const parts = (chunk.form ?? []).map(formPartOf).filter((part) => isFresh(part.ms));
    if (parts.length > 0) form = [...form, ...parts].sort((a, b) => a.ms - b.ms);
    const events: ScoreEvent[] = moved.map(({ ms, value }) => ({ kind: 'pedal', ms, value }));
    for (const note of struck) events.push(...strokeOf(note));
    const before: Note[] = [];
    if (fresh.has(chunk.seq) && !held.has(chunk.seq - 1)) {
      // Nothing is known of what came before: the frame's own state stands in for it.
      const sounding = chunk.state.sounding.map(noteOf);
      const unheard = sounding.filter((note) => !held.has(Math.floor(note.onsetMs / CHUNK_MS)));
      events.push({ kind: 'state', ms: chunk.fromMs, sounding, pedal: chunk.state.pedal });
      for (const note of unheard) events.push(strokeOf(note)[1]);
      before.push(...unheard);
      pedal.push({ ms: chunk.fromMs, value: chunk.state.pedal });
    }
    for (const seq of fresh) held.add(seq);
    const late = events.filter(({ ms }) => ms < lastMs);
    const due = events.filter(({ ms }) => ms >= lastMs);
    if (late.length > 0) {
      // What comes too late to be played is told by what it leaves sounding, and where it leaves the pedal.
      handedOut = [...handedOut, ...late].sort(compareEvents);
      due.push(stateAfter(handedOut, lastMs));
    }
    queue = [...queue, ...due].sort(compareEvents);
    notes = withoutTwins([...notes, ...before, ...struck].sort(compareNotes));
    pedal = [...pedal, ...moved].sort((a, b) => a.ms - b.ms);
    return 'new';
  };

  /** Chunks that the whole broadcast has; unknown before its length is. */
  const chunks = () =>
    hello?.durationMs == null ? null : Math.max(1, Math.ceil(hello.durationMs / CHUNK_MS));
  /** The first chunk at or after the one that plays which is not held. */
  const firstMissing = (positionMs: number): number => {
    let seq = Math.max(0, Math.floor(positionMs / CHUNK_MS));
    while (held.has(seq)) seq++;
    return seq;
  };

  return {
    get hello() {
      return hello;
    },
    get notes() {
      return notes;
    },
    get pedal() {
      return pedal;
    },
    get form() {
      return form;
    },
    get levelDb() {
      return levelDb;
    },
    begin: takeHello,
    chunk: takeChunk,
    fetched: (chunk) => void takeChunk({ ...chunk, epoch }),
    stop(broadcast, stopEpoch) {
      if (broadcast !== hello?.broadcast || stopEpoch < epoch) return false;
      hello = { ...hello, state: 'stopped' };
      silence();
      return true;
    },
    eventsUntil(ms) {
      const end = firstAtOrAfter(queue, (event) => event.ms, ms);
      lastMs = Math.max(lastMs, queue[end - 1]?.ms ?? 0);
      const due = queue.splice(0, end);
      handedOut.push(...due);
      return due;
    },
    rewind() {
      queue = [...handedOut, ...queue].sort(compareEvents);
      handedOut = [];
      lastMs = 0;
    },
    missing(positionMs) {
      if (hello?.state !== 'live' && hello?.state !== 'doors') return null;
      const total = chunks();
      if (total === null) return null;
      const seq = firstMissing(positionMs);
      if (seq >= total) return null;
      const { from, until } = hello.chunks ?? {};
      const fetched = from !== undefined && seq >= from && seq < (until ?? total);
      const overtaken = !fetched && [...held].some((other) => other > seq);
      const low = seq * CHUNK_MS - positionMs < (fetched ? LEAST_MS : lowMs(together));
      return overtaken || low ? seq - 1 : null;
    },
    after: (positionMs) => firstMissing(positionMs) - 1,
    inHandMs: (positionMs) => Math.max(0, firstMissing(positionMs) * CHUNK_MS - Math.max(0, positionMs)),
    holds(fromMs, toMs) {
      const end = Math.min(Math.ceil(toMs / CHUNK_MS), chunks() ?? Number.POSITIVE_INFINITY);
      return firstMissing(fromMs) >= end;
    },
  };
}

/** A broadcast's life goes one way: what tells of an earlier step of it was overtaken on its way here. */
const stepOf = ({ state }: Hello): number => BROADCAST_STATES.indexOf(state);

const isSilenced = ({ state }: Hello): boolean => state === 'stopped' || state === 'cancelled';

function stateAfter(events: readonly ScoreEvent[], ms: number): ScoreEvent {
  const keys = dampers();
  let pedal = 0;
  for (const event of events) {
    keys.take(event);
    if (event.kind === 'pedal') pedal = event.value;
    else if (event.kind === 'state') pedal = event.pedal;
  }
  return { kind: 'state', ms, sounding: keys.sounding, pedal };
}

/** A note held over a lost chunk may be told twice: by the state after it, and by the chunk that arrives late. */
const withoutTwins = (sorted: readonly Note[]): Note[] =>
  sorted.filter((note, i) => i === 0 || compareNotes(note, sorted[i - 1]!) !== 0);
