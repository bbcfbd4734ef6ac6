/** Short pieces that show what a broadcast can lose: sparse notes, some held over chunks, and a pedal. */
import { type Music, type Note, type PedalChange, toMusic } from '../../src/music/note.ts';

const LOWEST = 40;
const KEYS = 44;

/** From 60 to 150 s. */
export function anyPiece(random: () => number): Music {
  const lengthMs = 60_000 + Math.floor(random() * 90_000);
  const notes: Note[] = [];
  let key = 0;
  for (let onsetMs = 0; onsetMs < lengthMs - 3_000; onsetMs += 900 + Math.floor(random() * 3_000)) {
    const isLong = random() < 0.25;
    const longest = lengthMs - onsetMs - 1;
    const durationMs = Math.min(longest, isLong ? 12_000 + Math.floor(random() * 20_000) : 400);
    // A key comes again only when all others have been struck: long after it was let go.
    notes.push({
      onsetMs,
      durationMs,
      pitch: LOWEST + (key++ % KEYS),
      velocity: 40 + Math.floor(random() * 60),
    });
  }
  const pedal: PedalChange[] = [];
  for (let ms = 1_000; ms < lengthMs - 9_000; ms += 10_000 + Math.floor(random() * 20_000))
    pedal.push({ ms, value: 100 }, { ms: ms + 2_000 + Math.floor(random() * 6_000), value: 0 });
  return toMusic(notes, pedal);
}
