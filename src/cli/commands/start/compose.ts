/** Composing for a station that runs. */
import { systemClock } from '../../../adapters/system-clock.ts';
import type { Growing } from '../../../broadcast/timelines.ts';
import { composeDay } from '../../../compose/day.ts';
import type { Performances } from '../../../ports.ts';
import { say } from '../../terminal/output.ts';
import { composeProgress } from '../../terminal/progress.ts';
import { promptOf } from '../prompts.ts';
import type { Told } from './tell.ts';

/** What is played while the rest is composed begins with a movement that is soon there; minutes. */
const PRELUDE_MINUTES = 1;

/**
 * Composes days where they are missing, each once at a time, whoever asks for it.
 * @returns from a date and minutes to the duration of its performance, milliseconds; who is to be told of the composing
 *   meanwhile hears nothing where another has begun it
 */
export function composer(
  performances: Performances,
  options: { readonly data: string; readonly model?: string },
  signal: AbortSignal,
  growing: Growing,
): (date: string, minutes: number, told?: Told) => Promise<number> {
  const running = new Map<string, Promise<number>>();

  async function composed(date: string, minutes: number, told?: Told): Promise<number> {
    const bar = composeProgress(date);
    const asked = { date, minutes, ...(told ? { preludeMinutes: PRELUDE_MINUTES } : {}) };
    const day = await composeDay(asked, performances, async () => {
      say(`Composing ${date}: ${minutes} minutes of music.`);
      const { openComposer } = await import('../../place/composer.ts');
      return {
        ...(await openComposer(options)),
        clock: systemClock,
        prompt: await promptOrNone(options.data, date),
        ...(told ? { onMovement: told.onMovement } : {}),
        onProgress(progress) {
          bar.update(progress);
          told?.onProgress(progress);
        },
        signal,
      };
    })
      .catch((error: unknown) => {
        growing.broken(date);
        throw error;
      })
      .finally(() => {
        bar.done();
        told?.done();
      });
    growing.whole(date);
    const record = day.outcome === 'conflict' ? day.existing : day.performance.record;
    return record.durationMs;
  }

  return (date, minutes, told) => {
    const already = running.get(date);
    if (already) return already;
    const composing = composed(date, minutes, told).finally(() => running.delete(date));
    running.set(date, composing);
    return composing;
  };
}

/** A damaged prompt is no reason for a silent day. */
const promptOrNone = (data: string, date: string): ReturnType<typeof promptOf> =>
  promptOf(data, date).catch((error: Error) => {
    say(`${date} is composed without its prompt: ${error.message}`);
    return null;
  });
