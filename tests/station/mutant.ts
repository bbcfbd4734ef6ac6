/** A module and all that it imports of ours, with one place of it changed: to see who notices. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');
const { resolve: find } = createRequire(import.meta.url);

/** What stands in a file once, and what stands there instead. */
export type Mutation = { readonly file: string; readonly from: string; readonly to: string };

/**
 * As one CommonJS file.
 * @param entry from the root, like `src/lambda/broadcast.ts`
 * @param mutation null: as it is
 * @throws where the place is not there, or not once
 */
export async function bundled(entry: string, mutation: Mutation | null): Promise<Buffer> {
  let met = mutation === null;
  const { outputFiles } = await build({
    ...{ entryPoints: [join(root, entry)], bundle: true, write: false, format: 'cjs', platform: 'node' },
    ...{ target: 'node20', logLevel: 'silent' },
    plugins: [
      {
        name: 'mutant',
        setup({ onLoad, onResolve }) {
          // It finds its binary by where it lies.
          onResolve({ filter: /^libsql$/ }, ({ path }) => ({ path: find(path), external: true }));
          onLoad({ filter: /\.ts$/ }, async ({ path }) => {
            // In one file of CommonJS nobody knows where a module lay.
            const url = JSON.stringify(pathToFileURL(path).href);
            const source = (await readFile(path, 'utf8')).replaceAll('import.meta.url', url);
            if (!mutation || path !== join(root, mutation.file)) return { contents: source, loader: 'ts' };
            met = true;
            const parts = source.split(mutation.from);
            if (parts.length !== 2)
              throw new Error(`${mutation.file} has ${parts.length - 1} times: ${mutation.from}`);
            return { contents: parts.join(mutation.to), loader: 'ts' };
          });
        },
      },
    ],
  });
  if (!met) throw new Error(`${entry} does not import ${mutation?.file}`);
  return Buffer.from(outputFiles[0]!.contents);
}
