const source = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/spec/interop/node_modules', '<rootDir>/spec/runtimes/node_modules'],
}

/** What runs on Node only: whole connections, other clients, timing-free but heavy. */
const integration = ['/spec/interop/', '/spec/chaos/', '/spec/client/', '/spec/crash/', '/spec/simulator/', '/spec/command-line/', '/spec/examples/', '/spec/store/sqlite/', '/spec/package/', '/spec/runtimes/', '/spec/architecture/']

export default {
  projects: [
    {
      ...source,
      displayName: 'node',
      testMatch: ['<rootDir>/spec/**/*.spec.ts'],
      testEnvironmentOptions: { customExportConditions: ['rxwa-source', 'node'] },
    },
    {
      ...source,
      displayName: 'portable',
      testMatch: ['<rootDir>/spec/**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...integration],
      testEnvironmentOptions: { customExportConditions: ['rxwa-source', 'rxwa-portable', 'node'] },
    },
  ],
}
