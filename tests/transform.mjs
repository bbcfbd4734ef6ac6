// TypeScript for Jest, by SWC, in modules that hold the globals which loops use: Jest's realm asks its embedder for a global at each use,
// so that a file with a `Math.abs` for each sample took six times as long.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createTransformer } from '@swc/jest';

/** None that a test puts another in place of, as it does of clocks and timers. */
const HELD = [
  ...['Array', 'BigInt', 'Buffer', 'Error', 'JSON', 'Map', 'Math', 'Number', 'Object'],
  ...['Promise', 'Reflect', 'Set', 'String', 'Symbol'],
  ...['Float32Array', 'Float64Array', 'Int16Array', 'Int32Array', 'Uint8Array', 'Uint16Array', 'Uint32Array'],
];

const swc = createTransformer({
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'es6' },
});
/** What was made by another text of this file is made anew. */
const own = createHash('sha256')
  .update(readFileSync(new URL(import.meta.url)))
  .digest('hex');

/** Before all else in the first line, so that lines keep their numbers. */
function holding(code) {
  const used = HELD.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  return used.length === 0 ? code : `const { ${used.join(', ')} } = globalThis; ${code}`;
}
const isScript = (path) => path.endsWith('.js');

export default {
  process(source, path, options) {
    const made = isScript(path) ? { code: source } : swc.process(source, path, options);
    // A script that is no module may declare what it likes.
    return options.supportsStaticESM ? { ...made, code: holding(made.code) } : made;
  },
  async processAsync(source, path, options) {
    const made = isScript(path) ? { code: source } : await swc.processAsync(source, path, options);
    return { ...made, code: holding(made.code) };
  },
  getCacheKey: (source, path, options) => `${own}-${swc.getCacheKey(source, path, options)}`,
};
