import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { createFile, replaceFile } from './atomic-file.ts';

const promptSchema = v.object({
  schema: v.literal(1),
  date: v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  name: v.string(),
  notes: v.number(),
  durationMs: v.number(),
});
export type PromptRecord = Readonly<v.InferOutput<typeof promptSchema>>;

/** Music that days begin from: `<date>.json` names the MIDI by its sha256, which is written first. */
export function filePrompts(directory: string) {
  const recordPath = (date: string) => join(directory, `${date}.json`);
  const midiPath = (sha256: string) => join(directory, `${sha256}.mid`);
  const record = async (date: string): Promise<PromptRecord | null> => {
    const text = await orNull(readFile(recordPath(date), 'utf8'));
    if (text === null) return null;
    try {
      return v.parse(promptSchema, JSON.parse(text));
    } catch (cause) {
      throw new Error(`${recordPath(date)} is damaged: put the prompt anew, with --force`, { cause });
    }
  };
  return {
    record,
    /** "exists": the day has a prompt already, this one or another. */
    async put(prompt: PromptRecord, midi: Uint8Array, replace = false): Promise<'put' | 'exists'> {
      await replaceFile(midiPath(prompt.sha256), midi);
      const text = `${JSON.stringify(prompt)}\n`;
      if (!replace) return (await createFile(recordPath(prompt.date), text)) === 'created' ? 'put' : 'exists';
      await replaceFile(recordPath(prompt.date), text);
      return 'put';
    },
    /** @throws where there is one that cannot be read, or is not what was put */
    async get(date: string): Promise<{ record: PromptRecord; midi: Uint8Array } | null> {
      const found = await record(date);
      if (found === null) return null;
      const midi = await readFile(midiPath(found.sha256));
      if (createHash('sha256').update(midi).digest('hex') !== found.sha256) {
        throw new Error(`${midiPath(found.sha256)} is damaged: put the prompt of ${date} anew, with --force`);
      }
      return { record: found, midi };
    },
    async list(): Promise<PromptRecord[]> {
      const names = ((await orNull(readdir(directory))) ?? []).filter((name) =>
        /^[\d-]{10}\.json$/.test(name),
      );
      const all = await Promise.all(names.sort().map((name) => record(name.slice(0, 10))));
      return all.filter((prompt) => prompt !== null);
    },
  };
}

const orNull = <T>(promise: Promise<T>): Promise<T | null> =>
  promise.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
