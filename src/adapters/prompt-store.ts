import { createHash } from 'node:crypto';
import * as v from 'valibot';

const promptSchema = v.object({
  schema: v.literal(1),
  date: v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  name: v.string(),
  notes: v.number(),
  durationMs: v.number(),
});
export type PromptRecord = Readonly<v.InferOutput<typeof promptSchema>>;

/** Where prompts are kept: a directory, or a bucket. */
export type PromptBlobs = {
  /** How a person finds `name`. */
  describe(name: string): string;
  read(name: string): Promise<Uint8Array | null>;
  create(name: string, body: string): Promise<'created' | 'exists'>;
  write(name: string, body: Uint8Array | string): Promise<void>;
  names(): Promise<readonly string[]>;
};

export type PromptStore = {
  record(date: string): Promise<PromptRecord | null>;
  /** "exists": the day has a prompt already, this one or another. */
  put(prompt: PromptRecord, midi: Uint8Array, replace?: boolean): Promise<'put' | 'exists'>;
  /** @throws where there is one that cannot be read, or is not what was put */
  get(date: string): Promise<{ record: PromptRecord; midi: Uint8Array } | null>;
  /** In order of date. */
  list(): Promise<PromptRecord[]>;
};

/** Music that days begin from: `<date>.json` names the MIDI by its sha256, which is written first. */
export function promptStore(blobs: PromptBlobs): PromptStore {
  const recordName = (date: string) => `${date}.json`;
  const midiName = (sha256: string) => `${sha256}.mid`;
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
      if (midi === null || createHash('sha256').update(midi).digest('hex') !== found.sha256) {
        const where = blobs.describe(midiName(found.sha256));
        throw new Error(`${where} is damaged or missing: put the prompt of ${date} anew, with --force`);
      }
      return { record: found, midi };
    },
    async list() {
      const dates = (await blobs.names()).flatMap(
        (name) => /^(\d{4}-\d{2}-\d{2})\.json$/.exec(name)?.[1] ?? [],
      );
      const all = await Promise.all(dates.sort().map(record));
      return all.filter((prompt) => prompt !== null);
    },
  };
}
