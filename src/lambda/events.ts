/**
 * What the functions are invoked with and what they answer, for whoever invokes them by an SDK: docs/invoke.md says when, and
 * examples/invoke.ts does it. Each takes its event as an object, or as a string that holds the same as JSON.
 */
import type { Arrived } from '../continue/arrives.ts';

/** `compose`: arms, mends, publishes the schedule, and composes what is played within a day. It needs to be told nothing. */
export type ComposeEvent = {
  /** A day that is composed besides, whenever it is played: `2026-11-29`. */
  readonly date?: string | undefined;
};
/** Dates that were composed now: none, where all was there already. */
export type ComposeAnswer = { readonly composed: readonly string[] };

/** `broadcast`: plays a broadcast that was scheduled; `help` is said by a broadcaster to its helpers. */
export type BroadcastEvent =
  | {
      /** `<window>@<T0>`, e.g. `default@2026-11-21T19:00:00.000Z`. */
      readonly broadcast: string;
      readonly reason: 'doors' | 'check' | 'orphaned' | 'handed over';
    }
  | {
      readonly broadcast: string;
      readonly reason: 'help';
      readonly epoch: number;
      /** From 1; 0 is the broadcaster's own. */
      readonly part: number;
      /** When help was called for, epoch milliseconds; what is called for a minute before is not given. */
      readonly at?: number | undefined;
    };
/** E.g. `ended`, `stopped`, `elsewhere`, `late`. */
export type BroadcastAnswer = { readonly outcome: string };

/** `sound`: days that were given their sound now. */
export type SoundAnswer = { readonly made: readonly string[] };

/** How much is added, 0.5 to 2 minutes, and how: one that belongs to the music where no seed is given. */
type HowToGoOn = { readonly minutes?: number; readonly seed?: number };

/** `continue`, of a file that lies in the archive's bucket: `prompts/mine.mid`. Its answer is stored beside. */
export type ContinueStoredEvent = HowToGoOn & { readonly key: string };
/** `continue`, of music that comes with the event, base64, and is stored nowhere: a megabyte at most. */
export type ContinueGivenEvent = HowToGoOn & { readonly midi: string; readonly name?: string };
/** `continue`, as S3 tells a queue, and the queue the function. */
export type ContinueQueuedEvent = {
  readonly Records: readonly { readonly messageId: string; readonly body: string | object }[];
};
export type ContinueEvent = ContinueStoredEvent | ContinueGivenEvent | ContinueQueuedEvent;

/** "absent": there is no such file, or it was replaced since the event; "other": it is none to be gone on from. */
export type StoredAnswer = Arrived | { readonly outcome: 'absent' | 'other'; readonly name: string };
export type GivenAnswer =
  | {
      readonly outcome: 'continued';
      /** Base64: what was given, and what was added. */
      readonly midi: string;
      /** MusicXML of what was added. */
      readonly sheet: string;
      /** See `ContinuationRecord` in src/continue/answer.ts. */
      readonly record: object;
    }
  | { readonly outcome: 'refused'; readonly reason: string; readonly message: string; readonly at?: number };
/** Messages that are to come again. */
export type QueuedAnswer = { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] };
export type ContinueAnswer = StoredAnswer | GivenAnswer | QueuedAnswer;
