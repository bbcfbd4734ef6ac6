/** Music that days begin from, put twice, under hostile names, and changed while it is read. */
import { hash } from 'node:crypto';
import { link, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { s3Blobs } from '../../src/adapters/aws/s3-blobs.ts';
import { directoryBlobs } from '../../src/adapters/disk/directory-blobs.ts';
import { performances } from '../../src/adapters/stores/performances.ts';
import { prompts } from '../../src/adapters/stores/prompts.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { openComposer } from '../../src/cli/place/composer.ts';
import { composeDay } from '../../src/compose/day.ts';
import { promptOf } from '../../src/compose/prompt.ts';
import type { Blobs, PromptRecord } from '../../src/ports.ts';
import { fakeClient } from '../fakes/http.ts';
import { type FakeS3, fakeS3 } from '../fakes/s3.ts';
import { withStores } from '../support/data.ts';
import { inProcess } from '../support/in-process.ts';
import { scale, stored } from '../support/music.ts';

const DAY = '2099-12-24';
const midiOf = (seconds: number) => stored('x', scale(seconds * 1_000)).midi;
const prompt = (midi: Uint8Array, date = DAY, name = 'x.mid'): PromptRecord => ({
  ...{ schema: 1, date, sha256: hash('sha256', midi), name, notes: 1, durationMs: 1 },
});

let directory: string;
let s3: FakeS3;
let client: S3Client;
const at = (...names: string[]) => join(directory, ...names);
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-uploads-'));
  s3 = await fakeS3();
  client = new S3Client({ ...fakeClient(s3.endpoint), forcePathStyle: true });
});
afterAll(async () => {
  client.destroy();
  await s3.close();
  await rm(directory, { recursive: true, force: true });
});
const bucket = (name: string): Blobs => s3Blobs({ client, bucket: name });
const keys = (name: string) => [...s3.objects.keys()].filter((key) => key.startsWith(`${name}/`)).sort();

describe('the same music twice, and out of order', () => {
  test('case 52: of operators at once one has the day, whoever puts the same again changes nothing, and who comes late is told', async () => {
    const [ours, theirs] = [midiOf(5), midiOf(6)];
    for (const blobs of [bucket('race'), directoryBlobs(at('race'))]) {
      const store = prompts(blobs);
      const racers = [ours, theirs, ours, theirs].map((midi) => store.put(prompt(midi), midi));
      expect((await Promise.all(racers)).sort()).toEqual(['exists', 'exists', 'exists', 'put']);
      expect([ours, theirs]).toContainEqual((await store.get(DAY))?.midi);
    }
    const [a, b] = [at('a.mid'), at('b.mid')];
    await writeFile(a, ours);
    await writeFile(b, theirs);
    const put = async (path: string, ...more: string[]) => {
      const { code, stdout } = await inProcess([
        'prompts',
        'put',
        path,
        '--date',
        DAY,
        '--data',
        at('data'),
        '--json',
        ...more,
      ]);
      return [code, stdout ? JSON.parse(stdout).outcome : null];
    };
    expect([await put(a), await put(a), await put(b), await put(b, '--force')]).toEqual([
      [0, 'put'],
      [0, 'present'],
      [5, null],
      [0, 'put'],
    ]);
    // Out of order: the day is composed already.
    await withStores(at('data'), (all) => all.performances.create(stored(DAY, scale(5_000))));
    expect(await put(a, '--force')).toEqual([5, null]);
  });

  test('case 52: a day that is asked for twice at once is continued once, from the same music', async () => {
    const midi = midiOf(10);
    const store = prompts(bucket('twice'));
    await store.put(prompt(midi), midi);
    const compose = () =>
      composeDay(
        { date: DAY, minutes: 0.5, candidates: 1, tokenBudget: 500 },
        performances(bucket('twice')),
        async () => ({
          ...(await openComposer({ data: '/nowhere' })),
          clock: systemClock,
          prompt: promptOf({ sha256: hash('sha256', midi), midi: (await store.get(DAY))!.midi }),
        }),
      );
    const before = keys('twice');
    const outcomes = await Promise.all([compose(), compose()]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['composed', 'present']);
    const record = (await performances(bucket('twice')).get(DAY))?.record;
    expect(record?.settings).toMatchObject({ promptSha256: hash('sha256', midi) });
    // And case 54: what comes of a prompt is written where no prompt is looked for.
    const written = keys('twice').filter((key) => !before.includes(key));
    expect(written).toEqual([`twice/midi/${record?.midiSha256}.mid`, `twice/performances/${DAY}.json`]);
  });
});

