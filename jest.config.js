// Two projects: `unit` runs everywhere in seconds; `browser` drives a real Chromium.
const common = {
  rootDir: import.meta.dirname,
  testEnvironment: '<rootDir>/tests/environment.cjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
};

export default {
  // A test that hangs must end; one on a slow, shared machine must not. No test asserts an absolute time.
  testTimeout: 300_000,
  // Jest leaves one processor idle: of two, that is half. What is heard runs alone (`--runInBand`).
  maxWorkers: '100%',
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/tests/**/*.test.ts'],
      testPathIgnorePatterns: [
        '/node_modules/',
        '<rootDir>/tests/browser/',
        '<rootDir>/tests/attacks/browser/',
      ],
    },
    {
      ...common,
      displayName: 'browser',
      testMatch: ['<rootDir>/tests/browser/**/*.test.ts', '<rootDir>/tests/attacks/browser/**/*.test.ts'],
    },
  ],
};
