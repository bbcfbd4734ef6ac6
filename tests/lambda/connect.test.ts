import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { handler } from '../../src/lambda/connect.ts';

const before = { ...process.env };
beforeEach(() => {
  Object.assign(process.env, { ALLOWED_ORIGINS: 'https://piano.example', DOOR_KEYS: 'oldkey newkey' });
});
afterEach(() => {
  process.env = before;
});
const come = (headers: Record<string, string>) => handler({ headers } as never);
const ORIGIN = { Origin: 'https://piano.example' };

test.each(['oldkey', 'newkey'])(
  'who comes through CloudFront is let in, while keys change with either: %s',
  async (key) => {
    expect(await come({ ...ORIGIN, 'X-Pianola-Door': key })).toEqual({ statusCode: 200 });
  },
);

test.each([undefined, '', 'oldkey newkey', 'oldke', 'OLDKEY', 'open', ' '])(
  'who comes beside it is refused, whatever Origin is made up: %j',
  async (key) => {
    const headers = key === undefined ? ORIGIN : { ...ORIGIN, 'x-pianola-door': key };
    expect(await come(headers)).toEqual({ statusCode: 403 });
  },
);

test('the key alone is no Origin', async () => {
  expect(await come({ 'x-pianola-door': 'newkey' })).toEqual({ statusCode: 403 });
  expect(await come({ 'x-pianola-door': 'newkey', origin: 'https://evil.example' })).toEqual({
    statusCode: 403,
  });
});

test('a door that is switched off asks for nothing, and one that was left out of the stack lets nobody in', async () => {
  process.env.DOOR_KEYS = 'open';
  expect(await come(ORIGIN)).toEqual({ statusCode: 200 });
  for (const missing of ['', undefined]) {
    if (missing === undefined) delete process.env.DOOR_KEYS;
    else process.env.DOOR_KEYS = missing;
    await expect(come(ORIGIN)).rejects.toThrow('the environment variable DOOR_KEYS is not set');
  }
});
