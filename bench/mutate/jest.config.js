// The tests that Stryker's mutants must not survive: those of their own room, named by PIANOLA_MUTATED. All others would take hours.
import { join } from 'node:path';
import main from '../../jest.config.js';

const root = join(import.meta.dirname, '../..');
const [unit] = main.projects;
export default {
  ...unit,
  // Whole years, deaths at every point and whole evenings take from 5 to 80 s, too long for each of a thousand mutants: only what the others notice is counted.
  testPathIgnorePatterns: ['broadcast/(crowd-deaths|takeover-deaths|year)', 'station/one-evening'],
  testMatch: [`<rootDir>/tests/${process.env.PIANOLA_MUTATED}/**/*.test.ts`],
  // Stryker looks for it before Jest has said what the root is.
  testEnvironment: join(root, 'tests/environment.cjs'),
  // A test that waits for what a mutant never does is to fail long before Stryker gives its process up: a new one takes seconds.
  testTimeout: 5_000,
  testRunner: join(import.meta.dirname, 'jest-circus-until-failure.js'),
  testSequencer: join(import.meta.dirname, 'quick-first.js'),
};
