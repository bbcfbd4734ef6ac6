// Jest's own runner, until a test has failed: a mutant that was noticed once need not be noticed again, nor hang. Jest's `bail` ends the process, so Stryker does without.
// (Stryker asks for a runner with "jest-circus" in its name.)
import { createEmptyTestResult } from '@jest/test-result';
import circus from 'jest-circus/runner';
import { run } from './quick-first.js';

// Compiled to CommonJS, its default is a property.
const { default: runner } = circus;
/** Jest takes a file without any test for a mistake. */
const LEFT_OUT = { ancestorTitles: [], title: 'left out', fullName: 'left out', status: 'pending' };

export default async function untilFailure(...args) {
  if (run.failed) {
    const nothing = { ...createEmptyTestResult(), testFilePath: args[4], numPendingTests: 1 };
    return { ...nothing, testResults: [{ ...LEFT_OUT, failureMessages: [], failureDetails: [] }] };
  }
  const result = await runner(...args);
  run.failed = result.numFailingTests > 0 || result.testExecError !== undefined;
  return result;
}
