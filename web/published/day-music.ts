/** A published day's music from its MIDI file, which is ours: one tick is a millisecond, as src/music/midi writes it. */
import { type Music, type Note, type PedalChange, toMusic } from '../../src/music/note.ts';

/** 500 ticks a quarter at 120 quarters a minute (500,000 µs each), which is also what no tempo means. */
const PPQ = 500;
const TEMPO_US = 500_000;
const SUSTAIN = 64;
/** Bytes of data after a channel message's status, by its high nibble from 8 on (MIDI 1.0). */
const DATA_BYTES = [2, 2, 2, 2, 1, 1, 2] as const;

/**
 * A reader for our own files alone, a tenth of the general one's size, which would be a third of the page.
 * @throws RangeError for bytes that are no such file, or end too soon
 */
export function readDayMusic(bytes: Uint8Array): Music {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (name(0) !== 'MThd' || view.getUint16(12) !== PPQ)
    throw new RangeError(`no MIDI file of ${PPQ} ticks a quarter`);
  const notes: Note[] = [];
  const pedal: PedalChange[] = [];
  for (let at = 8 + view.getUint32(4); at < bytes.length; ) {
    const end = at + 8 + view.getUint32(at + 4);
    if (name(at) === 'MTrk') readTrack(view, at + 8, end, notes, pedal);
    at = end;
  }
  return toMusic(notes, pedal);
}

function readTrack(view: DataView, from: number, end: number, notes: Note[], pedal: PedalChange[]): void {
  const open = new Map<number, { ms: number; velocity: number }[]>();
  let at = from;
  let ms = 0;
  let status = 0;
  const quantity = (): number => {
    let value = 0;
    for (;;) {
      const byte = view.getUint8(at++);
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
  };
  while (at < end) {
    ms += quantity();
    if (view.getUint8(at) >= 0x80) status = view.getUint8(at++);
    if (status === 0xff) {
      const kind = view.getUint8(at++);
      const length = quantity();
      if (kind === 0x51 && view.getUint32(at - 1) % 2 ** 24 !== TEMPO_US)
        throw new RangeError('a tempo that is not 120');
      at += length;
      continue;
    }
    if (status >= 0xf0) {
      at += quantity();
      continue;
    }
    const [first, second] = [view.getUint8(at), view.getUint8(Math.min(at + 1, view.byteLength - 1))];
    at += DATA_BYTES[(status >> 4) - 8] ?? 0;
    const kind = status >> 4;
    if (kind === 0xb && first === SUSTAIN) pedal.push({ ms, value: second });
    else if (kind === 0x9 && second > 0)
      open.set(first, [...(open.get(first) ?? []), { ms, velocity: second }]);
    else if (kind === 0x9 || kind === 0x8) {
      const begun = open.get(first)?.shift();
      if (begun)
        notes.push({
          onsetMs: begun.ms,
          durationMs: Math.max(1, ms - begun.ms),
          pitch: first,
          velocity: begun.velocity,
        });
    }
  }
}
