/** Signed as the receiving end wants it, and refused in its words. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signedGet } from '../../../src/adapters/aws/signed-get.ts';
import { listenOn } from '../../../src/adapters/net/listen-on.ts';
import { verdictOn } from '../../fakes/signature.ts';

const KEYS = { accessKeyId: 'AKIA', secretAccessKey: 'secret', sessionToken: 'token' };
let server: Server;
let origin: string;
const seen: IncomingMessage[] = [];
let answer: [number, Record<string, string>, string];
beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request);
    response.writeHead(answer[0], answer[1]).end(answer[2]);
  });
  origin = `http://127.0.0.1:${await listenOn(server, 0, '127.0.0.1')}`;
});
afterAll(() => void server.close());

const ask = signedGet({
  region: async () => 'eu-central-1',
  credentials: async () => KEYS,
  now: Date.now,
});
const scopeOf = ({ headers }: IncomingMessage) =>
  /Credential=AKIA\/\d{8}\/([^,]+)\//.exec(headers.authorization!)![1];

test('a request is signed for its service and Region, and CloudFront’s for the first Region', async () => {
  answer = [200, {}, '{"cloudwatchRoleArn":"x"}'];
  expect(await ask('apigateway', origin, '/account')).toBe('{"cloudwatchRoleArn":"x"}');
  await ask('cloudfront', origin, '/2020-05-31/distribution');
  expect(seen.map(scopeOf)).toEqual(['eu-central-1/apigateway', 'us-east-1/cloudfront']);
  const verdicts = seen.map(({ headers, url }, i) => {
    const request = { method: 'GET', path: url!, headers, body: Buffer.alloc(0) };
    return verdictOn(request, KEYS, Date.now(), ['apigateway', 'cloudfront'][i]);
  });
  expect(verdicts).toEqual(['valid', 'valid']);
});

test.each([
  [403, { 'x-amzn-errortype': 'AccessDeniedException:http://x' }, '{}', 'AccessDeniedException'],
  [403, {}, '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>', 'AccessDenied'],
  [500, {}, 'x', 'Error'],
])('a refusal of %i is an error by the name that AWS gives it', async (status, headers, body, name) => {
  answer = [status, headers as Record<string, string>, body];
  await expect(ask('apigateway', origin, '/account')).rejects.toMatchObject({
    name,
    message: `apigateway answered ${status}: ${body}`,
  });
});
