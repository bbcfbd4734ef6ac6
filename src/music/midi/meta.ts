/** Meta events: tempo, signatures, names and texts. Others are passed over. */
import { textOf } from './bytes.ts';
import { FASTEST_BPM, MAX_TEMPOS, type RepairLog, SLOWEST_BPM, Unusable } from './limits.ts';
import type { KeySignature, Tempo, TimedText, TimeSignature } from './reading.ts';

export const END_OF_TRACK = 0x2f;
const NAME = 0x03;
const TEMPO = 0x51;
const TIME_SIGNATURE = 0x58;
const KEY_SIGNATURE = 0x59;
const KINDS: Readonly<Record<number, TimedText['kind']>> = { 1: 'text', 5: 'lyric', 6: 'marker', 7: 'cue' };

/** What holds for the whole file, whichever track it stands in. */
export type Shared = {
  readonly tempos: Tempo[];
  readonly timeSignatures: TimeSignature[];
  readonly keySignatures: KeySignature[];
  readonly repairs: RepairLog;
  /** Events so far, of all tracks. */
  events: number;
};
/** What belongs to the track. */
export type Words = { name: string | null; readonly texts: TimedText[] };

/** @param at the event's offset */
export function readMeta(
  type: number,
  body: Uint8Array,
  tick: number,
  at: number,
  shared: Shared,
  words: Words,
): void {
  const kind = KINDS[type];
  if (kind) words.texts.push({ tick, kind, text: textOf(body) });
  else if (type === NAME) words.name ??= textOf(body);
  else if (type === TEMPO) readTempo(body, tick, at, shared);
  else if (type === TIME_SIGNATURE) readTimeSignature(body, tick, at, shared);
  else if (type === KEY_SIGNATURE) readKeySignature(body, tick, at, shared);
}

/** MuseScore and others write fermatas and leaps as extreme tempi: they are brought into range, not refused. */
function readTempo(body: Uint8Array, tick: number, at: number, { tempos, repairs }: Shared): void {
  if (tempos.length >= MAX_TEMPOS)
    throw new Unusable('too_many_tempos', `more than ${MAX_TEMPOS} tempo changes`, at);
  if (body.length !== 3) throw new Unusable('tempo_length', `a tempo has ${body.length} bytes, not 3`, at);
  const written = (body[0]! << 16) | (body[1]! << 8) | body[2]!;
  const microsecondsPerQuarter = Math.min(60e6 / SLOWEST_BPM, Math.max(60e6 / FASTEST_BPM, written));
  if (written !== microsecondsPerQuarter) repairs.note('tempo', at);
  tempos.push({ tick, microsecondsPerQuarter });
}

const SMALLEST_UNIT = 6; // a 64th, as a power of two

function readTimeSignature(body: Uint8Array, tick: number, at: number, shared: Shared): void {
  const [beats = 0, power = 0] = body;
  if (body.length !== 4 || beats === 0 || power > SMALLEST_UNIT) shared.repairs.note('signature', at);
  else shared.timeSignatures.push({ tick, beats, unit: 2 ** power });
}

function readKeySignature(body: Uint8Array, tick: number, at: number, shared: Shared): void {
  const [signed = 0, minor = 0] = body;
  const fifths = signed > 127 ? signed - 256 : signed;
  if (body.length !== 2 || Math.abs(fifths) > 7 || minor > 1) shared.repairs.note('signature', at);
  else shared.keySignatures.push({ tick, fifths, major: minor === 0 });
}