describe('names', () => {
  const NAMES = ['a+b.mid', 'a%2Fb%2e%2e.mid', 'ü 音楽 \u202e.mid', '..mid', '%00.mid', "'; rm -rf ~ #.mid"];

  test('case 53: what a file is called is told, and never a key or a path: those are dates and sums', async () => {
    for (const [i, name] of NAMES.entries()) {
      const folder = at('names', String(i));
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, name), midiOf(5 + i));
      const data = at('names', `data ${i}`);
      const { code } = await inProcess(['prompts', 'put', join(folder, name), '--date', DAY, '--data', data]);
      expect({ name, code }).toEqual({ name, code: 0 });
      const kept = await withStores(data, (all) => all.prompts.list());
      expect(kept.map((each) => each.name)).toEqual([name]);
      expect(await readdir(join(data, 'prompts'))).toEqual([`${kept[0]!.sha256}.mid`]);
      const midi = midiOf(5 + i);
      await prompts(bucket('names')).put(prompt(midi, `2099-12-0${i + 1}`, name), midi);
    }
    for (const key of keys('names'))
      expect(key).toMatch(/^names\/prompts\/(\d{4}-\d{2}-\d{2}\.json|[0-9a-f]{64}\.mid)$/);
  });

  test('case 53: a key is decoded once, what others put beside ours is passed over, and no key leads out of its place', async () => {
    const blobs = bucket('keys');
    for (const name of ['a+b', 'a%2Fb', 'a b', 'ü/音', '%2e%2e/x', 'a?b#c']) {
      await blobs.write(name, name);
      expect(String(s3.objects.get(`keys/${name}`)?.body)).toBe(name);
      expect(new TextDecoder().decode((await blobs.read(name))!)).toBe(name);
    }
    const midi = midiOf(5);
    await prompts(blobs).put(prompt(midi), midi);
    for (const stray of [
      'prompts/2099-12-25.json/',
      'prompts/../2099-12-25.json',
      'prompts/2099-12-25%2Ejson',
    ])
      s3.objects.set(`keys/${stray}`, { body: Buffer.from('{'), headers: {} });
    expect((await prompts(blobs).list()).map(({ date }) => date)).toEqual([DAY]);

    const disk = directoryBlobs(at('disk'));
    await writeFile(at('secret'), 'secret');
    for (const name of ['../secret', 'a/../../secret', '/etc/passwd', 'a//b', '..'])
      await expect(disk.read(name)).rejects.toThrow(/leaves/);
  });

  test('case 53: a link in the place of a prompt is written over and not through, and what it leads to is not taken for music', async () => {
    const [ours, other] = [midiOf(5), midiOf(6)];
    const store = prompts(directoryBlobs(at('links')));
    const place = at('links', 'prompts', `${hash('sha256', ours)}.mid`);
    await mkdir(at('links', 'prompts'), { recursive: true });
    for (const make of [symlink, link]) {
      await writeFile(at('victim'), other);
      await rm(place, { force: true });
      await make(at('victim'), place);
      await store.put(prompt(ours), ours, true);
      expect(Buffer.from(other).equals(await readFile(at('victim')))).toBe(true);
      expect((await store.get(DAY))?.midi).toEqual(Buffer.from(ours));
      await rm(place);
      await make(at('victim'), place);
      await expect(store.get(DAY)).rejects.toThrow(/damaged or missing/);
    }
    expect((await stat(at('victim'))).size).toBe(other.length);
  });
});

