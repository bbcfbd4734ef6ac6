/** What is kept: performances, the public site, the station's books, prompts and models; and the named bytes below them. */
import type { BroadcastRecord, StoredPerformance } from './records.ts';

/**
 * Named bytes, in a directory, a bucket, or a table of a database. Names are relative paths with forward slashes.
 * Whoever reads sees the old bytes or the new ones, whole; what was written once is there after a crash.
 */
export type Blobs = {
  /** How a person finds `name`. */
  describe(name: string): string;
  /** null: there is none. */
  read(name: string): Promise<Uint8Array | null>;
  /** Of any number of writers of a new name exactly one creates it. */
  create(name: string, body: Uint8Array | string): Promise<'created' | 'exists'>;
  write(name: string, body: Uint8Array | string): Promise<void>;
  /**
   * Writes where there is still what was read; `before` null: where there is nothing. Of any number who have read the same
   * exactly one replaces it, and whoever is told "changed" has written nothing.
   */
  replace(
    name: string,
    before: Uint8Array | null,
    body: Uint8Array | string,
  ): Promise<'replaced' | 'changed'>;
  /** Takes it away, if it is there. */
  remove(name: string): Promise<void>;
  /** All that begin with a prefix, in the order of their characters' codes. */
  names(prefix: string): Promise<readonly BlobName[]>;
};
/** `writtenAt`: epoch milliseconds. */
export type BlobName = { readonly name: string; readonly writtenAt: number };

/** The archive. A performance is written once, whole or not at all. */
export type Performances = {
  create(performance: StoredPerformance): Promise<'created' | 'exists'>;
  replace(performance: StoredPerformance): Promise<void>;
  /** null: there is none. Throws where there is one that cannot be read or does not match its record's sha256. */
  get(id: string): Promise<StoredPerformance | null>;
  /** Ids, newest first. */
  list(): Promise<readonly string[]>;
};

/** The public files: the archive that pages and feed readers fetch. `path` is relative, with forward slashes. */
export type Site = {
  get(path: string): Promise<Uint8Array | null>;
  put(path: string, body: Uint8Array | string): Promise<void>;
  /** Puts where there is still what was got, as `Blobs.replace`. */
  replace(
    path: string,
    before: Uint8Array | null,
    body: Uint8Array | string,
  ): Promise<'replaced' | 'changed'>;
};

/**
 * Music of a broadcast as files of the site, for crowds too large to be posted to: kept by every cache on the way for as long as it likes.
 * A file never changes: of any number of writers the first's bytes stay. `path` is relative, with forward slashes, below `live/`.
 */
export type LiveFiles = {
  put(path: string, body: string): Promise<'created' | 'exists'>;
};

/** The books of the station. Putting a record again replaces it. */
export type BroadcastRecords = {
  put(record: BroadcastRecord): Promise<void>;
  get(id: string): Promise<BroadcastRecord | null>;
  /** Newest first, by T0. */
  list(): Promise<readonly BroadcastRecord[]>;
};

/** Holes that listeners have punched into the margins of days: how many each has, and nothing of who. */
export type Punches = {
  /**
   * One hole more, unless this connection has punched one there ("again"), or `most` are there ("full"); of those who
   * punch at once each is counted once. `most` is 1 or more. That a connection has is forgotten within hours.
   */
  punch(
    connectionId: string,
    performance: string,
    most: number,
  ): Promise<{ readonly outcome: 'punched' | 'again' | 'full'; readonly holes: number }>;
  /** By performance; days without any are left out. */
  all(): Promise<ReadonlyMap<string, number>>;
};

/** A MIDI file that a day begins from; stored beside it. */
export type PromptRecord = {
  readonly schema: 1;
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly sha256: string;
  /** Of the file that it came from. */
  readonly name: string;
  readonly notes: number;
  readonly durationMs: number;
};

/** Music that days begin from. */
export type Prompts = {
  record(date: string): Promise<PromptRecord | null>;
  /** "exists": the day has a prompt already, this one or another. */
  put(prompt: PromptRecord, midi: Uint8Array, replace?: boolean): Promise<'put' | 'exists'>;
  /** @throws where there is one that cannot be read, or is not what was put */
  get(date: string): Promise<{ record: PromptRecord; midi: Uint8Array } | null>;
  /** Takes the prompt of a day away, if it has one; the bytes of the music stay, which other days may have too. */
  remove(date: string): Promise<void>;
  /** In order of date. */
  list(): Promise<PromptRecord[]>;
};

/** What `model/export.py` writes beside the weights; figures and training record are for people. */
export type ModelRecord = {
  readonly schema: 2;
  /** A plain name: the weights lie beside the record. */
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly opset: number;
  readonly vocabularyHash: string;
  /** Logits a position, padding included. */
  readonly vocabularySize: number;
  readonly contextLength: number;
  readonly layers: number;
  readonly headDim: number;
  /** Sequences that the graph continues at once. */
  readonly lanes: number;
  /** How improbable printed music is to the network: mean nats a note on held-out pieces. */
  readonly usualNats: number;
};
export type StoredModel = { readonly record: ModelRecord; readonly pushedAt: number };

/**
 * Models, named by the sha256 of their weights, and which of them is in use. What was promoted before is remembered,
 * so that a bad one is taken back in a moment; of operators who promote at once none is forgotten.
 */
export type Models = {
  /** In the order of their sha256. */
  list(): Promise<readonly StoredModel[]>;
  /** Copies a model in from a directory; one that is there is left as it is. */
  push(directory: string, record: ModelRecord): Promise<'pushed' | 'present'>;
  /** A directory of this machine that holds a stored model. @throws where it is not there, or is another */
  bring(sha256: string): Promise<string>;
  /** Newest last; the last is in use. Empty: the one that came with this version is. */
  promoted(): Promise<readonly string[]>;
  promote(sha256: string): Promise<void>;
  /**
   * Takes the last promotion back.
   * @param from what the operator believes to be in use
   * "changed": that is no longer so, and nothing was done
   */
  rollback(from: string): Promise<{ readonly to: string | null } | 'changed'>;
};
