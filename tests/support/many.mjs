// Runs many commands of the command line one after another in one process, each followed by a line of its exit code.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('../../src/cli/main.ts');
for (const args of JSON.parse(process.argv[2])) {
  process.exitCode = 0;
  await main(['node', 'pianola', ...args]);
  process.stdout.write(`\n=== ${process.exitCode}\n`);
}
process.exitCode = 0;
