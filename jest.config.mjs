/** One project a kind of test, so that each can be run alone: `node scripts/bootstrap.mjs test --selectProjects unit`. */
const common = {
  rootDir: import.meta.dirname,
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  testEnvironment: './test/support/node-environment.cjs',
};
const project = (displayName, more = {}) => ({
  ...common,
  displayName,
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
  ...more,
});

export default {
  projects: ['unit', 'contract', 'integration', 'e2e', 'faults', 'privacy', 'web'].map((name) =>
    project(name),
  ),
  testTimeout: 60_000,
  // Suites of a whole stack wait more than they work: two of them fit where one core would be left idle.
  maxWorkers: 2,
};
