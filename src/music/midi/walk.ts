/**
 * A strict walk over the bytes of a Standard MIDI File, in linear time: the one way in which music comes in from outside.
 * What is broken is repaired where it can mean one thing only, and the repair listed; the rest is refused with a reason.
 * Source of the format: "Standard MIDI Files 1.0", MIDI Manufacturers Association, RP-001.
 */
import { ascii, uint16, uint32 } from './bytes.ts';
import {
  MAX_BYTES,
  MAX_SECONDS,
  PERCUSSION_CHANNEL,
  type Refusal,
  refusedBySize,
  repairLog,
  Unusable,
} from './limits.ts';
import type { Shared } from './meta.ts';
import { type Reading, SUSTAIN, type Track } from './reading.ts';
import { inTime, tempoMap } from './tempo-map.ts';
import { readTrack } from './track.ts';
import { unwrap } from './unwrap.ts';

const CHUNK_HEAD_BYTES = 8;

/** Bad bytes are an expected outcome: nothing is thrown. */
export function readSmf(bytes: Uint8Array): Reading | Refusal {
  const tooLarge = refusedBySize(bytes.length);
  if (tooLarge) return tooLarge;
  try {
    return walk(bytes);
  } catch (error) {
    if (error instanceof Unusable) return error.refusal;
    throw error;
  }
}

function walk(bytes: Uint8Array): Reading {
  if (bytes.length === 0) throw new Unusable('empty', 'the file is empty', 0);
  const shared: Shared = {
    tempos: [],
    timeSignatures: [],
    keySignatures: [],
    repairs: repairLog(),
    events: 0,
  };
  const wrapped = unwrap(bytes);
  if (wrapped) shared.repairs.note('wrapper', 0);
  const { start, end } = wrapped ?? { start: 0, end: bytes.length };
  const header = readHeader(bytes, start, end);
  const tracks = readChunks(bytes, header.end, end, header, shared);
  return toReading(header, tracks, shared, start);
}

type Header = { readonly format: number; readonly declaredTracks: number; readonly ppq: number } & {
  readonly end: number;
};

function readHeader(bytes: Uint8Array, start: number, end: number): Header {
  if (ascii(bytes, start, 4) !== 'MThd')
    throw new Unusable('not_midi', 'not a MIDI file: it does not begin with "MThd"', start);
  if (end - start < 14) throw new Unusable('header', 'the file ends inside its header', end);
  const length = uint32(bytes, start + 4);
  if (length < 6 || length > end - start - 8)
    throw new Unusable('header', `the header's length is ${length}, not 6`, start + 4);
  const format = uint16(bytes, start + 8);
  const declaredTracks = uint16(bytes, start + 10);
  const ppq = uint16(bytes, start + 12);
  if (format === 2 && declaredTracks > 1) throw severalSongs(start);
  if (format > 2)
    throw new Unusable('format_unknown', `format ${format} does not exist; 0 and 1 are read`, start + 8);
  if (ppq & 0x8000) {
    const problem = 'SMPTE time division is not supported: save it with ticks per quarter note';
    throw new Unusable('smpte_time', problem, start + 12);
  }
  if (ppq === 0) {
    const problem = '0 ticks per quarter note (PPQ 0): the file has no time';
    throw new Unusable('no_time', problem, start + 12);
  }
  return { format, declaredTracks, ppq, end: start + 8 + length };
}

const severalSongs = (start: number) =>
  new Unusable(
    'several_songs',
    'format 2 (several songs in one file) is not supported: save it as format 0 or 1',
    start + 8,
  );

