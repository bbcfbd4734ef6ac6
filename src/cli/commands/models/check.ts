import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelRecord, parseModelRecord } from '../../../adapters/model-record.ts';
import { systemClock } from '../../../adapters/system-clock.ts';
import { compose } from '../../../compose/performance.ts';
import { samplerOf } from '../../../compose/sampler.ts';

/** Half a minute tells whether a network plays at all. */
const TEST_MINUTES = 0.5;
const TEST_SEED = 7;
const TEST_DATE = '2000-01-01';
/** Fewer notes in half a minute than this is a network that has learned to be silent. */
const FEWEST_NOTES = 15;

export type ModelCheck = {
  readonly record: ModelRecord;
  readonly testNotes: number;
  readonly tokensPerSecond: number;
};

/** A model that can be opened and plays, or why it is none. */
class UnfitModelError extends Error {
  readonly code = 'bad_model';
}

/**
 * Everything that is asked of a model before it may play to anybody: weights as recorded, an opset that the runtime
 * knows, our vocabulary, and half a minute of music.
 */
export async function checkModel(
  directory: string,
  onProgress: (part: number) => void = () => {},
): Promise<ModelCheck> {
  const { openModel } = await import('../../../sampling/onnx.ts');
  const model = await openModel(directory);
  try {
    const record = parseModelRecord(await readFile(join(directory, 'model.json'), 'utf8'));
    if ('problem' in record) throw new UnfitModelError(record.problem);
    const startedAt = performance.now();
    const settings = { date: TEST_DATE, seed: TEST_SEED, minutes: TEST_MINUTES, candidates: 1 };
    const played = await compose(settings, {
      sampler: samplerOf(model),
      clock: systemClock,
      onProgress: ({ composedMs, ofMs }) => onProgress(Math.min(1, composedMs / ofMs)),
    });
    const { notes, tokens } = played.record;
    if (notes < FEWEST_NOTES) {
      throw new UnfitModelError(
        `the model in ${directory} plays ${notes} notes in half a minute: train it further, or take another`,
      );
    }
    const seconds = (performance.now() - startedAt) / 1000;
    return { record, testNotes: notes, tokensPerSecond: Math.round(tokens / seconds) };
  } finally {
    await model.release();
  }
}
