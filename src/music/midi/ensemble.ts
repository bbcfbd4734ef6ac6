/** A reading for a General MIDI synthesiser: every channel with its programs, percussion among them, as messages in time. */
import { PERCUSSION_CHANNEL } from './limits.ts';
import type { Reading } from './reading.ts';
import { tempoMap } from './tempo-map.ts';

/** Messages in order of time: three bytes each (the third 0 where a message has two), and when, in seconds. */
export type Ensemble = {
  readonly times: Float64Array;
  readonly bytes: Uint8Array;
  /** Until the last release. */
  readonly seconds: number;
  /** 0–127, in order; of channels that strike a note while they hold. */
  readonly programs: readonly number[];
  readonly hasPercussion: boolean;
};

const OFF = 0x80;
const ON = 0x90;
const CONTROL = 0xb0;
const PROGRAM = 0xc0;
const BEND = 0xe0;
/** A note of no length is heard for so long, seconds. */
const SHORTEST_S = 0.001;
/** Of one instant: releases first, then what sounds change by, then strikes. */
const RANK: Readonly<Record<number, number>> = { [OFF]: 0, [CONTROL]: 1, [PROGRAM]: 1, [BEND]: 1, [ON]: 2 };

type Message = readonly [seconds: number, status: number, one: number, two: number];

export function ensembleOf({ ppq, tempos, tracks }: Reading): Ensemble {
  const secondsAt = tempoMap(ppq, tempos);
  const all: Message[] = [];
  let seconds = 0;
  for (const { notes, programs, controllers, bends } of tracks) {
    for (const { tick, channel, program } of programs)
      all.push([secondsAt(tick), PROGRAM | channel, program, 0]);
    for (const { tick, channel, controller, value } of controllers)
      all.push([secondsAt(tick), CONTROL | channel, controller, value]);
    for (const { tick, channel, value } of bends)
      all.push([secondsAt(tick), BEND | channel, value & 0x7f, value >> 7]);
    for (const { tick, ticks, channel, pitch, velocity } of notes) {
      const from = secondsAt(tick);
      const until = Math.max(from + SHORTEST_S, secondsAt(tick + ticks));
      all.push([from, ON | channel, pitch, velocity], [until, OFF | channel, pitch, 0]);
      seconds = Math.max(seconds, until);
    }
  }
  // What moves after the last note, hours perhaps, nobody hears.
  const heard = all.filter(([at]) => at <= seconds);
  const sorted = heard.sort((a, b) => a[0] - b[0] || RANK[a[1] & 0xf0]! - RANK[b[1] & 0xf0]!);
  return { ...packed(restruck(sorted)), seconds, ...sounding(sorted) };
}

/** A key that is struck while it is held is released first, and then by its last release alone: synthesisers know no more. */
function restruck(messages: readonly Message[]): Message[] {
  const held = new Map<number, number>();
  const out: Message[] = [];
  for (const message of messages) {
    const [seconds, status, pitch] = message;
    const kind = status & 0xf0;
    if (kind !== ON && kind !== OFF) {
      out.push(message);
      continue;
    }
    const key = ((status & 0x0f) << 7) | pitch;
    const count = held.get(key) ?? 0;
    if (kind === ON && count > 0) out.push([seconds, OFF | (status & 0x0f), pitch, 0]);
    if (kind === ON || count === 1) out.push(message);
    held.set(key, count + (kind === ON ? 1 : -1));
  }
  return out;
}

function packed(messages: readonly Message[]): Pick<Ensemble, 'times' | 'bytes'> {
  const times = new Float64Array(messages.length);
  const bytes = new Uint8Array(3 * messages.length);
  for (const [i, [seconds, ...message]] of messages.entries()) {
    times[i] = seconds;
    bytes.set(message, 3 * i);
  }
  return { times, bytes };
}

function sounding(messages: readonly Message[]): Pick<Ensemble, 'programs' | 'hasPercussion'> {
  const current = new Uint8Array(16);
  const programs = new Set<number>();
  let hasPercussion = false;
  for (const [, status, one] of messages) {
    const channel = status & 0x0f;
    const kind = status & 0xf0;
    if (kind === PROGRAM) current[channel] = one;
    else if (kind === ON && channel === PERCUSSION_CHANNEL) hasPercussion = true;
    else if (kind === ON) programs.add(current[channel]!);
  }
  return { programs: [...programs].sort((a, b) => a - b), hasPercussion };
}
