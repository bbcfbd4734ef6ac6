/** Files as they come: of a corpus, of cases that are wrong in one way each, and both with bytes changed; the same for the same seed. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { seededRandom } from '../../src/music/random.ts';

export type Given = { readonly name: string; readonly bytes: Uint8Array };

/** Of a hundred files so many are of the corpus as they are; all cases; the rest is mutants. */
const WHOLE = 60;
/** Bytes of a mutant that are another, at most. */
const MOST_CHANGED = 8;

/** @param cases a directory of files that are wrong in one way each; may be missing */
export async function gather(corpus: string, cases: string, count: number, seed: number): Promise<Given[]> {
  const random = seededRandom(seed);
  const music = await midiBelow(corpus);
  if (music.length === 0) throw new Error(`there is no MIDI file below ${corpus}: give --corpus DIR`);
  const wrong = await midiBelow(cases).catch(() => []);
  const wholes = spread(music, Math.round((count * WHOLE) / 100));
  const given: Given[] = await Promise.all(
    [...wholes, ...wrong.slice(0, count - wholes.length)].map(async (path) => ({
      name: relative(join(corpus, '..'), path).replaceAll(/[^\w.-]+/g, '_'),
      bytes: new Uint8Array(await readFile(path)),
    })),
  );
  for (let i = 0; given.length < count; i++) {
    const { name, bytes } = given[Math.floor(random() * given.length)]!;
    given.push({ name: `mutant-${i}-${name}`.slice(-150), bytes: mutant(bytes, random) });
  }
  return given;
}

/** Some bytes another, and now and then the end cut off. */
function mutant(bytes: Uint8Array, random: () => number): Uint8Array {
  const changed = bytes.slice(0, random() < 0.2 ? Math.ceil(random() * bytes.length) : bytes.length);
  const count = 1 + Math.floor(random() * MOST_CHANGED);
  for (let i = 0; i < count; i++) changed[Math.floor(random() * changed.length)] = Math.floor(random() * 256);
  return changed;
}

async function midiBelow(directory: string): Promise<string[]> {
  const names = await readdir(directory, { recursive: true });
  return names
    .filter((name) => /\.(mid|midi|kar|rmi)$/i.test(name))
    .sort()
    .map((name) => join(directory, name));
}

/** So many of a list, evenly; all of it where it has no more. */
function spread<T>(list: readonly T[], count: number): T[] {
  const taken = Math.min(count, list.length);
  return Array.from({ length: taken }, (_, i) => list[Math.floor((i * list.length) / taken)]!);
}
