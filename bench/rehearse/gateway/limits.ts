/** What API Gateway grants a websocket ("Quotas for configuring and running a WebSocket API"), and how it says no. */
export const LIMITS = {
  frameBytes: 32 * 1024,
  messageBytes: 128 * 1024,
  idleMs: 10 * 60_000,
  longestMs: 2 * 3_600_000,
  /** Of an integration. */
  answerMs: 29_000,
  /** Of the account, everything together. */
  requestsPerSecond: 10_000,
  requestsBurst: 5_000,
} as const;
export type Limits = { readonly [Name in keyof typeof LIMITS]: number };

/** What a connection gets in place of an answer. */
export type Refusal = 'Too Many Requests' | 'Internal server error' | 'Forbidden';
export const errorFrame = (message: Refusal, connectionId: string, requestId: string): string =>
  JSON.stringify({ message, connectionId, requestId });
