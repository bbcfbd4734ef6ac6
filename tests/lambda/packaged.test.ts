import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packageInto } from '../../bench/package.ts';
import { dynamoBroadcasts } from '../../src/adapters/aws/dynamodb-broadcasts.ts';
import { dynamoConnections } from '../../src/adapters/aws/dynamodb-connections.ts';
import { s3Blobs, s3Site } from '../../src/adapters/aws/s3-blobs.ts';
import { pageServer } from '../../src/adapters/net/http.ts';
import { listenOn } from '../../src/adapters/net/listen-on.ts';
import { performances } from '../../src/adapters/stores/performances.ts';
import { prompts } from '../../src/adapters/stores/prompts.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import { publish } from '../../src/publish/publish.ts';
import { parseFrame } from '../../src/wire.ts';
import { type FakeDynamo, fakeDynamo } from '../fakes/dynamodb.ts';
import { type FakeGateway, fakeGateway } from '../fakes/gateway.ts';
import { fakeClient } from '../fakes/http.ts';
import { type FakeLambda, fakeLambda } from '../fakes/lambda.ts';
import { type FakeS3, fakeS3 } from '../fakes/s3.ts';
import { type FakeScheduler, fakeScheduler } from '../fakes/scheduler.ts';
import { scale, stored } from '../support/music.ts';
import { twelveHoursAway, variablesOf } from '../support/stage-variables.ts';
import { type RunningFunction, startFunction } from './function.ts';
import { actionsOf, mayOnS3, ofType, statementsOf, type Template, tooWide } from './policies.ts';
import { broadcasterTwice } from './twins.ts';
import { readZip } from './unzip.ts';

/**
 * What is deployed is what was tested: the packaged artefacts, each alone, run as Lambda would run them. They are
 * packaged for this machine's architecture; the one for arm64 differs in the runtime library only.
 */
const HERE = process.arch === 'arm64' ? 'arm64' : 'x86_64';
const FUNCTIONS = [
  'compose',
  'broadcast',
  'sound',
  'continue',
  'connect',
  'disconnect',
  'message',
  'play',
] as const;
/** They compose, and carry what it takes. */
const COMPOSERS: readonly string[] = ['compose', 'continue'];
type Name = (typeof FUNCTIONS)[number];
/** The module of a function; `compose` does more than that, and keeps its name since a new one would be another function. */
const moduleOf = (name: Name) => `src/lambda/${name === 'compose' ? 'prepare' : name}`;

let directory: string;
/** A home that a function may write to, which it is not to do. */
let home: string;
let dynamo: FakeDynamo;
let s3: FakeS3;
let gateway: FakeGateway;
let scheduler: FakeScheduler;
let lambda: FakeLambda;
const running = new Map<Name, RunningFunction>();

const artefact = (name: Name, architecture: string = HERE) =>
  readZip(join(directory, architecture, `${name}.zip`));

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-package-'));
  home = await mkdtemp(join(tmpdir(), 'pianola-home-'));
  await chmod(home, 0o777);
  for (const architecture of new Set([HERE, 'arm64']))
    await packageInto(join(directory, architecture), architecture);
  dynamo = await fakeDynamo();
  s3 = await fakeS3();
  gateway = await fakeGateway('test');
  scheduler = await fakeScheduler();
  lambda = await fakeLambda();
});

afterAll(async () => {
  for (const each of running.values()) await each.stop();
  for (const fake of [dynamo, s3, gateway, scheduler, lambda]) await fake?.close();
  for (const path of [directory, home]) await rm(path, { recursive: true, force: true });
});

const environment = (): Record<string, string> => ({
  ...variablesOf({ dynamo, s3, lambda, gateway: `${gateway.endpoint}/test` }),
  AWS_ENDPOINT_URL_SCHEDULER: scheduler.endpoint,
  CONNECTION_SHARDS: '16',
  DAILY_TIME: twelveHoursAway('UTC'),
  TIME_ZONE: 'UTC',
  MINUTES: '0.5',
  CONTINUE_MINUTES: '0.5',
  UPLOADS_BUCKET: 'uploads',
  POSTS_PER_SECOND: '2000',
  HOME: home,
  ALLOWED_ORIGINS: 'https://piano.example http://localhost:8080',
  DOOR_KEYS: 'a-key',
});
const MEMORY_MB: Record<Name, number> = {
  compose: 1792,
  broadcast: 512,
  sound: 1792,
  continue: 1792,
  connect: 256,
  disconnect: 256,
  message: 512,
  play: 512,
};

async function start(
  name: Name,
  files?: ReadonlyMap<string, Buffer>,
  others: Readonly<Record<string, string>> = {},
): Promise<RunningFunction> {
  return startFunction({
    files: files ?? (await artefact(name)),
    handler: `${moduleOf(name)}.handler`,
    memoryMb: MEMORY_MB[name],
    environment: { ...environment(), ...others },
  });
}
async function theFunction(name: Name): Promise<RunningFunction> {
  const already = running.get(name);
  if (already) return already;
  const started = await start(name);
  running.set(name, started);
  return started;
}

const socketEvent = (connectionId: string, routeKey: string, body?: object) => ({
  requestContext: { connectionId, routeKey, requestTimeEpoch: Date.now() },
  ...(body ? { body: JSON.stringify(body) } : {}),
  isBase64Encoded: false,
});

/** Shipped as it is with what publishes: its thread is begun with the first of these. */
const ENGRAVER = [
  'src/engraving/engrave.mjs',
  'node_modules/verovio/package.json',
  'node_modules/verovio/dist/verovio.mjs',
  'node_modules/verovio/dist/verovio-module.mjs',
];

test('only compose and continue carry the model and the runtime library, for one platform', async () => {
  for (const name of FUNCTIONS) {
    const names = [...(await artefact(name, 'arm64')).keys()];
    const carried = names.filter((path) => /\.(onnx|node)$|\.so(\.|$)/.test(path)).sort();
    if (!COMPOSERS.includes(name)) {
      const own = names.filter((path) => !ENGRAVER.includes(path) && !path.startsWith('web/piano/'));
      expect(names.filter((path) => path.startsWith('web/piano/'))).toHaveLength(name === 'sound' ? 3 : 0);
      expect(own).toEqual([`${moduleOf(name)}.js`]);
      const engraver = names.filter((path) => ENGRAVER.includes(path));
      expect(engraver).toHaveLength(name === 'broadcast' ? ENGRAVER.length : 0);
      continue;
    }
    expect(carried).toEqual([
      'model/pianola.onnx',
      'node_modules/onnxruntime-node/bin/napi-v6/linux/arm64/libonnxruntime.so.1',
      'node_modules/onnxruntime-node/bin/napi-v6/linux/arm64/onnxruntime_binding.node',
    ]);
  }
});

