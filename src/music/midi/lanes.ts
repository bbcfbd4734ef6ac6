import { type Note, toMusic } from '../note.ts';
import type { MidiFile } from './file.ts';
import { writeMidiFile } from './write.ts';

/** Where a track chunk begins: after the header, a chunk has four letters, its length and its bytes. */
const HEADER_BYTES = 14;
const CHUNK_HEAD_BYTES = 8;
export const MOST_LANES = 64;

/**
 * Writes music of any origin. Where one key is struck while it is held (two hands, two tracks), the first release in
 * a track would end the wrong note: such notes get a track of their own, so that every one is read back as it was.
 * @returns null where a key is held more than MOST_LANES times at once: no hands did that
 */
export function writeLanes(file: MidiFile): Uint8Array | null {
  const lanes = lanesOf(file.music.notes);
  if (lanes === null) return null;
  const [first = [], ...others] = lanes;
  const whole = writeMidiFile({ ...file, music: toMusic(first, file.music.pedal) });
  if (others.length === 0) return whole;
  const tracks = others.map((notes) => lastTrack(writeMidiFile({ ...file, music: toMusic(notes) })));
  const bytes = Uint8Array.from([whole, ...tracks].flatMap((part) => [...part]));
  const header = new DataView(bytes.buffer);
  header.setUint16(10, header.getUint16(10) + others.length);
  return bytes;
}

/** Whether `writeLanes` can write them. */
export const areWritable = (notes: readonly Note[]): boolean => lanesOf(notes) !== null;

/** Each note in the first lane in which its key is free. @param notes in order of onset */
function lanesOf(notes: readonly Note[]): Note[][] | null {
  const lanes: { notes: Note[]; heldUntil: Map<number, number> }[] = [];
  for (const note of notes) {
    let lane = lanes.find(({ heldUntil }) => (heldUntil.get(note.pitch) ?? 0) <= note.onsetMs);
    if (!lane) {
      if (lanes.length === MOST_LANES) return null;
      lane = { notes: [], heldUntil: new Map() };
      lanes.push(lane);
    }
    lane.notes.push(note);
    lane.heldUntil.set(note.pitch, note.onsetMs + note.durationMs);
  }
  return lanes.map((lane) => lane.notes);
}

function lastTrack(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = HEADER_BYTES;
  for (;;) {
    const next = at + CHUNK_HEAD_BYTES + view.getUint32(at + 4);
    if (next >= bytes.length) return bytes.subarray(at);
    at = next;
  }
}
