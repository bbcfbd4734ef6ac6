/** What a collection has fetched so far, on disk: whoever is killed goes on from there, and asks for nothing twice. */
import { appendFile, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../../../adapters/disk/atomic-file.ts';

/** What became of an address. `at`: epoch milliseconds. */
export type Visit = { readonly url: string; readonly at: number } & (
  | {
      readonly was: 'page';
      readonly links: readonly string[];
      readonly rights: readonly string[];
      readonly title: string;
    }
  /** `sha256` of its bytes, by which they lie beside the journal; `final`: where it was in the end. */
  | { readonly was: 'music'; readonly sha256: string; readonly final: string }
  | { readonly was: 'refused'; readonly code: string; readonly reason: string }
  /** robots.txt, as it stood; null: everything is allowed. */
  | { readonly was: 'robots'; readonly text: string | null; readonly isReachable: boolean }
);

export type Journal = {
  visitOf(url: string): Visit | null;
  /** Kept on the disk before it resolves. */
  add(visit: Visit): Promise<void>;
  keep(sha256: string, bytes: Uint8Array): Promise<void>;
  pathOf(sha256: string): string;
};

/** @param directory made where it is missing @param start what is collected: another collection does not go on from this one */
export async function openJournal(
  directory: string,
  start: string,
): Promise<Journal | { readonly startedWith: string }> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, 'journal.jsonl');
  const text = await readFile(path, 'utf8').catch(() => '');
  // What was cut off in the middle of a line is as if it had never been.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole === '') await writeFile(path, `${JSON.stringify({ start })}\n`);
  else if (whole.length < text.length) await truncate(path, Buffer.byteLength(whole));
  const [head, ...rows] = whole.split('\n').filter(Boolean);
  const startedWith = head ? (JSON.parse(head) as { start: string }).start : start;
  if (startedWith !== start) return { startedWith };
  const visits = new Map(rows.map((row) => JSON.parse(row) as Visit).map((visit) => [visit.url, visit]));
  const pathOf = (sha256: string) => join(directory, `${sha256}.mid`);
  return {
    visitOf: (url) => visits.get(url) ?? null,
    async add(visit) {
      visits.set(visit.url, visit);
      await appendFile(path, `${JSON.stringify(visit)}\n`);
    },
    keep: (sha256, bytes) => replaceFile(pathOf(sha256), bytes),
    pathOf,
  };
}
