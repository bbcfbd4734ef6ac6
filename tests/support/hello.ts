import { type Hello, PROTOCOL } from '../../src/wire.ts';

/** What a station says while a broadcast is live; epoch 1, T0 at 0, a minute long, unless said otherwise. */
export const liveHello = (parts: Partial<Hello> = {}): Hello => ({
  type: 'hello',
  protocol: PROTOCOL,
  broadcast: 'b',
  state: 'live',
  performance: 'p',
  title: null,
  encore: false,
  epoch: 1,
  t0: 0,
  durationMs: 60_000,
  serverNow: 0,
  next: null,
  ...parts,
});
