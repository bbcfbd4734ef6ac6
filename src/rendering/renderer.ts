/** Days as sound in a thread of their own, which is gone afterwards with its two hundred megabytes. */
import { messageOf } from '../errors.ts';
import type { Log, Renderer } from '../ports.ts';
import { answerOfThread } from '../thread.ts';
import type { Task, Told } from './task.ts';

const PIANO = new URL('../../web/piano/', import.meta.url);
/** Many times what fifteen minutes of music take. */
const LONGEST_MS = 1_800_000;

/** @param timeoutMs after which it is given up */
export function openRenderer(
  log: Log,
  {
    script = new URL('./entry.js', import.meta.url),
    timeoutMs = LONGEST_MS,
  }: { readonly script?: URL; readonly timeoutMs?: number } = {},
): Renderer {
  return async (midi, { onProgress = () => {}, signal } = {}) => {
    try {
      const task: Task = { midi, piano: PIANO.href };
      const answerOf = (told: Told) => {
        if ('sound' in told) return told.sound;
        onProgress(told.part);
        return null;
      };
      return await answerOfThread(script, task, { timeoutMs, answerOf, signal });
    } catch (error) {
      if (!signal?.aborted) log('sound.not_rendered', { reason: messageOf(error) });
      return null;
    }
  };
}
