#!/usr/bin/env node
// Runs the TypeScript sources as they are, so that `npm ci --ignore-scripts` is all the building there is.
import { register } from 'tsx/esm/api';

register();
// A reader that has seen enough (head, less) is no fault.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
const { main } = await import('../src/cli/main.ts');
await main(process.argv);
