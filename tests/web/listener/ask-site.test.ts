import { expect, test } from '@jest/globals';
import { askSite, type Steps } from '../../../web/listener/ask-site.ts';
import type { OtherSample } from '../../../web/listener/server-clock.ts';

/** By a clock that shows 5,000 where ours shows 110, when the page asks. */
const KEPT: Steps = {
  startTime: 5_000,
  connectStart: 5_000,
  connectEnd: 5_000,
  requestStart: 5_003,
  responseStart: 5_017.5,
};
const OPENED: Steps = { ...KEPT, connectStart: 5_001, connectEnd: 5_061, requestStart: 5_062 };

/** Asks with the number 7, of a site that answers like this; each look at the clock is 10 ms after the one before. */
async function ask(
  fetched: (url: string, options: RequestInit) => Promise<Response>,
  steps: Steps | null = KEPT,
) {
  let now = 100;
  const watched: string[] = [];
  const answers: (OtherSample | null)[] = [];
  await new Promise<void>((resolve) => {
    askSite(
      () => {
        now += 10;
        return now;
      },
      fetched,
      async (path) => {
        watched.push(path);
        return steps;
      },
    )(7, (answer) => {
      answers.push(answer);
      resolve();
    });
  });
  return { answers, watched };
}
const says = (body: string, status = 200) => ask(async () => new Response(body, { status }));
const at = 1_795_000_000_123;

test('it asks past every cache, with a number, and takes the time from the question’s leaving to the answer’s first byte', async () => {
  const asked: [string, RequestInit][] = [];
  const { answers, watched } = await ask(async (...how) => {
    asked.push(how);
    return new Response('7 1795000000123');
  });
  expect([asked[0]![0], ...watched]).toEqual(['/clock?id=7', '/clock?id=7']);
  expect(asked[0]![1]).toMatchObject({ cache: 'no-store', credentials: 'omit' });
  expect(asked[0]![1].signal?.aborted).toBe(false);
  expect(answers).toEqual([
    { sentAt: 113, serverReceivedAt: at, serverSentAt: at, arrivedAt: 127.5, fresh: false },
  ]);
});

test('a handshake before it is no part of the way, and is told', async () => {
  const { answers } = await ask(async () => new Response('7 1795000000123'), {
    ...OPENED,
    responseStart: 5_070,
  });
  expect(answers).toEqual([
    { sentAt: 172, serverReceivedAt: at, serverSentAt: at, arrivedAt: 180, fresh: true },
  ]);
});

test.each([
  ['says nothing of it', null],
  ['hides when it left', { ...KEPT, requestStart: 0 }],
])('of a browser that %s no answer can be used', async (_what, steps) => {
  expect((await ask(async () => new Response('7 1795000000123'), steps)).answers).toEqual([null]);
});

test('a clock may tell fractions, and a line may end', async () => {
  const { answers } = await says('7 1795000000123.25\n');
  expect(answers[0]?.serverSentAt).toBe(1_795_000_000_123.25);
});

test.each([
  ['an error', '7 1795000000123', 503],
  ['not there', '7 1795000000123', 404],
  ['a page', '<!doctype html>', 200],
  ['nothing', '', 200],
  ['a cache’s answer to another question', '6 1795000000123', 200],
  ['no number', '7 soon', 200],
  ['no time of this century', '7 12', 200],
  ['more than was asked', '7 1795000000123 8', 200],
  ['more before it', 'at 7 1795000000123', 200],
])('%s is no answer', async (_what, body, status) => {
  expect((await says(body, status)).answers).toEqual([null]);
});

test('a site out of reach, or an answer that breaks off, is no answer, told once', async () => {
  const { answers } = await ask(() => Promise.reject(new TypeError('Failed to fetch')));
  expect(answers).toEqual([null]);
});
