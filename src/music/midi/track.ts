/** One track: events in time, its notes with their releases. */
import { cursor } from './bytes.ts';
import { MAX_EVENTS, type RepairLog, Unusable } from './limits.ts';
import { END_OF_TRACK, readMeta, type Shared, type Words } from './meta.ts';
import { pairKey, type Stroke, type StruckNote } from './pair.ts';
import {
  type Bend,
  type ControlChange,
  ENSEMBLE,
  EXPRESSION,
  type Program,
  SOFT,
  SOSTENUTO,
  SUSTAIN,
  type Track,
  VOLUME,
} from './reading.ts';

const KEPT: ReadonlySet<number> = new Set([...[VOLUME, EXPRESSION, SUSTAIN, SOSTENUTO, SOFT], ...ENSEMBLE]);
const ALL_SOUND_OFF = 120;
const ALL_NOTES_OFF = 123;
/** Quarters that a note without release rings on after the last stroke of its track, where the track's end is later. */
const RINGS_QUARTERS = 4;

/** @returns the track, where reading stopped, and whether an end-of-track event was there */
export function readTrack(bytes: Uint8Array, start: number, end: number, ppq: number, shared: Shared) {
  const input = cursor(bytes, start, end);
  const words: Words = { name: null, texts: [] };
  const channels = channelEvents(shared.repairs);
  let tick = 0;
  let status = 0;
  let hasEnd = false;
  while (!input.isAtEnd && !hasEnd) {
    if (++shared.events > MAX_EVENTS)
      throw new Unusable('too_many_events', `more than ${MAX_EVENTS} events`, input.at);
    const delta = input.quantity();
    if (input.isCut) break;
    tick += delta;
    const at = input.at;
    const next = input.peek();
    if (next >= 0xf0) {
      input.byte();
      if (next === 0xff) {
        const type = input.byte();
        const body = input.take(input.quantity());
        if (input.isCut) break;
        if (type === END_OF_TRACK) hasEnd = true;
        else readMeta(type, body, tick, at, shared, words);
      } else if (next === 0xf0 || next === 0xf7) input.take(input.quantity());
      else if (isRealTime(next)) shared.repairs.note('real_time', at);
      else {
        const name = next.toString(16).toUpperCase();
        throw new Unusable('status', `status ${name} has no place in a file`, at);
      }
      continue;
    }
    if (next >= 0x80) status = input.byte();
    else if (input.isAtEnd) {
      input.byte();
      break;
    } else if (status === 0) throw new Unusable('running_status', 'running status before any status', at);
    const kind = status & 0xf0;
    const one = input.byte();
    const two = kind === 0xc0 || kind === 0xd0 ? 0 : input.byte();
    if (!input.isCut) channels.add(tick, status, one, two, at);
  }
  channels.pair(tick, ppq);
  const track: Track = { name: words.name ?? '', texts: words.texts, ...channels.events };
  return { track, stoppedAt: input.at, hasEnd, isCut: input.isCut };
}

/** F9 and FD are undefined, but real-time bytes all the same. */
const isRealTime = (status: number): boolean => status >= 0xf8;

/** Gathers the messages of all channels. */
function channelEvents(repairs: RepairLog) {
  const notes: StruckNote[] = [];
  const programs: Program[] = [];
  const controllers: ControlChange[] = [];
  const bends: Bend[] = [];
  /** By channel × 128 + key. */
  const keys = new Map<number, Stroke[]>();
  const silenced = new Map<number, number[]>();
  let lastStroke = 0;

  const stroke = (tick: number, channel: number, pitch: number, velocity: number, at: number): void => {
    const key = (channel << 7) | pitch;
    const note = velocity > 0 ? { tick, ticks: 0, pitch, velocity, channel } : null;
    if (note) notes.push(note);
    const strokes = keys.get(key);
    if (strokes) strokes.push({ tick, note, at });
    else keys.set(key, [{ tick, note, at }]);
    lastStroke = tick;
  };

  const silence = (tick: number, channel: number): void => {
    const ticks = silenced.get(channel);
    if (ticks) ticks.push(tick);
    else silenced.set(channel, [tick]);
  };

  return {
    events: { notes, programs, controllers, bends },
    add(tick: number, status: number, first: number, second: number, at: number): void {
      const channel = status & 0x0f;
      const kind = status & 0xf0;
      const isUsed = kind === 0x80 || kind === 0x90 || kind === 0xb0 || kind === 0xc0 || kind === 0xe0;
      if (!isUsed) return;
      if (first > 127 || second > 127) repairs.note('data_byte', at);
      const one = Math.min(127, first);
      const two = Math.min(127, second);
      if (kind === 0xe0) bends.push({ tick, channel, value: (two << 7) | one });
      else if (kind === 0xc0) programs.push({ tick, channel, program: one });
      else if (kind !== 0xb0) stroke(tick, channel, one, kind === 0x90 ? two : 0, at);
      else if (one === ALL_SOUND_OFF || one === ALL_NOTES_OFF) silence(tick, channel);
      else if (KEPT.has(one)) controllers.push({ tick, channel, controller: one, value: two });
    },
    pair(endTick: number, ppq: number): void {
      const until = Math.min(endTick, lastStroke + RINGS_QUARTERS * ppq);
      for (const [key, strokes] of keys) pairKey(strokes, silenced.get(key >> 7) ?? [], until, repairs);
    },
  };
}
