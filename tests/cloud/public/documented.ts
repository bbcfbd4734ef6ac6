/** What docs/self-hosting.md tells an operator to write, as it stands there. */
import { readFile } from 'node:fs/promises';

/** @throws where the page has not exactly one block of a language */
export async function block(language: string): Promise<string> {
  const doc = await readFile('docs/self-hosting.md', 'utf8');
  const found = [...doc.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))];
  if (found.length !== 1)
    throw new Error(`docs/self-hosting.md has ${found.length} blocks of ${language}, where one is expected`);
  return found[0]![1]!;
}
