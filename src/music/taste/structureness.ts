import type { Music } from '../note.ts';

/**
 * How much a piece comes back to what it has said, by passages of a given length. For each passage the most similar
 * other one that does not overlap it is sought on the self-similarity matrix of chroma at 1 Hz; from the mean of
 * these similarities the mean over all pairs of passages is taken away, since all music in one key is somewhat alike.
 *
 * After the structureness indicator of Wu & Yang (The Jazz Transformer, ISMIR 2020), whose fitness scape plot (Müller
 * et al. 2011) also follows changes of tempo and costs N⁴; straight diagonals cost N². Compare only with itself.
 * @param seconds length of the passages
 * @param apartSeconds how far from a passage its like must begin at least
 */
export function structureness(music: Music, seconds: number, apartSeconds = seconds): number {
  const frames = chroma(music);
  const count = frames.length - seconds + 1;
  if (count <= apartSeconds) return 0;
  const best = new Float64Array(count);
  let sum = 0;
  let pairs = 0;
  for (let lag = apartSeconds; lag < count; lag++) {
    // Along a diagonal the similarity of passages is a running sum over that of their frames.
    let run = 0;
    for (let i = 0; i + lag < frames.length; i++) {
      run += dot(frames[i]!, frames[i + lag]!);
      if (i >= seconds) run -= dot(frames[i - seconds]!, frames[i - seconds + lag]!);
      const start = i - seconds + 1;
      if (start < 0) continue;
      const similarity = run / seconds;
      best[start] = Math.max(best[start]!, similarity);
      best[start + lag] = Math.max(best[start + lag]!, similarity);
      sum += similarity;
      pairs++;
    }
  }
  return best.reduce((total, value) => total + value, 0) / count - sum / pairs;
}

/** Sounding pitch classes of each second, as unit vectors; silence is the zero vector. */
function chroma({ notes, durationMs }: Music): Float64Array[] {
  const frames = Array.from({ length: Math.ceil(durationMs / 1000) }, () => new Float64Array(12));
  for (const { onsetMs, durationMs: held, pitch } of notes) {
    const end = onsetMs + held;
    for (let second = Math.floor(onsetMs / 1000); second * 1000 < end; second++) {
      const part = Math.min(end, (second + 1) * 1000) - Math.max(onsetMs, second * 1000);
      frames[second]![pitch % 12]! += part / 1000;
    }
  }
  for (const frame of frames) {
    const norm = Math.hypot(...frame);
    if (norm > 0)
      frame.forEach((value, i) => {
        frame[i] = value / norm;
      });
  }
  return frames;
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < 12; i++) sum += a[i]! * b[i]!;
  return sum;
};
