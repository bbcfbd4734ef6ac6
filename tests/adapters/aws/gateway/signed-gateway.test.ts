/** What can be wrong with a signature, and how often a gateway is asked for it. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Gateway } from '../../../../src/adapters/aws/gateway/post.ts';
import { type FakeGateway, fakeGateway } from '../../../fakes/gateway.ts';
import { serveFake } from '../../../fakes/http.ts';
import { rawFrame, rawHttp2, word } from '../../../fakes/raw-http2.ts';
import type { Keys } from '../../../fakes/signature.ts';
import { gatewayAt } from '../../../support/signed-gateway.ts';

const OLD: Keys = { accessKeyId: 'OLD', secretAccessKey: 'one', sessionToken: 'first' };
const NEW: Keys = { accessKeyId: 'NEW', secretAccessKey: 'two', sessionToken: 'second' };
/** 2026-11-21 23:59:58 UTC */
const NOW = 1_795_305_598_000;

/** What a test has opened is closed whatever it finds: a server that is left keeps the whole run from ending. */
const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});
function toClose<T extends { close(): unknown }>(each: T): T {
  opened.push(() => each.close());
  return each;
}

describe.each([
  ['2.0', 'h2'],
  ['1.1', true],
] as const)('over HTTP/%s', (version, offer) => {
  let server: FakeGateway;
  let gateway: Gateway;
  let now: number;
  let keys: Keys;
  /** What is had when credentials are asked for anew. */
  let fresh: Keys;
  beforeEach(async () => {
    [now, keys, fresh] = [NOW, OLD, OLD];
    server = toClose(await fakeGateway('prod', offer));
    server.trust(OLD, () => now);
    server.received.set('a=', []);
    gateway = toClose(
      gatewayAt(`${server.endpoint}/prod`, {
        clock: { now: () => now },
        credentials: async (options) => {
          if (options?.forceRefresh) keys = fresh;
          return keys;
        },
      }),
    );
  });
  afterEach(() => expect([...server.httpVersions]).toEqual([version]));
  const status = async (frame = 'a frame') => (await gateway.post('a=', frame)).status;

  test('a day ends, and the next post is signed with the key of the new one', async () => {
    expect(await status()).toBe(200);
    now += 5_000;
    expect(await status()).toBe(200);
    expect(server.verdicts).toEqual(['valid', 'valid']);
  });

  test('credentials that the provider has changed are used at once', async () => {
    expect(await status()).toBe(200);
    keys = NEW;
    server.trust(NEW, () => now);
    expect(await status()).toBe(200);
    expect(server.verdicts).toEqual(['valid', 'valid']);
  });

  test('credentials that are refused are asked for anew, and the post is tried once more', async () => {
    server.trust(NEW, () => now);
    fresh = NEW;
    expect(await status()).toBe(200);
    expect(server.verdicts).toEqual(['unknown key', 'valid']);
    expect(server.received.get('a=')).toEqual(['a frame']);
  });

  test('where there are no others, refused credentials are the answer', async () => {
    server.trust({ ...OLD, sessionToken: 'renewed elsewhere' }, () => now);
    expect(await gateway.post('a=', 'a frame')).toEqual({
      status: 403,
      error: '{"message":"expired token"}',
    });
    expect(server.verdicts).toEqual(['expired token']);
  });

  test.each([-7, 7])(
    'a clock that is %i minutes wrong is set by the gateway, once for all that were under way',
    async (minutes) => {
      server.trust(OLD, () => now + minutes * 60_000);
      expect(await Promise.all([1, 2, 3, 4].map((n) => status(`frame ${n}`)))).toEqual([200, 200, 200, 200]);
      expect([...server.verdicts].sort()).toEqual([...Array(4).fill('skewed'), ...Array(4).fill('valid')]);
      expect(await status()).toBe(200);
      expect(server.verdicts.at(-1)).toBe('valid');
      expect(server.posts()).toBe(5);
    },
  );

  test('a frame that changes by one character has a hash of its own', async () => {
    for (let i = 0; i < 40; i++) expect(await status(`frame ${i % 20}`)).toBe(200);
    expect(new Set(server.verdicts)).toEqual(new Set(['valid']));
    expect(server.received.get('a=')).toEqual(Array.from({ length: 40 }, (_, i) => `frame ${i % 20}`));
  });

  test('hanging up is signed as well', async () => {
    expect((await gateway.hangUp('a=')).status).toBe(204);
    expect(server.verdicts).toEqual(['valid']);
  });
});

test('sixty-four posts at a time open no more than as many connections, and later ones use them again', async () => {
  let [open, most] = [0, 0];
  const ports = new Set<number>();
  const counting = toClose(
    await serveFake((request, response) => {
      ports.add(request.port);
      most = Math.max(most, ++open);
      setTimeout(() => {
        open--;
        response.writeHead(200).end();
      }, 5);
    }, true),
  );
  const busy = toClose(gatewayAt(counting.endpoint));
  for (let round = 0; round < 5; round++)
    await Promise.all(Array.from({ length: 64 }, (_, i) => busy.post(`${i}`, 'a frame')));
  expect(most).toBeLessThanOrEqual(64);
  expect(ports.size).toBeLessThanOrEqual(64);
});

test('a gateway that offers HTTP/2 and cannot be spoken to in it is told of once, however many connections find it out', async () => {
  const server = toClose(
    await rawHttp2((peer, { type }) => {
      // An error of ours, says its GOAWAY (RFC 9113, 6.8).
      if (type === 'headers') peer.write(rawFrame(7, 0, 0, `${word(0)} ${word(1)}`));
    }),
  );
  const told: unknown[] = [];
  const asked = toClose(gatewayAt(server.url.href, { log: (...event) => void told.push(event) }));
  await Promise.allSettled(Array.from({ length: 500 }, () => asked.post('a', 'a frame')));
  const { status } = await asked.post('a', 'a frame');
  expect(status).toBe(200);
  expect(server.protocols.filter((each) => each === 'h2').length).toBeGreaterThan(1);
  expect(told).toEqual([['gateway.fell_back', { to: 'http/1.1' }]]);
});

test('connections that were left for long are not asked again', async () => {
  const ports: number[] = [];
  const noting = toClose(
    await serveFake((request, response) => {
      ports.push(request.port);
      response.writeHead(200).end();
    }),
  );
  let now = NOW;
  const rested = toClose(gatewayAt(noting.endpoint, { clock: { now: () => now } }));
  await rested.post('a', '1');
  // A connection is free a moment after its answer.
  await new Promise((resolve) => setImmediate(resolve));
  now += 15_000;
  await rested.post('a', '2');
  now += 31_000;
  await rested.post('a', '3');
  expect([ports[0] === ports[1], ports[1] === ports[2]]).toEqual([true, false]);
});
