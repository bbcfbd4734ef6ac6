/**
 * `npm run rehearse [-- --json]`: the stack as it would be deployed, run on this machine, and a short evening on it. With
 * `--without THING` something is taken away first: `join-retry`, `BroadcastRole/dynamodb:Query` or `JoinResponse`; then it must fail.
 * Exit 0: all was well; 1: it was not; 2: it was asked wrongly.
 */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { packageInto } from './package.ts';
import { browserListener } from './rehearse/browser.ts';
import { rehearse } from './rehearse/rehearsal.ts';
import { told } from './rehearse/told.ts';
import { withoutOf } from './rehearse/without.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    logs: { type: 'boolean', default: false },
    without: { type: 'string' },
    minutes: { type: 'string', default: '3' },
    'kill-after': { type: 'string', default: '10' },
    'no-kill': { type: 'boolean', default: false },
    listeners: { type: 'string', default: '2' },
    concurrency: { type: 'string', default: '10' },
    'no-browser': { type: 'boolean', default: false },
    /** Packaged before, with the same minutes. */
    packaged: { type: 'string' },
  },
});
const numbers = {
  minutes: values.minutes,
  'kill-after': values['kill-after'],
  listeners: values.listeners,
  concurrency: values.concurrency,
};
for (const [name, text] of Object.entries(numbers))
  if (!(Number(text) >= 0)) {
    console.error(`--${name} is a number, and not ${text}`);
    process.exit(2);
  }
const say = (what: string) => console.error(`${new Date().toISOString().slice(11, 19)} ${what}`);
const directory = resolve(values.packaged ?? 'node_modules/.cache/pianola-rehearsal');
if (values.packaged === undefined) {
  say('the functions are packaged');
  await packageInto(directory, process.arch === 'arm64' ? 'arm64' : 'x86_64', [`minutes=${values.minutes}`]);
} else if (!existsSync(join(directory, 'broadcast.zip'))) {
  console.error(`${directory} has no packaged functions: leave out --packaged, and they are packaged now`);
  process.exit(2);
}
const rehearsal = await rehearse({
  ...{ directory, say, without: withoutOf(values.without) },
  killAfterMs: values['no-kill'] ? null : Number(values['kill-after']) * 1_000,
  listeners: Number(values.listeners),
  concurrency: Number(values.concurrency),
  ...(values['no-browser']
    ? {}
    : { browsers: async (edge, retries) => [await browserListener(edge, retries)] }),
});
if (values.logs) console.error(JSON.stringify(rehearsal.logs, null, 1));
console.log(values.json ? JSON.stringify({ ...rehearsal, logs: undefined }) : told(rehearsal));
process.exit(rehearsal.passed ? 0 : 1);
