// What the renderer's thread begins with: the page's own modules are TypeScript, as ours are.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

// Our own configuration, never that of the directory in which we are called.
register({ tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)) });
await (await import('./thread.ts')).render();