test('the arm64 artefact is the tested one but for the runtime library, which is for arm64', async () => {
  const [arm, here] = [await artefact('compose', 'arm64'), await artefact('compose')];
  const native = (path: string) => path.includes('/bin/napi-v6/');
  const others = (files: ReadonlyMap<string, Buffer>) =>
    [...files].filter(([path]) => !native(path)).map(([path, body]) => [path, hash('sha256', body)]);
  expect(others(arm)).toEqual(others(here));
  const library = [...arm].find(([path]) => path.endsWith('onnxruntime_binding.node'))![1];
  // ELF, 64 bits, little-endian; e_machine 183 is AArch64 (ELF for the Arm 64-bit Architecture, 5.1).
  expect(library.subarray(0, 6)).toEqual(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]));
  expect(library.readUInt16LE(18)).toBe(183);
});

async function template(): Promise<Template> {
  const path = join(directory, 'arm64', 'cloudformation-template-update-stack.json');
  return JSON.parse(await readFile(path, 'utf8'));
}

test('each function has a role of its own, that may do what it does and no more', async () => {
  const stack = await template();
  const roles = ofType(stack, 'AWS::Lambda::Function').map(([, { Properties }]) =>
    JSON.stringify(Properties?.Role),
  );
  expect(new Set(roles).size).toBe(FUNCTIONS.length);
  expect(tooWide(stack)).toEqual([]);
  // Nobody has a policy that is not spelled out, but API Gateway, where an operator asks for it.
  const managed = ofType(stack, 'AWS::IAM::Role').filter(
    ([, { Properties }]) => Properties?.ManagedPolicyArns,
  );
  expect(managed.map(([name, { Condition }]) => [name, Condition])).toEqual([
    ['GatewayLogRole', 'RoleIsOurs'],
  ]);
  expect(actionsOf(stack, 'ConnectRole')).toEqual([]);
  expect(actionsOf(stack, 'DisconnectRole')).toEqual(['dynamodb:DeleteItem']);
  const pass = statementsOf(stack, 'ComposeRole').filter(({ Action }) => Action === 'iam:PassRole');
  expect(pass).toEqual([
    expect.objectContaining({
      Resource: { 'Fn::GetAtt': ['TimerRole', 'Arn'] },
      Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    }),
  ]);
  for (const role of ['BroadcastRole', 'MessageRole']) {
    const manage = statementsOf(stack, role).filter(
      ({ Action }) => Action === 'execute-api:ManageConnections',
    );
    expect(JSON.stringify(manage)).toContain('{WebsocketApi}/dev/POST/@connections/*');
  }
  expect(actionsOf(stack, 'ComposeRole')).not.toContain('execute-api:ManageConnections');
  // Of the table of broadcasts it may write the partition that counts holes, and no other.
  const writes = statementsOf(stack, 'MessageRole').filter(
    ({ Action, Resource }) =>
      JSON.stringify(Resource).includes('BroadcastsTable') && JSON.stringify(Action).includes('Update'),
  );
  expect(writes).toEqual([
    {
      Sid: 'CountPunches',
      Effect: 'Allow',
      Action: 'dynamodb:UpdateItem',
      Resource: { 'Fn::GetAtt': ['BroadcastsTable', 'Arn'] },
      Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['punches'] } },
    },
  ]);
});

test('the setting of the whole account is made only where it is asked for, and is left behind', async () => {
  const stack = await template();
  expect(stack.Resources.GatewayLogAccount).toMatchObject({
    Type: 'AWS::ApiGateway::Account',
    Condition: 'RoleIsOurs',
    DeletionPolicy: 'Retain',
  });
  expect(stack.Resources.GatewayLogRole?.DeletionPolicy).toBe('Retain');
  expect(stack.Parameters?.AccessLog).toMatchObject({
    Default: 'off',
    AllowedValues: ['on', 'with-role', 'off'],
  });
  const Format = String(stack.Resources.WebsocketStage?.Properties?.AccessLogSettings['Fn::If'][1].Format);
  expect(Object.keys(JSON.parse(Format.replace(/\$context\.requestTimeEpoch/, '0')))).toEqual([
    ...['at', 'route', 'event', 'status', 'integrationMs', 'error'],
  ]);
  expect(Format).not.toMatch(/identity|sourceIp|userAgent|connectionId/);
});

test('events outlive the crash of a whole attempt, queues catch what is lost, and logs end', async () => {
  const stack = await template();
  const events = ofType(stack, 'AWS::Lambda::EventInvokeConfig');
  for (const [name, { Properties }] of events) {
    // A day without its sound is found by the next hour's look.
    if (name === 'SoundInvoke') {
      expect(Properties).toMatchObject({ MaximumRetryAttempts: 0 });
      continue;
    }
    expect(Properties).toMatchObject({ MaximumRetryAttempts: 2 });
    // Three attempts of 15 minutes, and the minutes between.
    expect(Properties?.MaximumEventAgeInSeconds).toBeGreaterThanOrEqual(3 * 900 + 180);
  }
  expect(events).toHaveLength(4);
  for (const [, { Properties }] of ofType(stack, 'AWS::Logs::LogGroup')) {
    expect(Properties?.RetentionInDays).toBe(30);
  }
  const tables = ofType(stack, 'AWS::DynamoDB::Table').map(([, { Properties }]) => Properties?.BillingMode);
  expect(tables).toEqual(['PAY_PER_REQUEST', 'PAY_PER_REQUEST', 'PAY_PER_REQUEST']);
  const alarmed = ofType(stack, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties?.MetricName);
  expect(alarmed).toEqual(expect.arrayContaining(['CheckTookOver', 'EncorePlayed', 'ComposeFailed']));
  const runtimes = ofType(stack, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties?.Runtime);
  expect(new Set(runtimes)).toEqual(new Set(['nodejs24.x']));
});

/** A CloudFront function, run as CloudFront would: its code defines `handler`. */
async function edge(
  name: string,
): Promise<(uri: string) => { uri?: string; headers?: { location: { value: string } } }> {
  const code = (await template()).Resources[name]?.Properties?.FunctionCode;
  const handler = new Function(`${String(code)}; return handler;`)();
  return (uri) => handler({ request: { uri } });
}

