// Tests of single parts before those of whole evenings: most mutants die by them, and no evening need be lived through for those.

const EVENINGS = /(broadcast|takeover|crowd|heard|listener|wire|perform)\.test\.ts$/;

/** Of the mutant that is tried: whether a test has failed. */
export const run = { failed: false };

export default class QuickFirst {
  sort(tests) {
    run.failed = false;
    return [...tests].sort((a, b) => EVENINGS.test(a.path) - EVENINGS.test(b.path));
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}
