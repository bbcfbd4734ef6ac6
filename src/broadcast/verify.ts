import { CHUNK_MS, type Timeline } from '../music/timeline.ts';
import type { BroadcastRecord } from '../ports.ts';
import { parseFrame } from '../wire.ts';
import { type BroadcastHash, broadcastHash } from './hash.ts';
import { replayFrames } from './replay-frames.ts';

export type Verdict =
  | { readonly equal: true; readonly chunks: number; readonly sha256: string }
  /** The first chunk that differs, or that one has and the other has not. */
  | { readonly equal: false; readonly seq: number; readonly fromMs: number; readonly toMs: number };

/** Hashes of what a replay of the music sends. */
export function replayHash(music: Timeline): ReturnType<BroadcastHash['digest']> {
  const hash = broadcastHash();
  for (const { frame } of replayFrames('verify', music)) {
    const parsed = parseFrame(frame);
    if (parsed?.type === 'chunk') hash.sent(parsed);
  }
  return hash.digest();
}

/** Whether a replay of this music sends what the broadcast sent, as far as it came: one that was stopped ends early. */
export function verify(record: BroadcastRecord, music: Timeline): Verdict {
  const { chunkSha256, sha256 } = replayHash(music);
  const sent = record.chunkSha256;
  const compared = record.state === 'ended' ? Math.max(sent.length, chunkSha256.length) : sent.length;
  for (let seq = 0; seq < compared; seq++) {
    if (sent[seq] !== chunkSha256[seq]) {
      return { equal: false, seq, fromMs: seq * CHUNK_MS, toMs: (seq + 1) * CHUNK_MS };
    }
  }
  // The chunks agree; so must the hash of them all, or the record itself was changed.
  if (record.state === 'ended' && sha256 !== record.sha256) {
    return { equal: false, seq: compared - 1, fromMs: 0, toMs: compared * CHUNK_MS };
  }
  return { equal: true, chunks: compared, sha256: record.sha256 };
}
