/** A request and its answer, whatever protocol they go over. */

export type Field = readonly [name: string, value: string];

/** A body's bytes, with the same as text of a character a byte, and their sha256 in hexadecimal digits. */
export type Body = { readonly bytes: Buffer; readonly text: string; readonly sha256: string };

export type HttpRequest = {
  readonly method: string;
  /** Percent-encoded. */
  readonly path: string;
  /** The host, with its port where that is not the scheme's own. */
  readonly authority: string;
  /**
   * Names in lower case, values without line ends. What many requests have in common is one array for all of them: each
   * protocol keeps how it wrote it.
   */
  readonly shared: readonly Field[];
  /** Differs with each request. */
  readonly authorization: string;
  readonly body: Body;
};

export type HttpAnswer = {
  readonly status: number;
  /** Its `date` as it is written, if it has one. */
  readonly date: string | null;
  /** A character a byte. */
  readonly body: string;
};

/** A request that waits for its answer; of the two functions one is called, once. */
export type Job = {
  readonly request: HttpRequest;
  readonly resolve: (answer: HttpAnswer) => void;
  readonly reject: (error: Error) => void;
};

/** Of one answer, all together; the gateway's have some hundred bytes. */
export const MOST_BYTES = 32_768;
export const late = () => new Error('the gateway did not answer in time');
export const unreadable = (why: string) => new Error(`an answer of the gateway cannot be read: ${why}`);
