import { hash } from 'node:crypto';
import * as v from 'valibot';
import type { Blobs, PromptRecord, Prompts } from '../../ports.ts';

const promptSchema = v.object({
  schema: v.literal(1),
  date: v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  name: v.string(),
  notes: v.number(),
  durationMs: v.number(),
});

const PREFIX = 'prompts/';

/** Prompts: `prompts/<date>.json` names the MIDI by its sha256, which is written first. */
export function prompts(blobs: Blobs): Prompts {
  const recordName = (date: string) => `${PREFIX}${date}.json`;
  const midiName = (sha256: string) => `${PREFIX}${sha256}.mid`;
  const record = async (date: string): Promise<PromptRecord | null> => {
    const bytes = await blobs.read(recordName(date));
    if (bytes === null) return null;
    try {
      return v.parse(promptSchema, JSON.parse(new TextDecoder().decode(bytes)));
    } catch (cause) {
      const where = blobs.describe(recordName(date));
      throw new Error(`${where} is damaged: put the prompt anew, with --force`, { cause });
    }
  };
  return {
    record,
    async put(prompt, midi, replace = false) {
      await blobs.write(midiName(prompt.sha256), midi);
      const text = `${JSON.stringify(prompt)}\n`;
      if (!replace)
        return (await blobs.create(recordName(prompt.date), text)) === 'created' ? 'put' : 'exists';
      await blobs.write(recordName(prompt.date), text);
      return 'put';
    },
    async get(date) {
      const found = await record(date);
      if (found === null) return null;
      const midi = await blobs.read(midiName(found.sha256));
      if (midi === null || hash('sha256', midi) !== found.sha256) {
        const where = blobs.describe(midiName(found.sha256));
        throw new Error(`${where} is damaged or missing: put the prompt of ${date} anew, with --force`);
      }
      return { record: found, midi };
    },
    remove: (date) => blobs.remove(recordName(date)),
    async list() {
      const dates = (await blobs.names(PREFIX)).flatMap(
        ({ name }) => /^prompts\/(\d{4}-\d{2}-\d{2})\.json$/.exec(name)?.[1] ?? [],
      );
      const all = await Promise.all(dates.map(record));
      return all.filter((prompt) => prompt !== null);
    },
  };
}
