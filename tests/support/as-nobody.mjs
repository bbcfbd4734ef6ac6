// The command line as a user without any rights runs it. Its sources are loaded first: they may be root's alone to read.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

register({ tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)) });
const { main } = await import('../../src/cli/main.ts');
const NOBODY = 65_534;
if (process.getuid?.() === 0) {
  process.setgroups([]);
  process.setgid(NOBODY);
  process.setuid(NOBODY);
}
await main(process.argv);
