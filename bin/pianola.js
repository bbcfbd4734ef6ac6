#!/usr/bin/env node
// Runs the TypeScript sources as they are, so that `npm ci --ignore-scripts` is all the building there is.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

// Our own configuration, never that of the directory in which we are called: its `paths` would redirect our imports.
register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) });
// A reader that has seen enough (head, less) is no fault; what could not be printed is one.
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`pianola: not everything could be printed: ${error.message}\n`);
  process.exit(4);
});
// Nobody is left to be told.
process.stderr.on('error', () => {});
const { main } = await import('../src/cli/main.ts');
await main(process.argv);
