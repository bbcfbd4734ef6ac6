import { afterEach, expect, jest, test } from '@jest/globals';
import { log, logFault } from '../../../src/lambda/shared/observe.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

/** What is written while something is done, line by line. */
function written(work: () => void): Record<string, unknown>[] {
  const texts: string[] = [];
  for (const stream of [process.stdout, process.stderr])
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      texts.push(String(text));
      return true;
    });
  work();
  return texts.flatMap((text) => text.trim().split('\n')).map((line) => JSON.parse(line));
}

test('a fault is one line, with its reason, its causes and whatever else is known, and is counted once', () => {
  const fault = new Error('nothing composed', { cause: new Error('no memory') });
  const lines = written(() => logFault('compose.failed', fault, { date: '2026-11-21' }));
  expect(lines.filter(({ message }) => message === 'compose.failed')).toEqual([
    expect.objectContaining({
      level: 'ERROR',
      details: { date: '2026-11-21', reason: 'nothing composed: no memory' },
      error: expect.objectContaining({ name: 'Error', message: 'nothing composed' }),
    }),
  ]);
  expect(lines.filter((line) => 'ComposeFailed' in line)).toEqual([
    expect.objectContaining({ ComposeFailed: 1 }),
  ]);
});

test('an event that is counted is one line and one metric', () => {
  const lines = written(() => log('visit.refused', { reason: 'no music' }));
  expect(lines.map(({ message, VisitRefused }) => message ?? VisitRefused)).toEqual([1, 'visit.refused']);
});
