// The tests that Stryker's mutants must not survive: those of their own room, named by PIANOLA_MUTATED. All others would take hours.
import { join } from 'node:path';
import main from '../../jest.config.js';

const root = join(import.meta.dirname, '../..');
const [unit] = main.projects;
export default {
  ...unit,
  // Whole years, crowds, evenings and random wires take from 10 to 30 s, for each of a thousand mutants: what the others notice without them is counted.
  testPathIgnorePatterns: ['broadcast/(crowd|year)', 'listener/wire', 'station/one-evening'],
  testMatch: [`<rootDir>/tests/${process.env.PIANOLA_MUTATED}/**/*.test.ts`],
  // Stryker looks for it before Jest has said what the root is.
  testEnvironment: join(root, 'tests/environment.cjs'),
  testTimeout: main.testTimeout,
};
