/** What strangers write into the first lines of a request: targets, Hosts, Origins and Ranges. */
import { posix } from 'node:path';
import { allowsHost, pathOf } from '../../src/adapters/net/admit.ts';
import { byteRange } from '../../src/adapters/net/byte-range.ts';
import { sameOrigin } from '../../src/adapters/net/front.ts';
import { seededRandom } from '../../src/music/random.ts';
import { pick, type Random } from './pick.ts';
import type { Target } from './run.ts';

const PATHS = [
  ...[
    '/',
    '//',
    '/ws',
    '/archive/',
    '/2026-11-21/performance.mid',
    '/feed.xml?x=1#y',
    '..',
    '.',
    '%2e%2e',
    '%2f',
  ],
  ...[
    '%5c',
    '%00',
    '%',
    '%ff',
    '%c0%ae',
    '%E2%82%AC',
    '\\',
    '\0',
    '\n',
    '?',
    '#',
    'http://',
    '[',
    ']',
    '@',
    ':',
    '*',
    ';',
  ],
];
const HOSTS = [
  ...[
    'localhost',
    '127.0.0.1',
    '[::1]',
    'piano.example',
    'evil.example',
    ':',
    ':80',
    ':99999',
    '.',
    '@',
    '/',
    '#',
  ],
  ...['[', ']', '::1', ' ', '\t', 'http://', 'https://', 'null', 'LOCALHOST', '%00', '-', '\u2024', 'xn--'],
];
const RANGES = [
  'bytes',
  '=',
  '-',
  ',',
  '0',
  '5',
  '9',
  '10',
  '99999999999999999999',
  ' ',
  'lines',
  '1.5',
  'x',
  '-5',
  ';',
];
const NAMES = new Set(['localhost', '127.0.0.1', '[::1]', 'piano.example']);

export function newTarget(seed: number): Target {
  return {
    try(index) {
      const random = seededRandom(seed * 2 ** 32 + index);
      const outcome = [
        checkPath(`${random() < 0.7 ? '/' : ''}${joined(random, PATHS)}`),
        checkHost(random),
        checkRange(random),
      ];
      return outcome.join(', ');
    },
  };
}

const joined = (random: Random, pieces: readonly string[]): string =>
  Array.from({ length: Math.floor(random() * 7) }, () => pick(random, pieces)).join('');

function holds(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

function checkPath(target: string): string {
  const path = pathOf(target);
  if (path === null) return 'no path';
  holds(path.startsWith('/') && ![...path].some((c) => c < ' ' || c === '\\'), JSON.stringify(path));
  // Below whatever root it is put, it stays there.
  const below = posix.join('/root', path);
  holds(below === '/root' || below.startsWith('/root/'), `${target} leads to ${below}`);
  return 'path';
}

function checkHost(random: Random): string {
  const host = joined(random, HOSTS);
  const allowed = allowsHost(host, ['piano.example']);
  if (allowed) {
    holds(URL.canParse(`http://${host}/`) || /:\d+$/.test(host), `${host} is a host`);
    const name = new URL(`http://${host.replace(/:\d+$/, '')}/`).hostname.replace(/\.$/, '');
    holds(NAMES.has(name), `${host} is a name of ours`);
  }
  const origin = joined(random, [...HOSTS, 'http://', 'https://']);
  if (sameOrigin(origin, host)) holds(new URL(origin).host === host, `${origin} is of ${host}`);
  return allowed ? 'our host' : 'no host';
}

function checkRange(random: Random): string {
  const size = Math.floor(random() * 12);
  const header = `${random() < 0.7 ? 'bytes=' : ''}${joined(random, RANGES)}`;
  const range = byteRange(header, size);
  if (typeof range === 'string') return range;
  const { first, last } = range;
  holds(Number.isInteger(first) && Number.isInteger(last), header);
  holds(first >= 0 && first <= last && last < size, `${header} of ${size}: ${first} to ${last}`);
  return 'part';
}
