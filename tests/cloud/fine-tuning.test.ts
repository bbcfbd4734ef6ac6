/** The commands of docs/fine-tuning.md as they stand, on a made-up collection and with two steps; `npm run test:cloud` runs them. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type FakeServer, serveFake } from '../fakes/http.ts';
import { type FakeS3, fakeS3 } from '../fakes/s3.ts';
import { writeCollection } from '../support/collection.ts';
import { inProcess } from '../support/in-process.ts';
import { STAGE_VARIABLES } from '../support/stage-variables.ts';

/** A Python that has model/requirements.txt; set by `npm run test:cloud`. */
const PYTHON = process.env.PIANOLA_PYTHON ?? '';
const withPython = PYTHON ? test : test.skip;

let directory: string;
let s3: FakeS3;
let lambda: FakeServer;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-fine-tuning-'));
  s3 = await fakeS3();
  lambda = await serveFake((_, response) => {
    response.writeHead(200).end(JSON.stringify({ Environment: { Variables: STAGE_VARIABLES } }));
  });
});
afterAll(async () => {
  await Promise.all([s3.close(), lambda.close()]);
  await rm(directory, { recursive: true, force: true });
});

/** What a shell is told, line by line; its variables' last values follow. */
async function bash(script: string): Promise<string> {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PATH: `${dirname(PYTHON)}${delimiter}${process.env.PATH}`,
      NODE_OPTIONS: '',
      HOME: directory,
      PIANOLA_DATA: join(directory, 'data'),
      OMP_WAIT_POLICY: 'PASSIVE',
      ...{ AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'fake', AWS_SECRET_ACCESS_KEY: 'fake' },
      ...{ AWS_ENDPOINT_URL_S3: s3.endpoint, AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint },
    },
  });
  const out = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      out[name] += text;
    });
  const code = await new Promise((done) => child.once('close', done));
  expect({ code, stderr: code === 0 ? '' : out.stderr }).toEqual({ code: 0, stderr: '' });
  return out.stdout;
}

const json = async (...path: string[]) => JSON.parse(await readFile(join(directory, ...path), 'utf8'));

withPython(
  'a collection is learnt from, exported, kept, promoted, composes the next day, and gives way again; on a stage, too',
  async () => {
    await writeCollection(join(directory, 'midi'), 40);
    const doc = await readFile('docs/fine-tuning.md', 'utf8');
    const blocks = [...doc.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block);
    expect(blocks).toHaveLength(5);
    const script = blocks
      .join('\n')
      .replaceAll('model/data/own', join(directory, 'shards'))
      .replaceAll('model/runs/own', join(directory, 'run'))
      .replace('--steps 80', '--steps 2')
      .replace('--minutes 1 ', '')
      .replaceAll('pianola.js compose', 'pianola.js compose --minutes 0.5 --candidates 1');
    const told = await bash(`${script}\nprintf '%s\\n' "$former" "$own" "$tomorrow"`);

    const [before, after] = [...told.matchAll(/^\{\n {2}"split": "test"[\s\S]*?^\}/gm)].map(
      ([figures]) => JSON.parse(figures).figures.all,
    );
    expect([before.notes, after.notes]).toEqual([2_520, 2_520]);
    expect(after.natsPerNote).toBeLessThan(before.natsPerNote);
    const log = (await readFile(join(directory, 'run/log.jsonl'), 'utf8')).trim().split('\n');
    const [begun, ended] = log.slice(1).map((line) => JSON.parse(line));
    expect([begun.step, ended.step]).toEqual([0, 2]);
    // What it begins with has learnt elsewhere, by a count of its own: it need not be what is shipped.
    expect(begun.tokens).toBeGreaterThan(1_000_000);

    const [former, own, tomorrow] = told.trim().split('\n').slice(-3) as [string, string, string];
    const shipped = JSON.parse(await readFile('model/model.json', 'utf8'));
    const exported = await json('run/model/model.json');
    expect([former, own]).toEqual([shipped.sha256, exported.sha256]);
    expect(exported.usualNats).not.toBe(shipped.usualNats);
    expect(exported.training).toMatchObject({ steps: 2, tokens: begun.tokens + 2 * 4 * 1152 });
    // What is there already is told.
    const asked = ['compose', '--date', tomorrow, '--minutes', '0.5', '--candidates', '1'];
    const day = await inProcess([...asked, '--data', join(directory, 'data'), '--json']);
    expect(JSON.parse(day.stdout)).toMatchObject({ outcome: 'present', modelSha256: own });
    expect(told).toMatch(new RegExp(`^\\* ${former.slice(0, 16)}  \\d+\\.\\d MB`, 'm'));
    expect(told).toMatch(new RegExp(`^  ${own.slice(0, 16)}  \\d+\\.\\d MB`, 'm'));

    const kept = [...s3.objects.keys()].filter((name) => name.startsWith('archive/models/'));
    expect(kept).toEqual(
      expect.arrayContaining([
        `archive/models/${own}/model.json`,
        `archive/models/${own}/pianola.onnx`,
        'archive/models/promoted/00000001.json',
      ]),
    );
    const promoted = s3.objects.get('archive/models/promoted/00000001.json')!.body.toString();
    expect(JSON.parse(promoted).promoted).toEqual([own]);
  },
  // Of that, most is Python learning on a busy machine.
  1_800_000,
);
