/** What a visitor plays, as it is played: strikes and releases become music that begins with its first stroke. */
import { type Music, type Note, type PedalChange, toMusic } from '../../src/music/note.ts';

/** More is not taken down; milliseconds. */
const LONGEST_MS = 300_000;

export type Phrase = {
  /** @param velocity 1 to 127; @param nowMs of a clock that only runs forward */
  strike(pitch: number, velocity: number, nowMs: number): void;
  release(pitch: number, nowMs: number): void;
  pedal(value: number, nowMs: number): void;
  /** All that was played; what is held still is as long as it has been held. */
  music(nowMs: number): Music;
  clear(): void;
  /** Notes struck. */
  readonly count: number;
};

export function phrase(): Phrase {
  let beganMs: number | null = null;
  let notes: Note[] = [];
  let pedals: PedalChange[] = [];
  const held = new Map<number, { onsetMs: number; velocity: number }>();
  const sinceMs = (nowMs: number) => Math.round(nowMs - (beganMs ?? nowMs));
  const ended = (pitch: number, nowMs: number): Note | null => {
    const struck = held.get(pitch);
    return struck ? { ...struck, pitch, durationMs: Math.max(1, sinceMs(nowMs) - struck.onsetMs) } : null;
  };
  const release = (pitch: number, nowMs: number) => {
    const note = ended(pitch, nowMs);
    if (note) notes.push(note);
    held.delete(pitch);
  };
  return {
    strike(pitch, velocity, nowMs) {
      release(pitch, nowMs);
      beganMs ??= nowMs;
      if (sinceMs(nowMs) <= LONGEST_MS) held.set(pitch, { onsetMs: sinceMs(nowMs), velocity });
    },
    release,
    pedal(value, nowMs) {
      // A pedal that is down before anything is struck is down from the beginning.
      if (beganMs === null) pedals = value >= 64 ? [{ ms: 0, value }] : [];
      else pedals.push({ ms: sinceMs(nowMs), value });
    },
    music(nowMs) {
      const still = [...held.keys()].flatMap((pitch) => ended(pitch, nowMs) ?? []);
      return toMusic([...notes, ...still], beganMs === null ? [] : pedals);
    },
    clear() {
      beganMs = null;
      notes = [];
      pedals = [];
      held.clear();
    },
    get count() {
      return notes.length + held.size;
    },
  };
}
