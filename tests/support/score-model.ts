/** Networks that need no training: they like eighths, the middle of the keyboard and both hands, whatever they hear. */
import { LOWEST_PITCH } from '../../src/music/note.ts';
import { LENGTH, LENGTHS, NEXT, PITCH, VOCABULARY_SIZE } from '../../src/music/tokens/vocabulary.ts';
import type { Model } from '../../src/ports.ts';

/** The sha256 of the fake. */
const MODEL = 'f'.repeat(64);

export function scoreModel(
  options: { contextLength?: number; lowest?: number; onAppend?: (tokens: readonly number[]) => void } = {},
): Model {
  const { contextLength = 768, lowest = 40, onAppend } = options;
  const logits = new Float32Array(VOCABULARY_SIZE).fill(-20);
  for (let step = 0; step < NEXT; step += 12) logits[step] = logits[NEXT + step] = 0;
  logits[NEXT] = 1.5;
  const low = PITCH + lowest - LOWEST_PITCH;
  logits.fill(0, low, low + 41);
  for (const length of [12, 24] as const) {
    const index = LENGTHS.indexOf(length);
    logits[LENGTH + index] = logits[LENGTH + LENGTHS.length + index] = 0;
  }
  return {
    sha256: MODEL,
    contextLength,
    usualNats: 2.4,
    newDecoder() {
      let length = 0;
      return {
        get length() {
          return length;
        },
        async append(tokens) {
          onAppend?.(tokens);
          length += tokens.length;
          if (length > contextLength) throw new RangeError('beyond the context');
          return logits;
        },
        reset() {
          length = 0;
        },
      };
    },
  };
}
