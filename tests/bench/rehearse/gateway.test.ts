// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes its variables so.
import { afterEach, expect, test } from '@jest/globals';
import WebSocket from 'ws';
import { frameSizes } from '../../../bench/rehearse/gateway/frames.ts';
import { type Gateway, gateway } from '../../../bench/rehearse/gateway/gateway.ts';
import { LIMITS } from '../../../bench/rehearse/gateway/limits.ts';
import { throttle } from '../../../bench/rehearse/gateway/throttle.ts';
import type { Answer, Functions } from '../../../bench/rehearse/lambda.ts';
import { ledger } from '../../../bench/rehearse/ledger.ts';
import { joins } from '../../../bench/rehearse/listening.ts';
import { type RawTemplate, resolveStack } from '../../../bench/rehearse/template.ts';
import { takenFrom, withoutOf } from '../../../bench/rehearse/without.ts';

const route = (RouteKey: string) => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: {
    ...{ ApiId: { Ref: 'Api' }, RouteKey, Target: { 'Fn::Sub': 'integrations/${Integration}' } },
    ...(RouteKey.startsWith('$connect') ? {} : { RouteResponseSelectionExpression: '$default' }),
  },
});
const response = (RouteId: string) => ({
  Type: 'AWS::ApiGatewayV2::RouteResponse',
  Properties: { ApiId: { Ref: 'Api' }, RouteId: { Ref: RouteId }, RouteResponseKey: '$default' },
});
const TEMPLATE: RawTemplate = {
  Resources: {
    Api: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: { ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' },
    },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: {
        ApiId: { Ref: 'Api' },
        StageName: 'dev',
        DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 100 },
        RouteSettings: { ping: { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 2 } },
      },
    },
    Answer: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'answer' } },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationUri: {
          'Fn::Sub': 'arn:aws:apigateway:eu:lambda:path/functions/${Answer.Arn}/invocations',
        },
      },
    },
    Connect: route('$connect'),
    Join: route('join'),
    Ping: route('ping'),
    JoinResponse: response('Join'),
    PingResponse: response('Ping'),
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { Ref: 'Answer' },
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        SourceArn: { 'Fn::Sub': 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/dev/*' },
      },
    },
  },
};

let running: Gateway | null = null;
afterEach(() => running?.close());
type Event = {
  readonly requestContext: { readonly routeKey: string };
  readonly headers?: Record<string, string>;
};

/** A stage whose function admits everybody with the right Origin, and says what it was asked. */
async function open(without?: string, isCrowdedOut = (_route: string, _before: number) => false) {
  const stack = resolveStack(takenFrom(TEMPLATE, withoutOf(without)), {
    region: 'eu',
    account: '1',
    stackName: 'test',
  });
  const invoke = async (_name: string, event: unknown): Promise<Answer> => {
    const { requestContext, headers } = event as Event;
    if (requestContext.routeKey === '$connect')
      return { ok: true, payload: { statusCode: headers?.origin === 'https://ours' ? 200 : 403 } };
    return { ok: true, payload: { statusCode: 200, body: `answer to ${requestContext.routeKey}` } };
  };
  const functions = () => ({ invoke }) as unknown as Functions;
  const book = ledger(stack);
  running = await gateway(stack, book, { limits: LIMITS, now: () => 1_000, isCrowdedOut, functions });
  return { ...running, book };
}
const dial = ({ port, domainName }: Gateway, origin = 'https://ours') =>
  new WebSocket(`ws://127.0.0.1:${port}/dev`, { origin, headers: { host: domainName } });
const opened = (socket: WebSocket) =>
  new Promise<number>((resolve) => {
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode ?? 0));
  });
const heard = (socket: WebSocket) =>
  new Promise<string>((resolve) => socket.once('message', (data) => resolve(String(data))));
const ask = (socket: WebSocket, text: string) => {
  const answer = heard(socket);
  socket.send(text);
  return answer;
};

test('a handshake is let in by the function behind $connect, which sees its headers', async () => {
  const stage = await open();
  expect(await opened(dial(stage))).toBe(101);
  expect(await opened(dial(stage, 'https://elsewhere'))).toBe(403);
  expect([...stage.connections.all.keys()]).toEqual([expect.stringMatching(/^[\w-]+=$/)]);
});

