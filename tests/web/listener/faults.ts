/** What goes wrong on a wire, and the two evenings that are to be heard over it. Times are milliseconds from the page's start. */
import { scale } from '../../support/music.ts';

/** What befalls a frame on its way down. */
export type Fate = { readonly drop: boolean; readonly twice: boolean; readonly delayMs: number };
/** What befalls a message on its way up: lost, refused as API Gateway does it, or as the station does it. */
export type Reception = 'taken' | 'lost' | 'throttled' | 'refused';
/** An outage: connections end with a code; meanwhile a handshake is refused, hangs, or opens and all is swallowed. */
export type Outage = {
  readonly fromMs: number;
  readonly lengthMs: number;
  readonly code: 1001 | 1006 | 1008 | 1012;
  readonly kind: 'refused' | 'hangs' | 'half open';
};
export type Span = { readonly fromMs: number; readonly lengthMs: number };
export type Faults = {
  /** From here on nothing goes wrong any more. */
  readonly quietFromMs: number;
  readonly fates: readonly Fate[];
  readonly receptions: readonly Reception[];
  readonly outages: readonly Outage[];
  readonly sleeps: readonly Span[];
  /** When the station loses sight of the connection. */
  readonly forgotten: readonly number[];
  /** When another broadcaster takes over; the one before it posts on, something else. */
  readonly takeovers: readonly number[];
  /** When an operator stops the first broadcast. */
  readonly stopMs: number | null;
  /** By so much the page's clock is fast, parts per million. */
  readonly driftPpm: number;
};

/** Doors of the first open 40 s after the page's start, those of the second when the first is over. */
export const FIRST = { id: 'daily@1', t0: 340_000, durationMs: 100_000, stepMs: 2_300 };
export const SECOND = { id: 'daily@2', t0: 780_000, durationMs: 60_000, stepMs: 1_900 };
export const EVENINGS = [FIRST, SECOND].map((evening) => ({
  ...evening,
  music: scale(evening.durationMs, evening.stepMs),
}));
export type Evening = (typeof EVENINGS)[number];
