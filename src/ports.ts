/**
 * What the use cases need of the world: types only. An adapter is a factory `(config) => Port` over its client.
 * Expected outcomes are return values; faults throw, with their cause. Instants are epoch milliseconds.
 */
import type { Window } from './schedule/window.ts';
import type { BroadcastState } from './wire.ts';

export type * from './ports/continuing.ts';
export type * from './ports/engraver.ts';
export type * from './ports/records.ts';
export type * from './ports/renderer.ts';
export type * from './ports/stores.ts';

export type Clock = {
  now(): number;
  /** Resolves at `instant`, at once where it has passed; rejects with the signal's reason when aborted. */
  sleepUntil(instant: number, signal?: AbortSignal): Promise<void>;
};

/** Uniform in [0, 1). */
export type Random = () => number;

/** The `index`-th (from 0) of `of` parts. Parts are disjoint, and all of them are everybody. */
export type Part = { readonly index: number; readonly of: number };

/**
 * Ids of the websocket connections that have joined, divisible by a hash of the id into 1, 2, 4, … parts of about the
 * same size; part i of n is parts i and i + n of 2n together.
 */
export type Connections = {
  add(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** All, or those of one part. */
  list(part?: Part): Promise<readonly string[]>;
  count(): Promise<number>;
};

/** "gone": the listener has left for good. "slow": this frame did not reach it; it will ask again. */
export type PostOutcome = 'sent' | 'gone' | 'slow';
/** Where the outcome is known at once it is given at once: a promise for each of thousands costs more than their frames. */
export type Post = (connectionId: string, frame: string) => PostOutcome | Promise<PostOutcome>;
/**
 * One try at it: refused it may be, and tried again so many milliseconds later. Every Post is one that never is.
 * @param refusals of this frame until now
 */
export type Attempt = (
  connectionId: string,
  frame: string,
  refusals: number,
) => PostOutcome | Promise<PostOutcome | { readonly againInMs: number }>;

/** Told of each message of a connection that is none of ours: five within a minute end it. */
export type Manners = (connectionId: string) => Promise<'bear' | 'close'>;

/** One playing of a performance. */
export type Broadcast = {
  readonly id: string;
  readonly state: BroadcastState;
  /** T0. */
  readonly startsAt: number;
  /** The performance asked for: a date. */
  readonly wanted: string;
  /** What is played, once it is known; null before, and on a silent day. */
  readonly performance: string | null;
  /** Its title: all that is told of it before it has been heard. */
  readonly title: string | null;
  readonly encore: boolean;
  readonly durationMs: number | null;
  /** From T0 to the first instant at which it was live, milliseconds; null before that. */
  readonly startLatenessMs: number | null;
  /** The most listeners that were there at once from T0 on; null before that. */
  readonly heard: number | null;
  /** From this chunk on chunks are files of the site, which listeners fetch; null: they are posted. */
  readonly fetchedFrom: number | null;
  /** And from this one on they are posted again; null: it is not so far. */
  readonly fetchedUntil: number | null;
  /** Fencing token: grows by one with each new owner. */
  readonly epoch: number;
  /** Start of the broadcast after this one; told to listeners. */
  readonly next: number | null;
};

/** Proof of the right to post; void once another owner has taken over. */
export type Lease = { readonly broadcast: string; readonly owner: string; readonly epoch: number };

export type BroadcastChange = Partial<
  Pick<
    Broadcast,
    | 'state'
    | 'performance'
    | 'title'
    | 'encore'
    | 'durationMs'
    | 'startLatenessMs'
    | 'heard'
    | 'next'
    | 'fetchedFrom'
    | 'fetchedUntil'
  >
>;

/**
 * Broadcasts and the lease on each. A state is changed only by the holder of the lease, but for `stop`,
 * which an operator may do at any time.
 */
export type Broadcasts = {
  /** The row of a coming broadcast; an existing one is left as it is. */
  schedule(broadcast: Pick<Broadcast, 'id' | 'startsAt' | 'wanted' | 'next'>): Promise<'created' | 'exists'>;
  get(id: string): Promise<Broadcast | null>;
  /** The one that listeners are to hear of: live or in doors, else the next to come, else the last that was. */
  current(): Promise<Broadcast | null>;
  /** Takes the lease until `until` if nobody holds it at `now`, or if `owner` holds it already. */
  acquire(
    id: string,
    owner: string,
    now: number,
    until: number,
  ): Promise<Lease | { readonly heldUntil: number }>;
  /** false: another has taken over. */
  renew(lease: Lease, now: number, until: number): Promise<boolean>;
  /** The changed row; null: the lease is lost, or the broadcast is over. */
  change(lease: Lease, change: BroadcastChange): Promise<Broadcast | null>;
  /** Lets the next owner in at once. */
  release(lease: Lease): Promise<void>;
  stop(id: string): Promise<'stopped' | 'over' | 'unknown'>;
  /** When the lease of a broadcast runs out, or ran out where its holder died with it; 0 where it was given back, or never taken. */
  leaseUntil(id: string): Promise<number>;
};

/** How the listeners of a broadcast are divided among several processes that share one epoch; part 0 is the owner's. */
export type Division = {
  readonly epoch: number;
  /** A power of two. */
  readonly parts: number;
  /** Listeners of all parts, when they were last counted. */
  readonly here: number;
  /** Until when a helper has promised to be at work, by part; 0: none has. */
  readonly attendedUntil: readonly number[];
};

/** The divisions of broadcasts. An epoch begins undivided: helpers of an earlier one are forgotten. */
export type Divisions = {
  /** null: it was never divided. */
  get(broadcast: string): Promise<Division | null>;
  /** By the owner of the lease. null: a later epoch has divided it already. */
  divide(lease: Lease, parts: number, here: number): Promise<Division | null>;
  /**
   * By a helper: promises to be at work on a part until `until`, or takes its promise back (`until` ≤ `now`).
   * null: another helper is at work on this part, or the epoch is over.
   */
  attend(helper: Helper, now: number, until: number): Promise<Division | null>;
};
/** `name` tells helpers of the same part apart. */
export type Helper = {
  readonly name: string;
  readonly broadcast: string;
  readonly epoch: number;
  readonly part: number;
};

/** A neural network that continues a sequence of tokens. */
export type Model = {
  readonly sha256: string;
  /** Tokens that the network can look back on. */
  readonly contextLength: number;
  /** Mean nats a note of printed music, as of ModelRecord. */
  readonly usualNats: number;
  newDecoder(): Decoder;
};
export type Decoder = {
  /** Tokens taken in so far. */
  readonly length: number;
  /** Takes tokens in and returns the logits of what follows the last, one a token id; valid until the next call. */
  append(tokens: readonly number[]): Promise<Float32Array>;
  /** Forgets everything. */
  reset(): void;
};

/** Something worth telling an operator; `event` is a stable name. */
export type Log = (
  event: string,
  details?: Readonly<Record<string, string | number | boolean | null>>,
) => void;

/** A window and how often it was written, from 1 on. */
export type StoredWindow = { readonly window: Window; readonly version: number };

/**
 * The operators' windows. Whoever changes one names the version that he has seen; where it is no longer that one,
 * nothing happens and he is given what is stored now (null: nothing). Ids are never used again.
 */
export type Windows = {
  /** In the order of their ids. */
  list(): Promise<readonly StoredWindow[]>;
  get(id: string): Promise<StoredWindow | null>;
  /** @param expected version that is stored now; 0 where there must be none */
  put(window: Window, expected: number): Promise<StoredWindow | { readonly conflict: StoredWindow | null }>;
  remove(id: string, expected: number): Promise<'removed' | { readonly conflict: StoredWindow | null }>;
};

/** Why a broadcaster is woken: to open the doors, or, a minute after T0, to look whether one is at work. */
export type WakeReason = 'doors' | 'check';

/**
 * One-time timers of broadcasts, named after them. They may fire up to a minute late, and more than once, but not
 * early; one whose instant has passed fires at once. A timer that has fired is forgotten.
 */
export type Timer = {
  /** Arming twice is arming once. */
  arm(broadcastId: string, reason: WakeReason, instant: number): Promise<'armed' | 'exists'>;
  /** Both of a broadcast's; where there are none, that is no fault. */
  disarm(broadcastId: string): Promise<void>;
  /** A name of each, in no order. */
  armed(): Promise<readonly string[]>;
};
