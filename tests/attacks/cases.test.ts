/** The table of docs/security.md is made of the tests that exist. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { CASES, caseOf, caseTests, OF_AWS, SECURITY, withTable } from './cases.ts';

test('docs/security.md has the table that the tests make; write it with: npm run attacks -- --write', () => {
  const text = readFileSync(SECURITY, 'utf8');
  expect(text).toBe(withTable(text));
});

test('every case of the list has a test, also where a limit of AWS’s keeps a part of it', () => {
  const numbers = new Set(caseTests().map(({ number }) => number));
  expect([...numbers]).toEqual(Array.from({ length: CASES }, (_, i) => i + 1));
  expect([...OF_AWS.keys()].filter((number) => !numbers.has(number))).toEqual([]);
});

test('a title is a case by its beginning alone', () => {
  expect([
    caseOf('case 73: it lives'),
    caseOf('in case 73: no'),
    caseOf('case 73'),
    caseOf('it lives'),
  ]).toEqual([73, null, null, null]);
});
