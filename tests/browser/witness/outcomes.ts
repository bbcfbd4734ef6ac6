/** Reads Jest's report of the sound suites, each test run once. */
import { basename } from 'node:path';
import type { Verdict } from './verdict.ts';

export type Outcome = { readonly test: string; readonly verdict: Verdict; readonly why: string };

/** What we read of what `jest --json` writes. */
export type Report = {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
};

const INCONCLUSIVE = /^InconclusiveError: (.*)/;

/** One outcome a test, in order; a suite that has none, since it could not be run, is a failure under its file's name. */
export function outcomesOf({ testResults }: Report): Outcome[] {
  return testResults.flatMap(({ name, message, assertionResults }): Outcome[] => {
    if (assertionResults.length === 0)
      return [{ test: basename(name), verdict: 'failed', why: firstLine(message) }];
    return assertionResults.map(({ title, status, failureMessages: [failure = ''] }): Outcome => {
      if (status === 'passed') return { test: title, verdict: 'passed', why: '' };
      const inconclusive = INCONCLUSIVE.exec(failure);
      if (inconclusive) return { test: title, verdict: 'inconclusive', why: inconclusive[1]! };
      return { test: title, verdict: 'failed', why: firstLine(failure) || `it was ${status}` };
    });
  });
}

const firstLine = (text: string): string => text.trim().split('\n', 1)[0]!;
