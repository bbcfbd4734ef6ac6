/**
 * `npm run public -- --json`: a station in an empty directory, behind Debian's nginx with TLS and a path of its site, and 500
 * listeners of 500 addresses who hear a piece to its end. Exit code 0: all holds; 1: something does not, and is named; 3: a program is
 * missing. Needs all of 127.0.0.0/8 (Linux). `--listeners N` for fewer or more.
 */
import { parseArgs } from 'node:util';
import { faultsOf, missing, publicEvening } from './evening.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, listeners: { type: 'string', default: '500' } },
});
const listeners = Number(values.listeners);
if (!Number.isInteger(listeners) || listeners < 1 || listeners > 10_000) {
  console.error('--listeners: a number from 1 to 10000');
  process.exit(2);
}
const absent = missing();
if (absent.length > 0) {
  console.error(`there is no ${absent.join(' and no ')} here: sudo apt-get install ${absent.join(' ')}`);
  process.exit(3);
}
const figures = await publicEvening(listeners, (text) => console.error(text));
const faults = faultsOf(figures);
console.log(values.json ? JSON.stringify({ ...figures, faults }) : { ...figures, faults });
for (const fault of faults) console.error(`does not hold: ${fault}`);
process.exit(faults.length === 0 ? 0 : 1);
