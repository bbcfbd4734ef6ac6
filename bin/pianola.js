#!/usr/bin/env node
// Runs the TypeScript sources as they are, so that `npm ci --ignore-scripts` is all the building there is.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('../src/cli/main.ts');
await main(process.argv);
