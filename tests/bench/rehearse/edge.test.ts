import { expect, test } from '@jest/globals';
import { paired } from '../../../bench/rehearse/browser.ts';
import { matches } from '../../../bench/rehearse/edge/behaviours.ts';
import { edgeCache } from '../../../bench/rehearse/edge/cache.ts';
import { placed } from '../../../bench/rehearse/hosts.ts';

test('a path pattern is the whole path, with its case', () => {
  const shelf = ['/shelf/', '/shelf/a/b', '/shelf', '/SHELF/', '/x/shelf/'].map((path) =>
    matches('/shelf/*', path),
  );
  expect(shelf).toEqual([true, true, false, false, false]);
  expect(['/ws', '/wss', '/ws/'].map((path) => matches('/ws', path))).toEqual([true, false, false]);
  expect(matches('*.mid', '/2026-11-29/performance.mid')).toBe(true);
});

test('answers are kept for as long as they say, and faults for as long as the distribution says', () => {
  let now = 0;
  const cache = edgeCache(
    [
      { ErrorCode: 404, ErrorCachingMinTTL: 10 },
      { ErrorCode: 502, ErrorCachingMinTTL: 0 },
    ],
    () => now,
  );
  const put = (path: string, status: number, control?: string) =>
    cache.put(path, { status, headers: control ? { 'cache-control': control } : {}, body: Buffer.alloc(0) });
  put('/said', 200, 'public, max-age=60');
  put('/none', 200, 'no-store');
  put('/silent', 200);
  put('/missing', 404, 'max-age=60');
  put('/broken', 502);
  put('/unsaid', 503);
  const kept = (at: number) => {
    now = at;
    return ['/said', '/none', '/silent', '/missing', '/broken', '/unsaid'].filter((path) => cache.get(path));
  };
  expect(kept(999)).toEqual(['/said', '/none', '/silent', '/missing', '/unsaid']);
  expect(kept(9_999)).toEqual(['/said', '/silent', '/missing', '/unsaid']);
  expect(kept(10_000)).toEqual(['/said', '/silent']);
  expect(kept(60_000)).toEqual(['/silent']);
  expect(kept(86_400_000)).toEqual([]);
});

test('an address is replaced where it is the stack’s own, and nowhere else', () => {
  const hosts = new Map([['https://abc.execute-api.eu.amazonaws.com', 'http://127.0.0.1:1']]);
  expect(placed('https://abc.execute-api.eu.amazonaws.com/dev', hosts)).toBe('http://127.0.0.1:1/dev');
  for (const other of [
    'https://abd.execute-api.eu.amazonaws.com/dev',
    'https://abc.execute-api.eu.amazonaws.com.evil/dev',
    'dev',
  ])
    expect(placed(other, hosts)).toBe(other);
});

test('sounds are paired with notes, each once; what is far from any is a stray', () => {
  expect(paired([0, 0, 500], [1, 2, 501])).toEqual([3, 0]);
  expect(paired([0, 500], [0])).toEqual([1, 0]);
  expect(paired([0, 500], [0, 250, 500, 500])).toEqual([2, 2]);
});
