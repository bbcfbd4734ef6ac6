/** Visitors' own music, gone on from: what a page may ask of a station. */

/** Onset and duration in milliseconds from the beginning of the file, MIDI pitch, velocity. */
export type PlainNote = readonly [onsetMs: number, durationMs: number, pitch: number, velocity: number];

export type Asking = {
  /** What the visitor calls the music: for sentences, and titles of music that has none. */
  readonly name: string;
  /** How much is to be added. */
  readonly minutes: number;
  /** Whom the rate is counted for: an address. Kept in memory for as long as it counts, and nowhere else. */
  readonly from: string;
};

/** Where the music is to be sent, as a form: a POST of these fields, and last the file, as `file`. */
export type Ticket = {
  readonly outcome: 'upload';
  /** Nobody can guess it: whoever has it may see, keep and forget what becomes of the upload. */
  readonly id: string;
  /** Absolute, or relative to /play/; good for five minutes. */
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
};

/** "busy": the queue is full; "rate": this visitor has asked too often. The rest is about the file; see docs/midi.md. */
export type NotAccepted = {
  readonly outcome: 'refused';
  readonly reason: string;
  readonly message: string;
  readonly at?: number;
  /** When to come again, seconds. */
  readonly retryAfterS?: number;
};

/** What was read of an upload. */
export type GivenTold = {
  readonly verdict: 'accepted' | 'accepted with repairs';
  /** Sentences for people. */
  readonly warnings: readonly string[];
  readonly given: readonly PlainNote[];
  readonly durationMs: number;
};

export type Look =
  /** So many are ahead of it. */
  | { readonly state: 'queued'; readonly ahead: number }
  /** How much of it is done, 0 to 1, and the phrases written so far. */
  | { readonly state: 'composing'; readonly part: number; readonly added: readonly PlainNote[] }
  | { readonly state: 'done'; readonly kept: boolean; readonly record: object }
  | { readonly state: 'refused'; readonly reason: string; readonly message: string }
  /** The station has failed; it can be asked again. */
  | { readonly state: 'failed' };

/** What there is of a continuation. */
export type ContinuedFile = 'continued.mid' | 'roll.png' | 'continued.musicxml' | 'record.json';
/** What may be fetched: `given.json` is a `GivenTold`, there as soon as the upload was read. */
export type AskedFile = ContinuedFile | 'given.json';

export type Continuing = {
  ask(asking: Asking): Promise<Ticket | NotAccepted>;
  /** null: there is no such upload, or not any more. */
  look(id: string): Promise<Look | null>;
  /** null: there is none, or it is not done. */
  file(id: string, file: AskedFile): Promise<Uint8Array | null>;
  /** Kept until it is forgotten, so that its address can be given to others. null: there is nothing to keep. */
  keep(id: string): Promise<'kept' | null>;
  /** Nothing of it is left; what is being composed is given up. */
  forget(id: string): Promise<void>;
};

/** A station that is sent the music itself. */
export type Taking = {
  /** "gone": nobody has asked, or it was sent already. What is no music is told by `look`. */
  take(id: string, bytes: Uint8Array): 'taken' | 'gone';
};
