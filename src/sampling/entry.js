// What a worker thread begins with where the sources run as they are; in a bundle, the bundle itself is run again.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

// Our own configuration, never that of the directory in which we are called.
register({ tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)) });
(await import('./worker.ts')).serve();
