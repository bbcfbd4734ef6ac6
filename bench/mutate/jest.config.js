// The tests that Stryker's mutants must not survive: those of their own room, named by PIANOLA_MUTATED. All others would take hours.
import { join } from 'node:path';
import main from '../../jest.config.js';

const root = join(import.meta.dirname, '../..');
const [unit] = main.projects;
export default {
  ...unit,
  // Whole years, crowds and evenings take from 10 to 30 s, too long for each of a thousand mutants: only what the others notice is counted.
  testPathIgnorePatterns: ['broadcast/(crowd|year)', 'station/one-evening'],
  testMatch: [`<rootDir>/tests/${process.env.PIANOLA_MUTATED}/**/*.test.ts`],
  // Stryker looks for it before Jest has said what the root is.
  testEnvironment: join(root, 'tests/environment.cjs'),
  testTimeout: main.testTimeout,
};
