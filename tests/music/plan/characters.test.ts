/** What movements are like: within what the network has learnt, and what hands play easily. */
import { expect, test } from '@jest/globals';
import { PACES } from '../../../bench/judge/passages.ts';
import { CALM, LIVELY, THEMES } from '../../../src/music/plan/characters.ts';
import { METRES } from '../../../src/music/tokens/vocabulary.ts';

const ALL = [...CALM, ...LIVELY];

test('each character has a name of its own, and a metre that the network has a word for', () => {
  expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
  for (const { metre } of ALL) expect(METRES).toContainEqual(metre);
});

test('even at its fastest and fullest a plain phrase is no virtuoso piece, and at its slowest it still moves', () => {
  for (const { name, quartersPerMinute, notesPerQuarter } of ALL) {
    const [slowest, fastest] = quartersPerMinute.map((tempo) => (tempo / 60) * notesPerQuarter);
    expect([name, slowest! > PACES[0], fastest! < PACES[1] * 1.1]).toEqual([name, true, true]);
  }
});

test('all music that was learnt is composed, and all but the Polish dances may open a week', () => {
  const sources = (characters: readonly (typeof ALL)[number][]) =>
    [...new Set(characters.map(({ source }) => source))].sort();
  const learnt = ['mutopia', 'nifc-chopin-first-editions', 'nifc-polish-scores', 'openscore-lieder'];
  expect(sources(ALL)).toEqual(learnt);
  expect(sources(THEMES)).toEqual(learnt.filter((source) => source !== 'nifc-polish-scores'));
});
