/** robots.txt, as RFC 9309 has it. */
import { expect, test } from '@jest/globals';
import { parseRobots } from '../../../../../src/cli/commands/corpus/web/robots.ts';

const allows = (text: string, ...paths: string[]) => {
  const robots = parseRobots(text, 'pianolacollector');
  return paths.map((path) => robots.allows(path));
};

test('the longest rule decides, and of two that are as long the one that allows', () => {
  const text = 'User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\nAllow: /d\nDisallow: /d\n';
  expect(allows(text, '/', '/a', '/a/b', '/a/b/c/x', '/d', '/ab')).toEqual([
    true,
    false,
    true,
    false,
    true,
    false,
  ]);
});

test('a group that names the collector goes before that of all, and several names share a group', () => {
  const text =
    'User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: PianolaCollector\nDisallow: /x\nCrawl-delay: 7\n';
  expect(allows(text, '/', '/x/y')).toEqual([true, false]);
  expect(parseRobots(text, 'pianolacollector').delayS).toBe(7);
  expect(parseRobots(text, 'somebody').allows('/')).toBe(false);
});

test('stars, ends, comments, blanks and old line ends are read; what is no rule is passed over', () => {
  const text = '# hello\rUser-Agent : *\rDisallow: /*.mid$ # mine\rDisallow:\rnonsense\rDisallow: /q?x=*z\r';
  expect(allows(text, '/a.mid', '/a.mid?x', '/q?x=1z', '/q?x=1', '/')).toEqual([
    false,
    true,
    false,
    true,
    true,
  ]);
  expect(allows('User-agent: *\nDisallow: /%7Eanna/\n', '/~anna/x')).toEqual([false]);
  expect(allows('', '/')).toEqual([true]);
});

test('a rule of ten thousand stars is read in no time', () => {
  const text = `User-agent: *\nDisallow: /${'*a'.repeat(10_000)}$\n`;
  const startedAt = performance.now();
  expect(allows(text, `/${'a'.repeat(5_000)}b`)).toEqual([true]);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test('a delay of a day is five minutes', () => {
  expect(parseRobots('User-agent: *\nCrawl-delay: 86400', 'x').delayS).toBe(300);
});