test('CloudFront finds the page of a day, and the websocket', async () => {
  const index = await edge('DirectoryIndex');
  expect(index('/').uri).toBe('/index.html');
  expect(index('/2026-11-21/').uri).toBe('/2026-11-21/index.html');
  expect(index('/2026-11-21').headers?.location.value).toBe('/2026-11-21/');
  expect(index('/archive/').uri).toBe('/archive/index.html');
  expect(index('/archive').headers?.location.value).toBe('/archive/');
  expect(index('/archive/2026').headers?.location.value).toBe('/archive/2026/');
  expect(index('/embed/').uri).toBe('/embed/index.html');
  expect(index('/embed').headers?.location.value).toBe('/embed/');
  expect(index('/archive.js').uri).toBe('/archive.js');
  expect(index('/2026-11-21/performance.mid').uri).toBe('/2026-11-21/performance.mid');
  // Nobody is sent to another host.
  for (const uri of ['//evil.example', '//evil', '/\\\\evil', '/a//evil'])
    expect(index(uri).headers).toBeUndefined();
  expect((await edge('SocketPath'))('/ws').uri).toBe('/dev');
});

test('CloudFront sends the headers that local mode sends, which the page was tested with', async () => {
  const { Resources } = await template();
  const server = pageServer(new Map(), '.');
  const port = await listenOn(server, 0, '127.0.0.1');
  for (const [name, path, frames] of [
    ['SiteHeaders', '/absent', { FrameOption: 'DENY', Override: true }],
    ['EmbedHeaders', '/embed/', undefined],
  ] as const) {
    const policy = Resources[name]?.Properties?.ResponseHeadersPolicyConfig;
    const { headers } = await fetch(`http://127.0.0.1:${port}${path}`);
    // Local mode names its own websocket as well, for older browsers.
    const local = headers.get('content-security-policy')?.replace(/ ws:\S+ wss:[^\s;]+/, '');
    const opener = headers.get('cross-origin-opener-policy');
    expect(policy).toMatchObject({
      SecurityHeadersConfig: { ContentSecurityPolicy: { ContentSecurityPolicy: local } },
      CustomHeadersConfig: { Items: [{ Header: 'Cross-Origin-Opener-Policy', Value: opener }] },
    });
    const { FrameOptions } = (policy as { SecurityHeadersConfig: { FrameOptions?: unknown } })
      .SecurityHeadersConfig;
    expect(FrameOptions).toEqual(frames);
  }
  server.closeAllConnections();
  server.close();
});

let composed: string;

/** Gives every day that may be composed now the same prompt; its sha256. */
async function promptDays(): Promise<string> {
  const client = new S3Client({ ...fakeClient(s3.endpoint), forcePathStyle: true });
  const store = prompts(s3Blobs({ client, bucket: environment().ARCHIVE_BUCKET! }));
  const midi = writeMidiFile({ title: 'x', music: scale(20_000), markers: [] });
  const sha256 = hash('sha256', midi);
  for (const days of [-1, 0, 1, 2]) {
    const date = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    await store.put({ schema: 1, date, sha256, name: 'x', notes: 40, durationMs: 20_000 }, midi);
  }
  client.destroy();
  return sha256;
}

test('compose arms the next broadcast and stores its performance; three times the same event is once', async () => {
  const compose = await theFunction('compose');
  const promptSha256 = await promptDays();
  const first = (await compose.invoke({})) as { composed: string[] };
  expect(first.composed).toHaveLength(1);
  composed = first.composed[0]!;
  expect(await compose.invoke({})).toEqual({ composed: [] });
  expect(await compose.invoke({})).toEqual({ composed: [] });
  const keys = [...s3.objects.keys()];
  expect(keys.filter((key) => key.startsWith('archive/performances/'))).toEqual([
    `archive/performances/${composed}.json`,
  ]);
  expect(keys.filter((key) => key.startsWith('archive/midi/'))).toHaveLength(1);
  // Today's, twelve hours away, and tomorrow's: each with its doors and its check.
  expect(scheduler.schedules.size).toBe(4);
  const schedule = JSON.parse(String(s3.objects.get('site/schedule.json')?.body));
  expect(schedule.broadcasts).toHaveLength(14);
  // Nothing of the music is public before it was played.
  expect(keys.filter((key) => key.startsWith('site/')).sort()).toEqual([
    'site/archive/index.html',
    'site/calendar.ics',
    'site/feed.xml',
    'site/index.json',
    'site/next.ics',
    'site/schedule.json',
    'site/share.png',
    'site/shelf/index.html',
  ]);
  expect(String(s3.objects.get('site/feed.xml')?.body)).not.toContain('<item>');
  const { settings } = JSON.parse(
    String(s3.objects.get(keys.find((key) => key.includes('/performances/'))!)?.body),
  );
  expect(settings).toMatchObject({ promptSha256, candidates: 8, cutShort: false });
  // Candidates were judged: what they are judged by is in the artefact.
  expect(settings.originalitySha256).toMatch(/^[0-9a-f]{64}$/);
  expect(compose.output()).toMatch(/"GenerationSeconds":\d/);
  expect((await compose.memoryMb()) ?? 0).toBeLessThan(MEMORY_MB.compose);
  // The runtime library would keep what it reports to its maker there.
  expect(await readdir(home)).toEqual([]);
});

test('a day that the event names is composed besides, once; what is no day is refused', async () => {
  const compose = await theFunction('compose');
  const date = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  expect(await compose.invoke({ date })).toEqual({ composed: [date] });
  expect(await compose.invoke(JSON.stringify({ date }))).toEqual({ composed: [] });
  expect(s3.objects.has(`archive/performances/${date}.json`)).toBe(true);
  await expect(compose.invoke({ date: '../secret' })).rejects.toThrow(/Invalid date/);
});

test.each([
  ['the model', (path: string) => path.endsWith('.onnx')],
  ['the runtime library', (path: string) => path.endsWith('libonnxruntime.so.1')],
  ['the binding', (path: string) => path.includes('onnxruntime-node')],
])(
  'compose fails where %s was left out, and has armed the broadcast all the same',
  async (_what, left) => {
    s3.objects.clear();
    scheduler.schedules.clear();
    const files = new Map([...(await artefact('compose'))].filter(([path]) => !left(path)));
    const compose = await start('compose', files);
    await expect(compose.invoke({})).rejects.toThrow(/onnx/i);
    expect(scheduler.schedules.size).toBe(4);
    expect(compose.output()).toMatch(/"ComposeFailed":1/);
    await compose.stop();
  },
  60_000,
);