function readChunks(bytes: Uint8Array, start: number, end: number, header: Header, shared: Shared): Track[] {
  const { repairs } = shared;
  const tracks: Track[] = [];
  let read = start;
  for (let at = start; at < end; ) {
    const kind = end - at < CHUNK_HEAD_BYTES ? 'none' : chunkKind(bytes, at, end);
    if (kind === 'none') {
      // No chunk begins here. While tracks are missing, the length of the one before may have been wrong.
      const next = tracks.length < header.declaredTracks ? nextTrack(bytes, read, end) : -1;
      repairs.note(next < 0 ? 'trailing_bytes' : 'bytes_between', at);
      if (next < 0) break;
      at = next;
      continue;
    }
    const body = at + CHUNK_HEAD_BYTES;
    const length = uint32(bytes, at + 4);
    if (kind === 'alien') {
      repairs.note('alien_chunk', at);
      at = read = body + length;
      continue;
    }
    if (length > MAX_BYTES) {
      const problem = `a track declares ${length} bytes; a whole file has ${MAX_BYTES} at most`;
      throw new Unusable('track_length', problem, at + 4);
    }
    const bodyEnd = Math.min(end, body + length);
    const { track, stoppedAt, hasEnd, isCut } = readTrack(bytes, body, bodyEnd, header.ppq, shared);
    tracks.push(track);
    if (isCut || body + length > end) repairs.note('track_cut', at);
    else if (!hasEnd) repairs.note('end_missing', bodyEnd);
    else if (stoppedAt < bodyEnd) repairs.note('after_end', stoppedAt);
    at = bodyEnd;
    read = stoppedAt;
  }
  return tracks;
}

/** Chunks of other kinds are legal, and skipped (RP-001: "programs should expect alien chunks"). */
function chunkKind(bytes: Uint8Array, at: number, end: number): 'track' | 'alien' | 'none' {
  const name = ascii(bytes, at, 4);
  if (name === 'MTrk') return 'track';
  const fits = uint32(bytes, at + 4) <= end - at - CHUNK_HEAD_BYTES;
  return fits && /^[ -~]{4}$/.test(name) ? 'alien' : 'none';
}

function nextTrack(bytes: Uint8Array, from: number, end: number): number {
  for (let at = bytes.indexOf(0x4d, from); at >= 0 && at <= end - CHUNK_HEAD_BYTES; ) {
    if (ascii(bytes, at, 4) === 'MTrk') return at;
    at = bytes.indexOf(0x4d, at + 1);
  }
  return -1;
}

function toReading(header: Header, tracks: readonly Track[], shared: Shared, start: number): Reading {
  const { format, declaredTracks, ppq } = header;
  const { repairs } = shared;
  if (tracks.length === 0) throw new Unusable('no_tracks', 'the file has no tracks', start + 10);
  if (format === 2 && tracks.length > 1) throw severalSongs(start);
  if (format === 2 || (format === 0 && tracks.length > 1)) repairs.note('format', start + 8);
  if (tracks.length !== declaredTracks) repairs.note('track_count', start + 10);
  const tempos = inTime(shared.tempos);
  const { notes, percussion, lastTick } = heard(tracks);
  if (notes === 0) throw new Unusable('no_notes', noNotes(percussion), 0);
  const seconds = tempoMap(ppq, tempos)(lastTick);
  if (seconds > MAX_SECONDS) {
    const problem = `it lasts ${Math.round(seconds)} s; the longest we take is ${MAX_SECONDS} s`;
    throw new Unusable('too_long', problem, 0);
  }
  const list = repairs.list();
  const byTick = (a: { tick: number }, b: { tick: number }): number => a.tick - b.tick;
  return {
    verdict: list.length === 0 ? 'accepted' : 'accepted with repairs',
    format: tracks.length > 1 || format === 1 ? 1 : 0,
    ppq,
    title: tracks[0]!.name,
    tempos,
    timeSignatures: shared.timeSignatures.sort(byTick),
    keySignatures: shared.keySignatures.sort(byTick),
    tracks,
    repairs: list,
    warnings: percussion === 0 ? [] : [`percussion (channel 10) was left out (${percussion} notes)`],
  };
}

const noNotes = (percussion: number): string =>
  percussion === 0 ? 'the file has no notes' : `the file has no notes but percussion (${percussion})`;

/** What a piano plays of it: notes of all channels but percussion, and the last tick at which one ends or the pedal moves. */
function heard(tracks: readonly Track[]): { notes: number; percussion: number; lastTick: number } {
  let notes = 0;
  let percussion = 0;
  let lastTick = 0;
  for (const track of tracks) {
    for (const { channel, tick, ticks } of track.notes) {
      if (channel === PERCUSSION_CHANNEL) percussion++;
      else {
        notes++;
        lastTick = Math.max(lastTick, tick + ticks);
      }
    }
    for (const { channel, controller, tick } of track.controllers)
      if (channel !== PERCUSSION_CHANNEL && controller === SUSTAIN) lastTick = Math.max(lastTick, tick);
  }
  return { notes, percussion, lastTick };
}
