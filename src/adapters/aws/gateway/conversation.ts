/** What is said over one connection, in the words of one protocol: HTTP/1.1 (http1.ts) or HTTP/2 (http2/session.ts). */
import type { Job } from './request.ts';

export type Conversation = {
  /** How many more requests may be sent now. */
  room(): number;
  /** How many are under way. */
  load(): number;
  /** Only where there is room. @param until when the answer must be there, monotonic milliseconds */
  send(job: Job, until: number): void;
  /** @param bytes that came; they are overwritten after the call */
  read(bytes: Buffer): void;
  /** Ends what is late. @param now monotonic milliseconds */
  look(now: number): void;
  /** The other side says nothing more. */
  finish(): void;
  /** Rejects what is under way; nothing is called after it. */
  broken(error: Error): void;
};

/** What a conversation has of its connection. */
export type Line = {
  /** @param written is called where the data's memory is not needed any more */
  write(data: Buffer | string, written?: () => void): void;
  /** There is room that was not there. */
  free(): void;
  /** Ends the connection, and what is under way with it. */
  end(error?: Error): void;
  /** The other side cannot be spoken to in this protocol. */
  misunderstood(): void;
};
