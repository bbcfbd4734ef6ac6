// What a worker thread begins with where the sources run as they are; in a bundle, the bundle itself is run again.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

// Node tells of a package that cannot be loaded twice: whoever imports it, who reports it, and nobody; that would end the
// thread before the report is out.
const TOLD_TWICE = ['ERR_DLOPEN_FAILED', 'MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'];
process.on('uncaughtException', (error) => {
  if (!TOLD_TWICE.includes(error?.code)) throw error;
});

// Our own configuration, never that of the directory in which we are called.
register({ tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)) });
(await import('./worker.ts')).serve();
