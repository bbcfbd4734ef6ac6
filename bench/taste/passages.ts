import type { Note } from '../../src/music/note.ts';
import { decode, decodeDelta, NO_PITCH } from '../../src/music/tokens/vocabulary.ts';
import type { ShardPiece } from '../corpus/shards.ts';

export type Passage = {
  readonly piece: ShardPiece;
  /** Tokens of the piece before the passage, and its own. */
  readonly from: number;
  readonly to: number;
  /** From 0 on. */
  readonly notes: readonly Note[];
  readonly notesPerSecond: number;
};

/** A piece cut into passages of so many milliseconds; those with too few notes to say anything are left out. */
export function passagesOf(piece: ShardPiece, ms: number, fewestNotes: number): Passage[] {
  const passages: Passage[] = [];
  const { tokens } = piece;
  let from = 0;
  let sinceMs = 0;
  for (let to = 3; to + 2 < tokens.length; to += 3) {
    sinceMs += decodeDelta(tokens[to]!);
    if (sinceMs < ms || tokens[to + 1] === NO_PITCH) continue;
    const { notes } = decode(tokens.slice(from, to));
    const own = notes.map((note) => ({ ...note, onsetMs: note.onsetMs - notes[0]!.onsetMs }));
    const seconds = (own.at(-1)?.onsetMs ?? 0) / 1000;
    if (own.length >= fewestNotes && seconds > 0) {
      passages.push({ piece, from, to, notes: own, notesPerSecond: own.length / seconds });
    }
    from = to;
    sinceMs = 0;
  }
  return passages;
}