test('a route answers where it has a response, and is silent where it has none', async () => {
  const socket = dial(await open());
  await opened(socket);
  expect(await ask(socket, '{"action":"join"}')).toBe('answer to join');
  await running?.close();
  const poorer = dial(await open('JoinResponse'));
  await opened(poorer);
  poorer.send('{"action":"join"}');
  expect(await ask(poorer, '{"action":"ping"}')).toBe('answer to ping');
});

test('a route of its own rate is refused beyond it, in the words of the gateway, and others are not', async () => {
  const stage = await open();
  const socket = dial(stage);
  await opened(socket);
  const [id] = stage.connections.all.keys();
  for (let i = 0; i < 2; i++) expect(await ask(socket, '{"action":"ping"}')).toBe('answer to ping');
  expect(JSON.parse(await ask(socket, '{"action":"ping"}'))).toEqual({
    ...{ message: 'Too Many Requests', connectionId: id },
    requestId: expect.stringMatching(/^[\da-f-]{36}$/),
  });
  expect(await ask(socket, '{"action":"join"}')).toBe('answer to join');
  // It goes on: nothing but an answer was refused.
  expect(socket.readyState).toBe(WebSocket.OPEN);
});

test('without the permission the function is not called, and the call is in the books', async () => {
  const stage = await open('Permission');
  expect(await opened(dial(stage))).toBe(500);
  const [{ by, action, refused } = {}] = stage.book.entries();
  expect([by, action, refused]).toEqual(['apigateway.amazonaws.com', 'lambda:InvokeFunction', 1]);
});

test('what leads to no route is forbidden; what a crowd keeps out is refused', async () => {
  const socket = dial(await open(undefined, (name, before) => name === 'join' && before === 0));
  await opened(socket);
  for (const text of ['{"action":"play"}', 'null', '{', '{"action":"$connect"}'])
    expect(JSON.parse(await ask(socket, text))).toMatchObject({ message: 'Forbidden' });
  expect(JSON.parse(await ask(socket, '{"action":"join"}'))).toMatchObject({ message: 'Too Many Requests' });
  expect(await ask(socket, '{"action":"join"}')).toBe('answer to join');
});

test.each([
  ['32 KB in one frame', [LIMITS.frameBytes], 'answer'],
  ['a byte more', [LIMITS.frameBytes + 1], 1009],
  ['128 KB in frames of 32', [0, 0, 0, 0].map(() => LIMITS.frameBytes), 'answer'],
  ['a byte more than 128 KB', [...[0, 0, 0, 0].map(() => LIMITS.frameBytes), 1], 1009],
] as const)('%s', async (_what, frames, expected) => {
  const socket = dial(await open());
  await opened(socket);
  const ended = new Promise((resolve) => socket.once('close', resolve));
  const answered = heard(socket).then(() => 'answer');
  frames.forEach((bytes, i) => {
    socket.send('x'.repeat(bytes), { fin: i === frames.length - 1 });
  });
  expect(await Promise.race([ended, answered])).toBe(expected);
});

test('frames are told apart in pieces of any size', () => {
  const sizes: number[] = [];
  const take = frameSizes((bytes) => sizes.push(bytes));
  const mask = [0, 0, 0, 0];
  const frames = Buffer.concat([
    Buffer.from([0x81, 0x83, ...mask, 1, 2, 3]),
    Buffer.from([0x81, 0xfe, 0x01, 0x00, ...mask]),
    Buffer.alloc(256),
    Buffer.from([0x89, 0x80, ...mask]),
  ]);
  for (const byte of frames) take(Buffer.from([byte]));
  take(frames);
  expect(sizes).toEqual([3, 256, 0, 3, 256, 0]);
});

test('a bucket of tokens holds so many, and is filled at its rate', () => {
  let now = 0;
  const tokens = throttle(2, 3, () => now);
  expect([1, 2, 3, 4].map(() => tokens.take())).toEqual([true, true, true, false]);
  now = 499;
  expect(tokens.take()).toBe(false);
  now = 500;
  expect([tokens.take(), tokens.take()]).toEqual([true, false]);
});

test('where its retry is taken away the first question of a page leaves it, and pings do', () => {
  const once = joins(false);
  const asked = ['join', 'ping', 'join', 'resume', 'ping'].map((action) => once(`{"action":"${action}"}`));
  expect(asked).toEqual([true, true, false, false, true]);
  expect(['join', 'join'].map((action) => joins(true)(`{"action":"${action}"}`))).toEqual([true, true]);
});