test('sound makes the newest days that lack it into MP3, as many as there are, and tells of them in the feed; again, there is nothing to do', async () => {
  s3.objects.clear();
  const client = new S3Client({ ...fakeClient(s3.endpoint), forcePathStyle: true });
  const [store, site] = [
    performances(s3Blobs({ client, bucket: 'archive' })),
    s3Site({ client, bucket: 'site' }),
  ];
  for (const id of ['2026-11-20', '2026-11-21']) {
    await store.create(stored(id, scale(1_000)));
    await publish(id, { performances: store, site, siteUrl: 'https://piano.example' });
  }
  client.destroy();
  s3.actions.splice(0);
  const sound = await theFunction('sound');
  // Eight minutes are kept for a day: with no more than these none is begun.
  expect(await sound.invoke({}, { timeoutMs: 480_000 })).toEqual({ made: [] });
  expect(s3.objects.has('site/2026-11-21/performance.mp3')).toBe(false);
  // With other work beside it a second of sound may take many.
  expect(await sound.invoke({}, { timeoutMs: 900_000 })).toEqual({ made: ['2026-11-21', '2026-11-20'] });
  expect(await sound.invoke({}, { timeoutMs: 900_000 })).toEqual({ made: [] });
  const mp3 = s3.objects.get('site/2026-11-21/performance.mp3')!;
  expect(mp3.headers['content-type']).toBe('audio/mpeg');
  expect(String(s3.objects.get('site/feed.xml')?.body)).toContain(
    `<enclosure url="https://piano.example/2026-11-21/performance.mp3" length="${mp3.body.length}" type="audio/mpeg"/>`,
  );
  expect(await refusedTo('SoundRole')).toEqual([]);
  expect(sound.output()).toMatch(/"RenderSeconds":\[?\d/);
  expect((await sound.memoryMb()) ?? 0).toBeLessThan(MEMORY_MB.sound);
}, 300_000);

/** Of a file that is written to a bucket: what S3 tells the queue, and the queue the function. */
const toldOf = (key: string, body: Uint8Array, { bucket = 'archive', id = 'message-1' } = {}) => ({
  Records: [
    {
      messageId: id,
      eventSource: 'aws:sqs',
      body: JSON.stringify({
        Records: [
          {
            eventSource: 'aws:s3',
            eventName: 'ObjectCreated:Put',
            s3: {
              bucket: { name: bucket },
              object: {
                // As in a form: what may stand in a key is encoded, and spaces are pluses.
                key: encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/'),
                size: body.length,
                eTag: hash('md5', body),
              },
            },
          },
        ],
      }),
    },
  ],
});
async function arrive(key: string, body: Uint8Array): Promise<unknown> {
  const client = new S3Client({ ...fakeClient(s3.endpoint), forcePathStyle: true });
  await s3Blobs({ client, bucket: 'archive' }).write(key, body);
  client.destroy();
  return toldOf(key, body);
}
/** What was asked of S3 since it was last looked at, and no role would have been given. */
async function refusedTo(role: string): Promise<string[]> {
  const stack = await template();
  const names: Record<string, string> = {
    archive: 'ArchiveBucket',
    site: 'SiteBucket',
    uploads: 'UploadsBucket',
  };
  const asked = s3.actions.splice(0).map(({ action, on }) => ({
    action,
    on: on.replace(/^\w+/, (bucket) => names[bucket] ?? bucket),
  }));
  expect(asked).not.toEqual([]);
  return asked
    .filter(({ action, on }) => !mayOnS3(stack, role, action, on))
    .map(({ action, on }) => `${action} ${on}`);
}
const MINE = writeMidiFile({ title: 'Mine', music: scale(8_000, 250), markers: [] });
const keysOf = (prefix: string) => [...s3.objects.keys()].filter((key) => key.startsWith(prefix)).sort();

test('a file arrives: its key is decoded once, its answer stored; three times the same event is one answer', async () => {
  s3.objects.clear();
  const go = await theFunction('continue');
  const name = 'für + %41 élise.mid';
  const event = await arrive(`prompts/${name}`, MINE);
  s3.actions.length = 0;
  expect(await go.invoke(event)).toEqual({ batchItemFailures: [] });
  expect(await refusedTo('ContinueRole')).toEqual([]);
  const to = `archive/continuations/${name}`;
  expect(keysOf('archive/continuations/')).toEqual([
    `${to}/claims/${hash('sha256', MINE)}-0.5.json`,
    ...['continued.mid', 'continued.musicxml', 'record.json', 'roll.png', 'source.json'].map(
      (file) => `${to}/${file}`,
    ),
  ]);
  const record = JSON.parse(String(s3.objects.get(`${to}/record.json`)?.body));
  expect(record).toMatchObject({ title: 'Mine', verdict: 'accepted', minutes: 0.5, candidates: 8 });
  expect(record.addedNotes).toBeGreaterThan(10);
  expect(record.midiSha256).toBe(hash('sha256', s3.objects.get(`${to}/continued.mid`)!.body));
  expect(s3.objects.get(`${to}/roll.png`)?.headers['content-type']).toBe('image/png');
  expect((await go.memoryMb()) ?? 0).toBeLessThan(MEMORY_MB.continue);

  const stored = new Map(s3.objects);
  const puts = s3.counts.get('PUT');
  expect(await go.invoke(event)).toEqual({ batchItemFailures: [] });
  expect(await go.invoke(event)).toEqual({ batchItemFailures: [] });
  expect([new Map(s3.objects), s3.counts.get('PUT')]).toEqual([stored, puts]);
  expect(go.output().match(/"Continued":1/g)).toHaveLength(1);
});

test('a payload that comes as a string is as one that comes as an object, and the body of a message too', async () => {
  const go = await theFunction('continue');
  const key = 'prompts/für + %41 élise.mid';
  const present = { outcome: 'present', name: 'für + %41 élise.mid' };
  expect(await go.invoke({ key })).toEqual(present);
  expect(await go.invoke(JSON.stringify({ key }))).toEqual(present);
  const { Records } = toldOf(key, MINE);
  const [message] = Records;
  for (const event of [
    { Records: [{ ...message, body: JSON.parse(message!.body) }] },
    JSON.stringify({ Records }),
  ])
    expect(await go.invoke(event)).toEqual({ batchItemFailures: [] });
  await expect(go.invoke('{"key":')).rejects.toThrow('the event is a string that is no JSON');
  const broadcast = await theFunction('broadcast');
  const late = { broadcast: 'now@2026-11-21T00:00:00.000Z', reason: 'help', epoch: 1, part: 1, at: 0 };
  expect(await broadcast.invoke(late)).toEqual({ outcome: 'late' });
  expect(await broadcast.invoke(JSON.stringify(late))).toEqual({ outcome: 'late' });
});

test('a file that is no music says why beside it, and is no work for a network', async () => {
  s3.objects.clear();
  const go = await start('continue', undefined, {});
  const html = new TextEncoder().encode('<!doctype html>');
  const event = await arrive('prompts/page.mid', html);
  s3.actions.length = 0;
  for (let i = 0; i < 3; i++) expect(await go.invoke(event)).toEqual({ batchItemFailures: [] });
  expect(keysOf('archive/')).toEqual(['archive/prompts/page.mid', 'archive/prompts/page.mid.error.json']);
  const { reason, message } = JSON.parse(String(s3.objects.get('archive/prompts/page.mid.error.json')?.body));
  expect([reason, message]).toEqual(['not_midi', expect.stringContaining('page.mid is no music')]);
  expect(go.output().match(/"ContinueRefused":1/g)).toHaveLength(1);
  expect(await refusedTo('ContinueRole')).toEqual([]);
  expect(go.output()).not.toContain('ContinueFailed');
  await go.stop();
});

test('what is no file to go on from is let be: another bucket, another folder, a record, a test of S3', async () => {
  s3.objects.clear();
  const go = await theFunction('continue');
  for (const event of [
    toldOf('prompts/a.mid', MINE, { bucket: 'elsewhere' }),
    toldOf('continuations/a.mid/continued.mid', MINE),
    toldOf('prompts/2026-11-21.json', MINE),
    toldOf('prompts/a.mid.error.json', MINE),
    toldOf('prompts/gone.mid', MINE),
    { Records: [{ messageId: 'm', body: '{"Service":"Amazon S3","Event":"s3:TestEvent"}' }] },
  ])
    expect(await go.invoke(event)).toEqual({ batchItemFailures: [] });
  expect(keysOf('')).toEqual([]);
  await expect(go.invoke({ key: 'performances/2026-11-21.json' })).rejects.toThrow('prompts/');
});

test('an event of a content that was replaced does nothing; the replacement’s own does it', async () => {
  const old = await arrive('prompts/a.mid', MINE);
  const newer = await arrive(
    'prompts/a.mid',
    writeMidiFile({ title: 'Newer', music: scale(6_000, 250), markers: [] }),
  );
  const go = await theFunction('continue');
  expect(await go.invoke(old)).toEqual({ batchItemFailures: [] });
  expect(keysOf('archive/continuations/')).toEqual([]);
  await go.invoke(newer);
  expect(JSON.parse(String(s3.objects.get('archive/continuations/a.mid/record.json')?.body)).title).toBe(
    'Newer',
  );
});

test('what another is at work on comes again', async () => {
  s3.objects.clear();
  const event = await arrive('prompts/a.mid', MINE);
  const until = Date.now() + 60_000;
  const claim = `continuations/a.mid/claims/${hash('sha256', MINE)}-0.5.json`;
  await arrive(claim, new TextEncoder().encode(JSON.stringify({ owner: 'another', until })));
  const go = await theFunction('continue');
  expect(await go.invoke(event)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
  expect(keysOf('archive/continuations/')).toHaveLength(1);
});

test('examples/invoke.ts has the function go on from a file of one’s own, which is stored nowhere', async () => {
  s3.objects.clear();
  const go = await theFunction('continue');
  lambda.answers.set('pianola-test-continue', (event) => go.invoke(event));
  const [mine, out] = [join(directory, 'mine.mid'), join(directory, 'out.mid')];
  await writeFile(mine, MINE);
  const args = ['--import', 'tsx', 'examples/invoke.ts', 'test'];
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'fake',
    AWS_SECRET_ACCESS_KEY: 'fake',
    NODE_OPTIONS: '',
  };
  const { stdout } = await promisify(execFile)(process.execPath, [...args, mine, out], { env });
  expect(JSON.parse(stdout)).toMatchObject({ title: 'Mine', name: 'mine.mid', minutes: 0.5 });
  expect(hash('sha256', await readFile(out))).toBe(JSON.parse(stdout).midiSha256);
  expect(keysOf('')).toEqual([]);
  await writeFile(mine, '<!doctype html>');
  await expect(promisify(execFile)(process.execPath, [...args, mine, out], { env })).rejects.toThrow(
    'mine.mid is no music that can be read',
  );
});

test('music alone tells the queue, two at a time are taken from it, and what fails three times is kept', async () => {
  const stack = await template();
  const told = stack.Resources.ArchiveBucket?.Properties?.NotificationConfiguration.QueueConfigurations as {
    Queue: unknown;
    Filter: { S3Key: { Rules: { Name: string; Value: string }[] } };
  }[];
  const rules = told.map(({ Filter }) =>
    Object.fromEntries(Filter.S3Key.Rules.map(({ Name, Value }) => [Name, Value])),
  );
  expect(new Set(rules.map(({ prefix }) => prefix))).toEqual(new Set(['prompts/']));
  const tells = (key: string) =>
    rules.filter(({ prefix, suffix }) => key.startsWith(prefix!) && key.endsWith(suffix!)).length;
  // Two rules that both fit would be refused by S3.
  expect(['prompts/a.mid', 'prompts/a.MIDI', 'prompts/x/y.kar', 'prompts/a.rmi'].map(tells)).toEqual([
    ...[1, 1, 1, 1],
  ]);
  expect(
    ['prompts/a.mid.error.json', 'prompts/2026-11-21.json', 'continuations/a.mid/continued.mid'].map(tells),
  ).toEqual([0, 0, 0]);
  for (const [name, queue] of [
    ['PromptsToContinue', 'PromptsQueue'],
    ['VisitorsToContinue', 'VisitorsQueue'],
  ] as const)
    expect(stack.Resources[name]?.Properties).toEqual({
      EventSourceArn: { 'Fn::GetAtt': [queue, 'Arn'] },
      FunctionName: { Ref: 'ContinueLambdaFunction' },
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  const queue = stack.Resources.PromptsQueue?.Properties;
  expect(queue?.RedrivePolicy).toEqual({
    deadLetterTargetArn: { 'Fn::GetAtt': ['FunctionDeadLetters', 'Arn'] },
    maxReceiveCount: 3,
  });
  const { Timeout } = stack.Resources.ContinueLambdaFunction?.Properties ?? {};
  expect(queue?.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
  // What it writes can never be what it is told of.
  for (const [on, may] of [
    ['ArchiveBucket/prompts/a.mid', false],
    ['ArchiveBucket/prompts/a.mid.error.json', true],
    ['ArchiveBucket/performances/2026-11-21.json', false],
    ['UploadsBucket/sent/x', false],
    ['UploadsBucket/made/x/look.json', true],
  ] as const)
    expect([on, mayOnS3(stack, 'ContinueRole', 's3:PutObject', on)]).toEqual([on, may]);
});

const OURS = 'https://piano.example';
type Answered = {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  isBase64Encoded: boolean;
};
/** What API Gateway's HTTP API hands on, in its format 2.0. */
async function play(method: string, path: string, body?: object, origin = OURS): Promise<Answered> {
  const event = {
    version: '2.0',
    rawPath: `/play/asked/${path}`,
    headers: { origin, ...(body ? { 'content-type': 'application/json' } : {}) },
    requestContext: { http: { method } },
    ...(body ? { body: JSON.stringify(body) } : {}),
    isBase64Encoded: false,
  };
  return (await (await theFunction('play')).invoke(event)) as Answered;
}
type TicketTold = { id: string; url: string; fields: Record<string, string> };
async function ticketFor(name: string): Promise<TicketTold> {
  const { statusCode, body } = await play('POST', 'ticket', { name, minutes: 0.5 });
  expect(statusCode).toBe(201);
  return JSON.parse(body);
}
/** As a page does. */
async function send({ url, fields }: TicketTold, bytes: Uint8Array, others: object = {}): Promise<Response> {
  const form = new FormData();
  for (const [field, value] of Object.entries({ ...fields, ...others })) form.append(field, String(value));
  form.append('file', new Blob([Uint8Array.from(bytes)]), 'music.mid');
  return fetch(url, { method: 'POST', body: form });
}

test('a visitor’s music goes straight to the bucket, is gone on from, seen, fetched, kept and forgotten', async () => {
  s3.objects.clear();
  s3.actions.length = 0;
  const ticket = await ticketFor('Mine.mid');
  const { id } = ticket;
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  const look = async () => JSON.parse((await play('GET', id)).body);
  expect(await look()).toEqual({ state: 'queued', ahead: 0 });
  const sent = await send(ticket, MINE);
  expect([sent.status, sent.headers.get('access-control-allow-origin')]).toEqual([201, '*']);
  // The form is signed by the function's role, and may do no more than it.
  expect(mayOnS3(await template(), 'PlayRole', 's3:PutObject', `UploadsBucket/${ticket.fields.key}`)).toBe(
    true,
  );
  const told = toldOf(`sent/${id}`, MINE, { bucket: 'uploads' });
  const go = await theFunction('continue');
  expect(await refusedTo('PlayRole')).toEqual([]);
  for (let i = 0; i < 3; i++) expect(await go.invoke(told)).toEqual({ batchItemFailures: [] });
  expect(await refusedTo('ContinueRole')).toEqual([]);
  expect(go.output().match(/"VisitContinued":1/g)).toHaveLength(1);
  expect(go.output()).not.toContain('Mine.mid');
  expect(await look()).toMatchObject({
    state: 'done',
    kept: false,
    record: { title: 'Mine', name: 'Mine.mid' },
  });
  const midi = await play('GET', `${id}/continued.mid`);
  expect(midi).toMatchObject({
    ...{ statusCode: 200, isBase64Encoded: true },
    headers: { 'content-type': 'audio/midi', 'cache-control': 'no-store' },
  });
  expect(hash('sha256', Buffer.from(midi.body, 'base64'))).toBe((await look()).record.midiSha256);
  expect(
    JSON.parse(Buffer.from((await play('GET', `${id}/given.json`)).body, 'base64').toString()).given,
  ).toHaveLength(32);
  expect((await play('PUT', `${id}/kept`)).statusCode).toBe(200);
  expect(await look()).toMatchObject({ state: 'done', kept: true });
  // Nothing of it is anywhere but here, and nobody sees it without its id.
  expect(keysOf('archive/').concat(keysOf('site/'))).toEqual([]);
  expect((await play('GET', 'f'.repeat(32))).statusCode).toBe(404);
  expect((await play('DELETE', id)).statusCode).toBe(204);
  expect(await refusedTo('PlayRole')).toEqual([]);
  expect(keysOf('uploads/')).toEqual([`uploads/claims/${id}.json`]);
  expect((await play('GET', id)).statusCode).toBe(404);
});

test('the bucket itself refuses what the ticket is not for: too much, another place, another kind, another signature', async () => {
  s3.objects.clear();
  const ticket = await ticketFor('a.mid');
  const codeOf = async (response: Response) => [
    response.status,
    /<Code>(.*?)</.exec(await response.text())?.[1],
  ];
  expect(await codeOf(await send(ticket, new Uint8Array(1_000_001)))).toEqual([400, 'EntityTooLarge']);
  expect(await codeOf(await send(ticket, new Uint8Array(0)))).toEqual([400, 'EntityTooSmall']);
  for (const others of [
    { key: 'made/x/look.json' },
    { 'Content-Type': 'text/html' },
    { 'x-amz-meta-more': '1' },
    { success_action_status: '200' },
  ])
    expect(await codeOf(await send(ticket, MINE, others))).toEqual([403, 'AccessDenied']);
  const wide = Buffer.from('{"expiration":"2999-01-01T00:00:00Z","conditions":[]}').toString('base64');
  expect(await codeOf(await send(ticket, MINE, { Policy: wide }))).toEqual([403, 'SignatureDoesNotMatch']);
  expect(keysOf('uploads/sent/')).toEqual([]);
  expect((await send(ticket, new Uint8Array(1_000_000))).status).toBe(201);
});

test('an HTML file that is named .mid is told of in words; pages of others, and forms, cannot ask', async () => {
  s3.objects.clear();
  const ticket = await ticketFor('song.mid');
  const html = new TextEncoder().encode('<!doctype html>');
  await send(ticket, html);
  const go = await theFunction('continue');
  await go.invoke(toldOf(`sent/${ticket.id}`, html, { bucket: 'uploads', id: 'message-2' }));
  const { state, message } = JSON.parse((await play('GET', ticket.id)).body);
  expect([state, message]).toEqual([
    'refused',
    expect.stringContaining('song.mid is no music that can be read'),
  ]);
  const before = s3.objects.size;
  for (const origin of ['https://evil.example', ''])
    expect((await play('POST', 'ticket', { name: 'a' }, origin)).statusCode).toBe(403);
  expect((await play('DELETE', ticket.id, undefined, 'https://evil.example')).statusCode).toBe(403);
  expect((await play('POST', 'ticket')).statusCode).toBe(415);
  expect(s3.objects.size).toBe(before);
});

test('of twenty who come at once all are given a ticket; the twenty-fifth is asked to come again', async () => {
  s3.objects.clear();
  for (let i = 0; i < 24; i++) await ticketFor(`${i}.mid`);
  const { statusCode, headers, body } = await play('POST', 'ticket', { name: 'late.mid' });
  expect([statusCode, headers['retry-after'], JSON.parse(body).reason]).toEqual([503, '60', 'busy']);
});

test('visitors are off unless a parameter says otherwise, and nothing of theirs is made where they are', async () => {
  const stack = await template();
  expect(stack.Parameters?.Visitors).toMatchObject({ Default: 'off', AllowedValues: ['on', 'off'] });
  const theirs = Object.entries(stack.Resources).filter(([name]) =>
    /^(Play|Visitors|Uploads|ContinueForVisitors)/.test(name),
  );
  expect(theirs.length).toBeGreaterThan(15);
  expect(theirs.filter(([, { Condition }]) => Condition !== 'VisitorsAreOn').map(([name]) => name)).toEqual(
    [],
  );
  const uploads = stack.Resources.UploadsBucket?.Properties;
  // All that is written expires, but what somebody asked to keep.
  const rules = uploads?.LifecycleConfiguration.Rules as { Prefix?: string; ExpirationInDays?: number }[];
  expect(rules.flatMap(({ Prefix, ExpirationInDays }) => (ExpirationInDays === 1 ? [Prefix] : []))).toEqual([
    ...['asked/', 'waiting/', 'sent/', 'made/', 'claims/'],
  ]);
  expect(uploads?.VersioningConfiguration).toBeUndefined();
  expect(uploads?.PublicAccessBlockConfiguration).toEqual({
    ...{
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  });
  const { RouteSettings } = stack.Resources.PlayStage?.Properties ?? {};
  expect(RouteSettings).toEqual({
    'POST /play/asked/ticket': { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 24 },
  });
  const policyOf = (name: string) =>
    JSON.stringify(
      stack.Resources[name]?.Properties?.ResponseHeadersPolicyConfig.SecurityHeadersConfig
        .ContentSecurityPolicy,
    );
  // The page may send to the bucket, and is as the others in all else.
  expect(policyOf('PlayHeaders')).toContain('{UploadsBucket.RegionalDomainName};');
  expect(
    JSON.parse(policyOf('PlayHeaders')).ContentSecurityPolicy['Fn::Sub'].replace(/ https:\S+(?=;)/, ''),
  ).toBe(JSON.parse(policyOf('SiteHeaders')).ContentSecurityPolicy);
});

test('connect admits pages of ours, and nobody else', async () => {
  const connect = await theFunction('connect');
  const from = (origin?: string, key = 'a-key') =>
    connect.invoke({
      ...socketEvent('a=', '$connect'),
      headers: { 'x-pianola-door': key, ...(origin === undefined ? {} : { Origin: origin }) },
    });
  expect(await from('https://piano.example')).toEqual({ statusCode: 200 });
  expect(await from('http://localhost:8080')).toEqual({ statusCode: 200 });
  for (const origin of ['https://evil.example', 'null', undefined, 'https://piano.example.evil']) {
    expect(await from(origin)).toEqual({ statusCode: 403 });
  }
  expect(await from('https://piano.example', 'another')).toEqual({ statusCode: 403 });
  expect(await connect.invoke({ warm: true })).toEqual({ statusCode: 200 });
});

test('a listener joins, is pinged, hears the broadcast to its end, and leaves', async () => {
  s3.objects.clear();
  await (await theFunction('compose')).invoke({});
  const message = await theFunction('message');
  const say = async (body: object) =>
    (await message.invoke(socketEvent('listener=', 'join', body))) as { statusCode: number; body: string };
  gateway.received.set('listener=', []);
  expect(JSON.parse((await say({ action: 'join' })).body)).toMatchObject({
    type: 'hello',
    state: 'scheduled',
  });
  expect(JSON.parse((await say({ action: 'ping', id: 7 })).body)).toMatchObject({ type: 'pong', id: 7 });

  const record = JSON.parse(String(s3.objects.get(`archive/performances/${composed}.json`)?.body));
  // The last three seconds of it, so that the test need not listen for long.
  const startsAt = Date.now() - record.durationMs + 3_000;
  const id = `now@${new Date(startsAt).toISOString()}`;
  const broadcasts = dynamoBroadcasts({ client: dynamo.client, table: 'BroadcastsTable' });
  await broadcasts.schedule({ id, startsAt, wanted: composed, next: null });
  const broadcast = await theFunction('broadcast');
  expect(await broadcast.invoke({ broadcast: id, reason: 'doors' }, { requestId: 'first' })).toEqual({
    outcome: 'ended',
  });
  // The same event again, twice, finds it over.
  expect(await broadcast.invoke({ broadcast: id, reason: 'doors' }, { requestId: 'first' })).toEqual({
    outcome: 'ended',
  });
  expect(await broadcast.invoke({ broadcast: id, reason: 'check' }, { requestId: 'other' })).toEqual({
    outcome: 'ended',
  });

  const frames = gateway.received.get('listener=')!.map((text) => parseFrame(text)!);
  const types = frames.map(({ type }) => type);
  expect(types.filter((type) => type === 'chunk').length).toBeGreaterThan(0);
  expect(types.slice(-2)).toEqual(['end', 'hello']);
  expect(types.filter((type) => type === 'end')).toHaveLength(1);
  expect(frames.at(-1)).toMatchObject({ type: 'hello', state: 'ended', performance: composed });
  expect(s3.objects.has(`site/${composed}/performance.mid`)).toBe(true);
  expect([...s3.objects.keys()]).toEqual(
    expect.arrayContaining(['site/index.json', 'site/feed.xml', `archive/broadcasts/${id}.json`]),
  );
  expect(lambda.invoked.filter(({ event }) => (event as { warm?: boolean }).warm)).toHaveLength(6);
  expect(broadcast.output()).toMatch(/"Posts":\d/);
  expect(broadcast.output()).not.toContain('listener=');

  // Their hole in its margin, once; by the hour it is printed.
  const punched = async () => JSON.parse((await say({ action: 'punch', broadcast: id })).body);
  const answer = { type: 'margin', broadcast: id, holes: 1 };
  expect(await punched()).toEqual({ ...answer, outcome: 'punched' });
  expect(await punched()).toEqual({ ...answer, outcome: 'again' });
  await (await theFunction('compose')).invoke({});
  expect(String(s3.objects.get(`site/${composed}/index.html`)?.body)).toContain('1 hole in the margin');

  await (await theFunction('disconnect')).invoke(socketEvent('listener=', '$disconnect'));
  for (const name of ['message', 'broadcast', 'disconnect', 'connect'] as const) {
    expect((await running.get(name)?.memoryMb()) ?? 0).toBeLessThan(MEMORY_MB[name]);
  }
});

test('a crowd is shared with a helper, which is a function of its own', async () => {
  const connections = dynamoConnections({
    ...{ client: dynamo.client, table: 'ConnectionsTable', shards: 16, clock: systemClock },
  });
  const names = Array.from({ length: 12 }, (_, i) => `crowd ${i}=`);
  for (const name of names) {
    gateway.received.set(name, []);
    await connections.add(name);
  }
  const record = JSON.parse(String(s3.objects.get(`archive/performances/${composed}.json`)?.body));
  const startsAt = Date.now() - record.durationMs + 9_000;
  const id = `now@${new Date(startsAt).toISOString()}`;
  const broadcasts = dynamoBroadcasts({ client: dynamo.client, table: 'BroadcastsTable' });
  await broadcasts.schedule({ id, startsAt, wanted: composed, next: null });
  const few = { LISTENERS_EACH: '6' };
  const [owner, helper] = [
    await start('broadcast', undefined, few),
    await start('broadcast', undefined, few),
  ];
  lambda.invoked.length = 0;
  const playing = owner.invoke({ broadcast: id, reason: 'doors' }, { requestId: 'owner' });
  const woken = () => lambda.invoked.filter(({ event }) => (event as { reason?: string }).reason === 'help');
  while (woken().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  const [{ name, type, event } = { name: '', type: '', event: {} }] = woken();
  expect({ name, type, event }).toEqual({
    name: 'pianola-test-broadcast',
    type: 'Event',
    event: { broadcast: id, reason: 'help', epoch: 1, part: 1, at: expect.any(Number) },
  });
  expect(await helper.invoke(event, { requestId: 'helper' })).toEqual({ outcome: 'ended' });
  expect(await playing).toEqual({ outcome: 'ended' });
  for (const listener of names) {
    const types = gateway.received.get(listener)!.map((text) => parseFrame(text)!.type);
    expect([listener, types.filter((each) => each === 'chunk').length > 0, types.at(-1)]).toEqual([
      ...[listener, true, 'hello'],
    ]);
    expect(types).toContain('end');
  }
  // Both have posted, and counted what they posted.
  for (const one of [owner, helper]) expect(one.output()).toMatch(/"Posts":[1-9]/);
  await Promise.all([owner.stop(), helper.stop()]);
});

test('a binary message is no request, and what a listener says of itself is not believed', async () => {
  const message = await theFunction('message');
  const binary = {
    ...socketEvent('binary=', '$default'),
    body: Buffer.from('{"action":"join"}').toString('base64'),
    isBase64Encoded: true,
  };
  expect(JSON.parse(((await message.invoke(binary)) as { body: string }).body)).toMatchObject({
    type: 'error',
  });
  const sly = {
    action: 'join',
    connectionId: 'victim=',
    expiresAt: 9e12,
    shard: 3,
    __proto__: { role: 'owner' },
  };
  await message.invoke(socketEvent('sly=', 'join', sly));
  const { Items = [] } = await dynamo.client.send(new ScanCommand({ TableName: 'ConnectionsTable' }));
  const joined = Items.map((item) => unmarshall(item)).filter(({ badAt }) => !badAt);
  const ids = joined.map(({ connectionId }) => connectionId);
  expect(ids).toContain('sly=');
  expect(ids).not.toContain('victim=');
  expect(ids).not.toContain('binary=');
  const row = joined.find(({ connectionId }) => connectionId === 'sly=')!;
  expect(Object.keys(row).sort()).toEqual(['connectionId', 'expiresAt', 'shard']);
  expect(row.expiresAt).toBeLessThanOrEqual(Date.now() / 1000 + 7_200);
  // What is no request ends as an error, never as faults of the function.
  const bad = ['', '{', 'null', '[]', '7', '"join"', '{"action":"join"', '\u0000', 'x'.repeat(32_000)];
  for (const [i, body] of bad.entries()) {
    const answer = await message.invoke({ ...socketEvent(`bad ${i}=`, '$default'), body });
    expect(JSON.parse((answer as { body: string }).body)).toMatchObject({
      type: 'error',
      code: 'bad_request',
    });
  }
});

test('a flood of valid pings ends its connection, one after the other, and whoever joins in between is answered', async () => {
  const message = await theFunction('message');
  for (const name of ['flood 1=', 'flood 2=', 'flood 3=']) {
    gateway.received.set(name, []);
    let pongs = 0;
    // Whoever was hung up on reaches the function no more.
    for (let id = 0; id < 200 && gateway.received.has(name); id++) {
      const answer = await message.invoke(socketEvent(name, 'ping', { action: 'ping', id }));
      if ((answer as { body?: string }).body !== undefined) pongs++;
    }
    // Forty in ten seconds; twice that where the ten seconds end in the middle of them.
    expect([name, gateway.received.has(name), pongs >= 40, pongs <= 80]).toEqual([name, false, true, true]);
    const joined = await message.invoke(socketEvent(`after ${name}`, 'join', { action: 'join' }));
    expect(JSON.parse((joined as { body: string }).body)).toMatchObject({ type: 'hello' });
  }
});

test('the fifth bad message ends the connection', async () => {
  const message = await theFunction('message');
  gateway.received.set('rude=', []);
  const bad = () =>
    message.invoke(socketEvent('rude=', '$default', { action: 'play' })) as Promise<{ body?: string }>;
  for (let i = 0; i < 4; i++) expect(JSON.parse((await bad()).body!)).toMatchObject({ type: 'error' });
  await bad();
  expect(gateway.received.has('rude=')).toBe(false);
});

broadcasterTwice(() => artefact('broadcast'));
