import { availableParallelism } from 'node:os';

// Three projects: `unit` runs everywhere; `browser` drives a real Chromium, and so does `heard`, of which one file runs at a time.
const common = {
  rootDir: import.meta.dirname,
  testEnvironment: '<rootDir>/tests/environment.cjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': '<rootDir>/tests/transform.mjs',
    // Those of our packages that compute.
    '/node_modules/(spessasynth_core|temporal-polyfill)/.+\\.js$': '<rootDir>/tests/transform.mjs',
  },
  transformIgnorePatterns: ['/node_modules/(?!(spessasynth_core|temporal-polyfill)/)'],
};

/** What holds sound or frames against the clock: beside other work it would measure that work. */
const HEARD = [
  'delay',
  'end',
  'first-screen',
  'frame-rate',
  'heard-together',
  'interrupted',
  'keyboard',
  'midi',
  'outage',
  'replay',
  'together',
].map((name) => `<rootDir>/tests/browser/${name}.test.ts`);

export default {
  // A test that hangs must end; one on a slow, shared machine must not. No test asserts an absolute time.
  testTimeout: 300_000,
  // Jest leaves one processor idle: of two, that is half. Three for two, as much of what runs waits for a clock or for a process of its own.
  // What is heard runs alone (`--runInBand`).
  // A number: Jest takes more than 100 % for so many workers (150 of them).
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  testSequencer: '<rootDir>/tests/longest-first.mjs',
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/tests/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/tests/browser/'],
    },
    {
      ...common,
      displayName: 'browser',
      testMatch: ['<rootDir>/tests/browser/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...HEARD],
    },
    {
      ...common,
      displayName: 'heard',
      testMatch: HEARD,
    },
  ],
};
