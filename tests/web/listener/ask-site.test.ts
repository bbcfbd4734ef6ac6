import { expect, test } from '@jest/globals';
import { askSite } from '../../../web/listener/ask-site.ts';
import type { PingSample } from '../../../web/listener/server-clock.ts';

/** Asks with the number 7, of a site that answers like this; each look at the clock is 10 ms after the one before. */
async function ask(fetched: (url: string, options: RequestInit) => Promise<Response>) {
  let now = 100;
  let readAt = Number.NaN;
  const answers: (PingSample | null)[] = [];
  await new Promise<void>((resolve) => {
    askSite(
      () => {
        now += 10;
        return now;
      },
      async (url, options) => {
        const response = await fetched(url, options);
        readAt = now;
        return response;
      },
    )(7, (answer) => {
      answers.push(answer);
      resolve();
    });
  });
  return { answers, readAt };
}
const says = (body: string, status = 200) => ask(async () => new Response(body, { status }));

test('it asks past every cache, with a number, and takes the time from asking to the answer’s first byte', async () => {
  const asked: [string, RequestInit][] = [];
  const { answers } = await ask(async (...how) => {
    asked.push(how);
    return new Response('7 1795000000123');
  });
  expect(asked[0]![0]).toBe('/clock?id=7');
  expect(asked[0]![1]).toMatchObject({ cache: 'no-store', credentials: 'omit' });
  expect(asked[0]![1].signal?.aborted).toBe(false);
  const at = 1_795_000_000_123;
  expect(answers).toEqual([{ sentAt: 110, serverReceivedAt: at, serverSentAt: at, arrivedAt: 120 }]);
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
