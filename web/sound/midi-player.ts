import type { Note } from '../../src/music/note.ts';
import type { ScoreEvent } from '../score/event.ts';

/** The part of a MIDIOutput that music needs. Timestamps are of the clock of `performance.now()`, milliseconds. */
export type MidiPort = {
  send(bytes: readonly number[], timestamp?: number): void;
  /** Takes back what has a timestamp yet to come; not every browser has it. */
  clear?(): void;
};

export type MidiPlayer = {
  /** Events in order of time, handed out before they are due; those that come late set the pedal, and strike nothing. */
  take(events: readonly ScoreEvent[]): void;
  /** Strikes a key so many milliseconds from now, whatever the score says, and lets go of it. */
  strikeNow(note: Note, onMs: number, offMs: number): void;
  /** Sends what is due soon; to be called several times a second. */
  tick(): void;
  /** Everything stops, also what was sent ahead; what comes next is played again. */
  silence(): void;
};

/** Sent so long before its time: a stop is heard at once, though few browsers take back what was sent. Milliseconds. */
export const SEND_AHEAD_MS = 250;
/** A key struck later than this would be heard as wrong; milliseconds. */
const LATE_MS = 60;

const NOTE_OFF = 0x80;
const NOTE_ON = 0x90;
const CONTROL = 0xb0;
const SUSTAIN = 64;
const ALL_NOTES_OFF = 123;
const RELEASE_VELOCITY = 64;

type Message = { readonly at: number; readonly bytes: readonly number[] };

/**
 * Plays the score on an instrument by MIDI, each message with the time at which it is to sound. Dampers and strings are
 * the instrument's own, so keys and pedal are told apart, unlike on the page's piano.
 */
export function midiPlayer(world: {
  readonly port: MidiPort;
  readonly now: () => number;
  /** The local time (`performance.now()`, ms) of a position, ms from T0. */
  readonly localTime: (positionMs: number) => number;
  /** How long the instrument takes from a message to its sound; what is sent is that much early. Milliseconds. */
  readonly latencyMs: () => number;
}): MidiPlayer {
  const { port, now, localTime, latencyMs } = world;
  /** Ascending by time. */
  let queue: Message[] = [];
  /** The note that holds each key down, as far as it is queued or sent. */
  let down = new Map<number, Note>();
  /** Keys that are down by what was sent. */
  let sentDown = new Set<number>();
  let sentUntil = 0;
  let pedal = 0;

  const put = (at: number, bytes: readonly number[]) => {
    // Events come in order, so what is put belongs at the end or close to it.
    let i = queue.length;
    while (i > 0 && queue[i - 1]!.at > at) i--;
    queue.splice(i, 0, { at, bytes });
  };
  const release = (note: Note, at: number) => {
    if (down.get(note.pitch)?.onsetMs !== note.onsetMs) return;
    down.delete(note.pitch);
    put(at, [NOTE_OFF, note.pitch, RELEASE_VELOCITY]);
  };
  const setPedal = (value: number, at: number) => {
    if (value === pedal) return;
    pedal = value;
    put(at, [CONTROL, SUSTAIN, value]);
  };

  const strike = (note: Note, at: number) => {
    const held = down.get(note.pitch);
    if (held) release(held, at);
    down.set(note.pitch, note);
    put(at, [NOTE_ON, note.pitch, note.velocity]);
  };

  return {
    take(events) {
      const earliest = now();
      /** Where the past leaves the pedal; of its movements only the last is sent. */
      let left: number | null = null;
      const catchUp = () => {
        if (left !== null) setPedal(left, earliest);
        left = null;
      };
      for (const event of events) {
        const due = localTime(event.ms) - latencyMs();
        const [at, late] = [Math.max(due, earliest), due < earliest - LATE_MS];
        if (event.kind === 'pedal' || event.kind === 'state') {
          const value = event.kind === 'pedal' ? event.value : event.pedal;
          if (late) left = value;
          else {
            catchUp();
            setPedal(value, at);
          }
        } else if (event.kind === 'off') release(event.note, at);
        else if (!late) {
          catchUp();
          strike(event.note, at);
        }
      }
      catchUp();
    },
    strikeNow(note, onMs, offMs) {
      strike(note, now() + onMs);
      release(note, now() + offMs);
    },
    tick() {
      const until = now() + SEND_AHEAD_MS;
      while (queue[0] && queue[0].at <= until) {
        const { at, bytes } = queue.shift()!;
        port.send(bytes, at);
        sentUntil = Math.max(sentUntil, at);
        if (bytes[0] === NOTE_ON) sentDown.add(bytes[1]!);
        else if (bytes[0] === NOTE_OFF) sentDown.delete(bytes[1]!);
      }
    },
    silence() {
      port.clear?.();
      // At once, and again after what has been sent ahead and may not be taken back.
      for (const at of new Set([now(), Math.max(now(), sentUntil + 1)])) {
        for (const pitch of sentDown) port.send([NOTE_OFF, pitch, RELEASE_VELOCITY], at);
        port.send([CONTROL, SUSTAIN, 0], at);
        port.send([CONTROL, ALL_NOTES_OFF, 0], at);
      }
      queue = [];
      down = new Map();
      sentDown = new Set();
      pedal = 0;
    },
  };
}
