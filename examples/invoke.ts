/** Has a deployed station go on from a MIDI file of this machine: `node --import tsx examples/invoke.ts prod mine.mid out.mid`. */
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { ContinueGivenEvent, GivenAnswer } from '../src/lambda/events.ts';

const [stage, path, out] = process.argv.slice(2);
if (!stage || !path || !out)
  throw new Error('which stage, which file, and where to? invoke.ts prod mine.mid out.mid');

const event: ContinueGivenEvent = {
  midi: (await readFile(path)).toString('base64'),
  name: basename(path),
  minutes: 0.5,
};
// It composes for some tens of seconds; what is tried again is composed again.
const lambda = new LambdaClient({ maxAttempts: 1, requestHandler: { requestTimeout: 300_000 } });
const { FunctionError, Payload } = await lambda.send(
  new InvokeCommand({ FunctionName: `pianola-${stage}-continue`, Payload: JSON.stringify(event) }),
);
const told = Payload?.transformToString() ?? '';
if (FunctionError) throw new Error(`the function failed: ${told}`);

const answer: GivenAnswer = JSON.parse(told);
if (answer.outcome === 'refused') throw new Error(answer.message);
await writeFile(out, Buffer.from(answer.midi, 'base64'));
console.log(JSON.stringify(answer.record));
