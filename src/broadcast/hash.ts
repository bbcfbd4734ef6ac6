import { hash } from 'node:crypto';
import { CHUNK_MS, type Timeline } from '../music/timeline.ts';
import { type Chunk, type NoteTuple, noteTupleOf, type PedalTuple, pedalTupleOf } from '../wire.ts';

/**
 * What went out, as hashes: sha256 over the notes and the pedal of each chunk alone, so that neither who listened, nor
 * how many broadcasters it took, nor how chunks shared frames makes a difference; and one over all of them in order.
 */
export type BroadcastHash = {
  /** A frame that was sent, of one or several chunks. Sending it again changes nothing. */
  sent(frame: Pick<Chunk, 'seq' | 'count' | 'notes' | 'pedal'>): void;
  /** What another broadcaster sent before this one took over: the chunks from 0 to below `seq`. */
  sentBefore(seq: number, music: Timeline): void;
  /** Of the chunks 0 to the last that was sent. */
  digest(): { readonly chunkSha256: readonly string[]; readonly sha256: string };
};

export function broadcastHash(): BroadcastHash {
  const hashes: string[] = [];
  const sent: BroadcastHash['sent'] = ({ seq, count, notes, pedal }) => {
    for (let k = seq; k < seq + count; k++) {
      const inChunk = ([ms]: readonly [number, ...unknown[]]) => Math.floor(ms / CHUNK_MS) === k;
      hashes[k] = chunkHash(notes.filter(inChunk), pedal.filter(inChunk));
    }
  };
  return {
    sent,
    sentBefore(seq, music) {
      // Who takes over after the last note stands beyond the last chunk.
      for (let k = 0; k < Math.min(seq, music.chunks); k++) {
        if (hashes[k] !== undefined) continue;
        const { notes, pedal } = music.stretch(k, 1);
        sent({ seq: k, count: 1, notes: notes.map(noteTupleOf), pedal: pedal.map(pedalTupleOf) });
      }
    },
    digest: () => ({ chunkSha256: [...hashes], sha256: sha256(hashes.join('\n')) }),
  };
}

const chunkHash = (notes: readonly NoteTuple[], pedal: readonly PedalTuple[]): string =>
  sha256(JSON.stringify({ notes, pedal }));

const sha256 = (text: string): string => hash('sha256', text);
