import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { keyOf, signatureOf, webhook } from '../../src/local/webhook.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';
const ID = 'daily@2026-11-21T19:00:00.000Z';
const NOW = Date.parse('2026-11-21T18:55:00Z');

function receiver(answers: (number | Error)[]) {
  const got: { at: number; headers: Record<string, string>; body: string }[] = [];
  const logged: string[] = [];
  let now = NOW;
  const stop = new AbortController();
  const clock = {
    now: () => now,
    async sleepUntil(at: number) {
      now = at;
    },
  };
  const post = async (_url: string, { headers, body }: RequestInit) => {
    got.push({ at: now, headers: headers as Record<string, string>, body: String(body) });
    const answer = answers.shift() ?? 200;
    if (answer instanceof Error) throw answer;
    return { status: answer };
  };
  const config = { url: 'https://hooks.example/', secret: SECRET, site: 'https://piano.example' };
  const log = (event: string, details = {}) => void logged.push(`${event} ${JSON.stringify(details)}`);
  const hook = webhook(config, { clock, log, post }, stop.signal);
  return { got, logged, hook, stop, settle: () => new Promise((done) => setTimeout(done, 20)) };
}

test('an event is posted once it happens, named, dated and signed as Standard Webhooks has it', async () => {
  const { got, hook, settle } = receiver([]);
  hook('broadcast.state', { broadcast: ID, state: 'doors', performance: null });
  await settle();
  const [{ headers, body } = { headers: {} as Record<string, string>, body: '' }] = got;
  expect(JSON.parse(body)).toEqual({
    type: 'doors',
    timestamp: '2026-11-21T18:55:00.000Z',
    data: {
      ...{ broadcast: ID, state: 'doors', performance: null, event: 'broadcast.state' },
      ...{ startsAt: Date.parse('2026-11-21T19:00:00Z'), url: 'https://piano.example/' },
    },
  });
  const seconds = NOW / 1000;
  const mac = createHmac('sha256', Buffer.from(SECRET.slice(6), 'base64'))
    .update(`${ID}.doors.${seconds}.${body}`)
    .digest('base64');
  expect(headers).toMatchObject({
    'webhook-id': `${ID}.doors`,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${mac}`,
  });
});

test('the example of the specification is signed as it says', () =>
  expect(
    signatureOf(
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1614265330,
      '{"test": 2432232314}',
    ),
  ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='));

test('tried again after 5 s, a minute, 5 minutes; the id stays, the stamp does not', async () => {
  const { got, hook, settle } = receiver([500, new Error('refused'), 302, 204]);
  hook('broadcast.state', { broadcast: ID, state: 'live' });
  await settle();
  expect(got.map(({ at }) => at - NOW)).toEqual([0, 5_000, 65_000, 365_000]);
  expect(new Set(got.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([`${ID}.live`]));
  expect(new Set(got.map(({ headers }) => headers['webhook-signature'])).size).toBe(4);
});

test('given up after six tries, or at once where the receiver is gone for good (410); the log says so', async () => {
  const { got, logged, hook, settle } = receiver([500, 500, 500, 500, 500, 500, 410]);
  hook('broadcast.over', { broadcast: ID, outcome: 'ended' });
  await settle();
  expect(got).toHaveLength(6);
  hook('compose.failed', { date: '2026-11-21', reason: 'no memory' });
  await settle();
  expect(got).toHaveLength(7);
  expect(logged).toHaveLength(2);
  expect(logged[0]).toContain('webhook.given_up');
});

test('doors, live, ended, failed, of which a silent evening is one, and nothing else', async () => {
  const { got, hook, settle } = receiver([]);
  const events: [string, object][] = [
    ['station.started', {}],
    ['broadcast.state', { broadcast: ID, state: 'ended' }],
    ['broadcast.over', { broadcast: ID, outcome: 'elsewhere' }],
    ['broadcast.over', { broadcast: ID, outcome: 'stopped' }],
    ['broadcast.over', { broadcast: ID, outcome: 'cancelled' }],
    ['broadcast.over', { broadcast: ID, outcome: 'silent' }],
    ['broadcast.over', { broadcast: ID, outcome: 'handed over' }],
    ['broadcast.failed', { broadcast: ID, reason: 'x' }],
    ['post.failed', {}],
  ];
  for (const [event, details] of events) hook(event, details as Record<string, string>);
  await settle();
  expect(got.map(({ body }) => JSON.parse(body).type)).toEqual(['ended', 'failed', 'failed', 'failed']);
  expect(JSON.parse(got[2]!.body).data).toMatchObject({ event: 'broadcast.over', outcome: 'silent' });
});

test.each(['', 'secret', 'whsec_', 'whsec_short', 'whsec_%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%'])(
  '%j is no secret',
  (text) => expect(() => keyOf(text)).toThrow('Give whsec_ and at least 24 bytes in base64'),
);
