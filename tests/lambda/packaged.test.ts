import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dynamoBroadcasts } from '../../src/adapters/aws/dynamodb-broadcasts.ts';
import { dynamoConnections } from '../../src/adapters/aws/dynamodb-connections.ts';
import { s3Blobs } from '../../src/adapters/aws/s3-blobs.ts';
import { pageServer } from '../../src/adapters/net/http.ts';
import { listenOn } from '../../src/adapters/net/listen-on.ts';
import { prompts } from '../../src/adapters/stores/prompts.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import { parseFrame } from '../../src/wire.ts';
import { type FakeDynamo, fakeDynamo } from '../fakes/dynamodb.ts';
import { type FakeGateway, fakeGateway } from '../fakes/gateway.ts';
import { fakeClient } from '../fakes/http.ts';
import { type FakeLambda, fakeLambda } from '../fakes/lambda.ts';
import { type FakeS3, fakeS3 } from '../fakes/s3.ts';
import { type FakeScheduler, fakeScheduler } from '../fakes/scheduler.ts';
import { scale } from '../support/music.ts';
import { type RunningFunction, startFunction } from './function.ts';
import { actionsOf, ofType, statementsOf, type Template, tooWide } from './policies.ts';
import { readZip } from './unzip.ts';

/**
 * What is deployed is what was tested: the packaged artefacts, each alone, run as Lambda would run them. They are
 * packaged for this machine's architecture; the one for arm64 differs in the runtime library only.
 */
const HERE = process.arch === 'arm64' ? 'arm64' : 'x86_64';
const FUNCTIONS = ['compose', 'broadcast', 'connect', 'disconnect', 'message'] as const;
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

async function packageFor(architecture: string): Promise<void> {
  const serverless = join('node_modules', 'serverless', 'bin', 'serverless.js');
  const args = [serverless, 'package', `--param=architecture=${architecture}`];
  await promisify(execFile)(process.execPath, [...args, '--package', join(directory, architecture)], {
    env: { ...process.env, SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off' },
  });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-package-'));
  home = await mkdtemp(join(tmpdir(), 'pianola-home-'));
  await chmod(home, 0o777);
  // One after the other: the packager uses one build folder.
  await packageFor(HERE);
  if (HERE !== 'arm64') await packageFor('arm64');
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

const twelveHoursFromNow = () => new Date(Date.now() + 12 * 3_600_000).toISOString().slice(11, 16);

const environment = (): Record<string, string> => ({
  AWS_ENDPOINT_URL_S3: s3.endpoint,
  AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
  AWS_ENDPOINT_URL_SCHEDULER: scheduler.endpoint,
  AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint,
  GATEWAY_ENDPOINT: `${gateway.endpoint}/test`,
  CONNECTIONS_TABLE: 'ConnectionsTable',
  BROADCASTS_TABLE: 'BroadcastsTable',
  WINDOWS_TABLE: 'WindowsTable',
  CONNECTION_SHARDS: '16',
  DAILY_TIME: twelveHoursFromNow(),
  TIME_ZONE: 'UTC',
  ARCHIVE_BUCKET: 'archive',
  SITE_BUCKET: 'site',
  SITE_URL: 'https://piano.example',
  MINUTES: '0.5',
  POSTS_PER_SECOND: '2000',
  LISTENERS_EACH: '2500',
  BROADCAST_FUNCTION: 'pianola-test-broadcast',
  BROADCAST_FUNCTION_ARN: 'arn:aws:lambda:eu-central-1:1:function:pianola-test-broadcast',
  CONNECT_FUNCTION: 'pianola-test-connect',
  MESSAGE_FUNCTION: 'pianola-test-message',
  SCHEDULE_GROUP: 'pianola-test',
  SCHEDULE_ROLE_ARN: 'arn:aws:iam::1:role/timer',
  TIMER_DEAD_LETTER_ARN: 'arn:aws:sqs:eu-central-1:1:dead',
  HOME: home,
  ALLOWED_ORIGINS: 'https://piano.example http://localhost:8080',
});
const MEMORY_MB: Record<Name, number> = {
  compose: 1792,
  broadcast: 512,
  connect: 256,
  disconnect: 256,
  message: 512,
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

test('only compose carries the model and the runtime library, for one platform', async () => {
  for (const name of FUNCTIONS) {
    const names = [...(await artefact(name, 'arm64')).keys()];
    const carried = names.filter((path) => /\.(onnx|node)$|\.so(\.|$)/.test(path)).sort();
    if (name !== 'compose') {
      const own = names.filter((path) => !ENGRAVER.includes(path));
      expect(own).toEqual([`${moduleOf(name)}.js`]);
      expect(names.length - own.length).toBe(name === 'broadcast' ? ENGRAVER.length : 0);
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
  for (const [, { Properties }] of ofType(stack, 'AWS::Lambda::EventInvokeConfig')) {
    expect(Properties).toMatchObject({ MaximumRetryAttempts: 2 });
    // Three attempts of 15 minutes, and the minutes between.
    expect(Properties?.MaximumEventAgeInSeconds).toBeGreaterThanOrEqual(3 * 900 + 180);
  }
  expect(ofType(stack, 'AWS::Lambda::EventInvokeConfig')).toHaveLength(2);
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

test('connect admits pages of ours, and nobody else', async () => {
  const connect = await theFunction('connect');
  const from = (origin?: string) =>
    connect.invoke({
      ...socketEvent('a=', '$connect'),
      headers: origin === undefined ? {} : { Origin: origin },
    });
  expect(await from('https://piano.example')).toEqual({ statusCode: 200 });
  expect(await from('http://localhost:8080')).toEqual({ statusCode: 200 });
  for (const origin of ['https://evil.example', 'null', undefined, 'https://piano.example.evil']) {
    expect(await from(origin)).toEqual({ statusCode: 403 });
  }
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

test('the fifth bad message ends the connection', async () => {
  const message = await theFunction('message');
  gateway.received.set('rude=', []);
  const bad = () =>
    message.invoke(socketEvent('rude=', '$default', { action: 'play' })) as Promise<{ body?: string }>;
  for (let i = 0; i < 4; i++) expect(JSON.parse((await bad()).body!)).toMatchObject({ type: 'error' });
  await bad();
  expect(gateway.received.has('rude=')).toBe(false);
});
