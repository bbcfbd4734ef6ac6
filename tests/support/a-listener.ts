import type { Note } from '../../src/music/note.ts';
import { type Frame, noteOf } from '../../src/wire.ts';

/** A listener as the protocol makes it: drops lower epochs, takes each chunk number once, notes what came too late. */
export function aListener(now: () => number, T0: number) {
  const heard = new Map<number, readonly Note[]>();
  const state = { epoch: 0, ended: false, late: 0, contradictions: 0, stopped: false };
  let leastInHandMs = Number.POSITIVE_INFINITY;
  return {
    /** How long before its time a chunk came at the latest: what the listener still held then, milliseconds. */
    leastInHand: () => leastInHandMs,
    heard,
    state,
    receive(frame: Frame): void {
      if ('epoch' in frame && frame.epoch < state.epoch) return;
      if ('epoch' in frame) state.epoch = frame.epoch;
      if (frame.type === 'end') state.ended = true;
      if (frame.type === 'stop') state.stopped = true;
      if (frame.type !== 'chunk') return;
      for (let seq = frame.seq; seq < frame.seq + frame.count; seq++) {
        const notes = frame.notes.map(noteOf).filter((note) => Math.floor(note.onsetMs / 15_000) === seq);
        const before = heard.get(seq);
        if (before && JSON.stringify(before) !== JSON.stringify(notes)) state.contradictions++;
        if (!before) leastInHandMs = Math.min(leastInHandMs, T0 + seq * 15_000 - now());
        if (!before && now() > T0 + seq * 15_000) state.late++;
        heard.set(seq, notes);
      }
    },
    notes: () => [...heard].sort(([a], [b]) => a - b).flatMap(([, notes]) => notes),
  };
}
