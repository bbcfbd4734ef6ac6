#!/usr/bin/env node
// Runs the TypeScript sources as they are, so that `npm ci --ignore-scripts` is all the building there is.
import { fileURLToPath } from 'node:url';

// A reader that has seen enough (head, less) is no fault; what could not be printed is one.
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`pianola: not everything could be printed: ${error.message}\n`);
  process.exit(4);
});
// Nobody is left to be told.
process.stderr.on('error', () => {});

// Node tells of a package that cannot be loaded twice: whoever imports it, who says so in a line, and nobody.
const TOLD_TWICE = ['ERR_DLOPEN_FAILED', 'MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'];
process.on('uncaughtException', (error) => {
  if (TOLD_TWICE.includes(error?.code)) return;
  console.error(error);
  process.exit(1);
});

async function load() {
  try {
    const { register } = await import('tsx/esm/api');
    // Our own configuration, never that of the directory in which we are called: its `paths` would redirect our imports.
    register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) });
    return (await import('../src/cli/main.ts')).main;
  } catch (error) {
    if (process.env.PIANOLA_DEBUG) throw error;
    const where = fileURLToPath(new URL('..', import.meta.url));
    const what = String(error.message).trim().split('\n')[0];
    process.stderr.write(`pianola: it is not whole (${what}): run npm ci --ignore-scripts in ${where}\n`);
    process.exit(1);
  }
}

const main = await load();
await main(process.argv);