test('case 54: what a function writes starts none: its queue is filled by keys that it may not write, no table or stream invokes one, and none may invoke itself', async () => {
  const text = async (name: string) => parse(await readFile(name, 'utf8'), { logLevel: 'silent' });
  const { functions } = await text('serverless.yml');
  for (const { events = [] } of Object.values(functions as Record<string, { events?: unknown[] }>))
    expect(JSON.stringify(events)).not.toMatch(/s3|stream|sns|eventBridge/);
  const files = (await readdir('infra')).filter((name) => name.endsWith('.yml'));
  const resources = await Promise.all(files.map((name) => text(join('infra', name))));
  const all = resources.flatMap(({ Resources = {} }) =>
    Object.entries(Resources as Record<string, Resource>),
  );
  expect(all.length).toBeGreaterThan(30);
  /** Keys of a bucket that fill a queue, one as an example of each filter. */
  const starts: { bucket: string; key: string }[] = [];
  for (const [name, { Type, Properties = {} }] of all) {
    expect([name, Type]).not.toEqual([name, 'AWS::Events::Rule']);
    expect({ name, ...Properties }).not.toHaveProperty('StreamSpecification');
    if (Type === 'AWS::Lambda::EventSourceMapping')
      expect({ name, function: Properties.FunctionName }).toEqual({
        name,
        function: 'ContinueLambdaFunction',
      });
    const { QueueConfigurations = [], ...others } = (Properties.NotificationConfiguration ??
      {}) as Notifications;
    expect({ name, others }).toEqual({ name, others: {} });
    for (const { Filter } of QueueConfigurations) {
      const of = (kind: string) => Filter.S3Key.Rules.find((rule) => rule.Name === kind)?.Value ?? '';
      expect(of('prefix')).toMatch(/^[a-z]+\/$/);
      starts.push({ bucket: name, key: `${of('prefix')}x${of('suffix')}` });
    }
  }
  expect(new Set(starts.map(({ bucket }) => bucket))).toEqual(new Set(['ArchiveBucket', 'UploadsBucket']));
  // What the queues wake may write no such key. A policy's * stands for anything, a slash too.
  const policies = all.filter(([name]) => name === 'ContinueRole' || name === 'ContinueForVisitors');
  expect(policies).toHaveLength(2);
  const writes = [
    ...JSON.stringify(policies).matchAll(
      /"Action":("s3:Put[^\]}]*?"|\[[^\]]*s3:Put[^\]]*\]),"Resource":("[^"]*"|\[[^\]]*\])/g,
    ),
  ]
    .flatMap(([, , where]) => [...where!.matchAll(/\$\{(\w+)\.Arn\}\/([^"]+)/g)])
    .map(([, bucket, keys]) => ({ bucket, keys: keys! }));
  expect(writes.length).toBeGreaterThanOrEqual(4);
  for (const { bucket, key } of starts) {
    for (const write of writes.filter((one) => one.bucket === bucket)) {
      const pattern = new RegExp(`^${write.keys.replace(/[.]/g, '\\.').replaceAll('*', '.*')}$`);
      expect({ key, keys: write.keys, may: pattern.test(key) }).toMatchObject({ may: false });
    }
  }
  // Who composes writes prompts nowhere and wakes broadcasters alone, and those compose nothing.
  const role = JSON.stringify(all.find(([name]) => name === 'ComposeRole'));
  expect(role).toContain('broadcastFunctionArn');
  expect(role).not.toMatch(/-compose['"]/);
});
type Notifications = {
  readonly QueueConfigurations?: readonly {
    readonly Filter: { readonly S3Key: { readonly Rules: readonly { Name: string; Value: string }[] } };
  }[];
};
type Resource = { readonly Type: string; readonly Properties?: Record<string, unknown> };

test('case 55: music that is replaced, or taken away, while a day reads it is the old whole one, or none; never a mixture', async () => {
  const [before, after] = [midiOf(5), midiOf(9)];
  const blobs = bucket('replaced');
  const store = prompts(blobs);
  for (const meanwhile of [
    () => store.put(prompt(after), after, true),
    () => store.remove(DAY),
    async () => {
      await store.remove(DAY);
      await store.put(prompt(after), after);
    },
  ]) {
    await store.put(prompt(before), before, true);
    let reads = 0;
    const slow: Blobs = {
      ...blobs,
      async read(name) {
        // Between the look at what it is and the reading of it.
        if (++reads === 2) await meanwhile();
        return blobs.read(name);
      },
    };
    const found = await prompts(slow).get(DAY);
    expect([reads, found?.record.sha256]).toEqual([2, hash('sha256', before)]);
    expect(Buffer.from(before).equals(found!.midi)).toBe(true);
  }
  // Bytes that are not those that were put are told of, whoever changed them, and the day is composed without.
  s3.objects.get(`replaced/prompts/${hash('sha256', after)}.mid`)!.body = Buffer.from(before);
  await expect(store.get(DAY)).rejects.toThrow();
});
