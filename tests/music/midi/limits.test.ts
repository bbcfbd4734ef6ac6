/** docs/midi.md says what the code does: the same reasons, repairs and limits, no more and no fewer. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  MAX_BYTES,
  MAX_EVENTS,
  MAX_SECONDS,
  MAX_TEMPOS,
  MAX_TEXT_BYTES,
  REASONS,
  REPAIRS,
} from '../../../src/music/midi/limits.ts';

const text = readFileSync(join(import.meta.dirname, '../../../docs/midi.md'), 'utf8');
/** Cells of the rows under a heading, without the table's head. */
const rowsUnder = (heading: string): string[][] =>
  (text.split(`## ${heading}\n`)[1] ?? '')
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

test('the reasons are those of the code, in its order', () =>
  expect(rowsUnder('Why a file is refused').map(([code]) => code)).toEqual(
    REASONS.map((code) => `\`${code}\``),
  ));

test('the repairs are those of the code, in its order', () =>
  expect(rowsUnder('What is repaired').map(([code]) => code)).toEqual(
    Object.keys(REPAIRS).map((code) => `\`${code}\``),
  ));

test('the limits are those of the code', () =>
  expect(rowsUnder('Limits').map(([, limit]) => Number(limit))).toEqual([
    MAX_BYTES,
    MAX_EVENTS,
    MAX_TEMPOS,
    MAX_SECONDS,
    MAX_TEXT_BYTES,
  ]));
