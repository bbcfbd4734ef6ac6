/** What is made once a second is signed as the SDK's own signer signs each request. */
import { expect, test } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import type { Credentials } from '../../../../src/adapters/aws/credentials.ts';
import { written } from '../../../../src/adapters/aws/gateway/http1.ts';
import { type Method, NOTHING, requests } from '../../../../src/adapters/aws/gateway/signed-request.ts';
import { Sha256 } from '../../../../src/adapters/aws/sha256.ts';
import { verdictOn } from '../../../fakes/signature.ts';

const REGION = 'eu-central-1';
/** 2026-11-21 23:59:58 UTC */
const NOW = 1_795_305_598_000;
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

/** What was sent, as a server sees it. */
function parsed(text: string) {
  const end = text.indexOf('\r\n\r\n');
  const [first, ...lines] = text.slice(0, end).split('\r\n');
  const [method, path, version] = first!.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(': ') + 2)]),
  );
  return { method, path, version, headers, body: Buffer.from(text.slice(end + 4), 'latin1') };
}

async function bySdk(sent: ReturnType<typeof parsed>, keys: Credentials, at: number): Promise<string> {
  const { authorization: _, 'content-length': __, ...headers } = sent.headers as Record<string, string>;
  const signature = new SignatureV4({
    ...{ service: 'execute-api', region: REGION, credentials: keys, sha256: Sha256, applyChecksum: false },
  });
  const { host, 'x-amz-content-sha256': sha256 } = headers;
  const request = {
    ...{ method: sent.method!, protocol: 'https:', hostname: host!, path: sent.path!, query: {} },
    headers: { host: host!, 'x-amz-content-sha256': sha256! },
  };
  return (await signature.sign(request, { signingDate: new Date(at) })).headers.authorization!;
}

const word = (characters: string, least: number, most: number) =>
  fc
    .array(fc.constantFrom(...characters), { minLength: least, maxLength: most })
    .map((them) => them.join(''));
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=';
const anId = fc.oneof(
  word(BASE64, 1, 24),
  fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).filter((id) => !/^\.{1,2}$/.test(id)),
);
const someKeys: fc.Arbitrary<Credentials> = fc.record(
  {
    accessKeyId: word('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16, 20),
    secretAccessKey: word(BASE64, 20, 40),
    sessionToken: word(BASE64, 1, 900),
  },
  { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
);

test('whatever the connection, frame, key, stage and time: as the SDK signs it, and as the receiving end verifies it', async () => {
  await fc.assert(
    fc.asyncProperty(
      someKeys,
      fc.constantFrom('', '/', '/prod', '/a stage/@b'),
      fc.array(
        fc.record({
          id: anId,
          frame: fc.oneof(fc.constant(null), fc.string({ unit: 'grapheme', maxLength: 40 })),
          // Within some seconds of midnight.
          aheadMs: fc.integer({ min: 0, max: 5_000 }),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      async (keys, stage, posts) => {
        const endpoint = `https://abc.execute-api.${REGION}.amazonaws.com${stage}`;
        const ours = requests({ endpoint, region: async () => REGION, credentials: async () => keys });
        for (const { id, frame, aheadMs } of posts) {
          const method: Method = frame === null ? 'DELETE' : 'POST';
          const body = frame === null ? NOTHING : ours.body(frame);
          const { request, keys: used } = await ours.signed(method, id, body, NOW + aheadMs);
          const sent = parsed(written(request));
          expect(used).toBe(keys);
          expect(sent.version).toBe('HTTP/1.1');
          expect(sent.method).toBe(method);
          expect(decodeURIComponent(sent.path!.slice(sent.path!.lastIndexOf('/') + 1))).toBe(id);
          expect(sent.body.toString()).toBe(frame ?? '');
          expect(sent.headers['content-length']).toBe(String(sent.body.length));
          expect(sent.headers.authorization).toBe(await bySdk(sent, keys, NOW + aheadMs));
          const signed = { ...sent, method, path: sent.path! };
          expect(verdictOn(signed, keys, NOW + aheadMs)).toBe('valid');
        }
      },
    ),
    { numRuns: 60, seed: 20261129 },
  );
});

test('of each second all but the connection and the frame is made once, and the key once a day', async () => {
  let asked = 0;
  let keys: Credentials = { accessKeyId: 'AKID', secretAccessKey: SECRET };
  const ours = requests({
    endpoint: 'https://abc.execute-api.eu-central-1.amazonaws.com/prod',
    region: async () => {
      asked++;
      return REGION;
    },
    credentials: async () => keys,
  });
  const sent = async (at: number) =>
    parsed(written((await ours.signed('POST', 'a=', ours.body('x'), at)).request));
  const first = await sent(NOW);
  expect(await sent(NOW + 999)).toEqual(first);
  expect((await sent(NOW + 1_000)).headers['x-amz-date']).toBe('20261121T235959Z');
  expect((await sent(NOW + 2_000)).headers.authorization).toMatch(
    /Credential=AKID\/20261122\/eu-central-1\//,
  );
  expect(asked).toBe(1);
  // As a provider does that makes its answer anew each time, and then has another.
  keys = { ...keys };
  expect(await sent(NOW)).toEqual(first);
  keys = { ...keys, secretAccessKey: 'another' };
  expect((await sent(NOW)).headers.authorization).not.toBe(first.headers.authorization);
});

test('credentials that would write a header of their own are refused before anything is sent', async () => {
  for (const sessionToken of ['a\r\nx-amz-acl: all', 'a\nb', 'ü', 'a  b', ' a']) {
    const ours = requests({
      endpoint: 'https://abc.execute-api.eu-central-1.amazonaws.com/prod',
      region: async () => REGION,
      credentials: async () => ({ accessKeyId: 'AKID', secretAccessKey: SECRET, sessionToken }),
    });
    await expect(ours.signed('POST', 'a', ours.body('x'), NOW)).rejects.toThrow(/that no header may have/);
  }
});
