/** Imports run one way: http and workers → app → domain; adapters → ports and domain; the container alone knows adapters. */
const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from: { path: from }, to });

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    forbid('domain-is-pure', 'Rules know no I/O and nobody above them.', '^src/domain', {
      path: '^(src/(app|adapters|http|sandbox|cli)|workers)|^node:',
    }),
    forbid('domain-few-packages', 'Only pure packages.', '^src/domain', {
      dependencyTypes: ['npm'],
      pathNot: 'node_modules/(mrz|aamva-parser)/',
    }),
    forbid('app-knows-ports', 'Use cases see ports, never an adapter.', '^src/app', {
      path: '^(src/(adapters|http|sandbox|cli|container|config|serve|main)|workers)',
    }),
    forbid(
      'adapters-below',
      'Adapters serve ports; they do not call use cases or each other’s callers.',
      '^src/adapters',
      {
        path: '^(src/(http|sandbox|cli|container|config|serve|main)|workers)|^src/app/(?!ports/)',
      },
    ),
    forbid('http-through-app', 'The HTTP side reaches adapters through the container.', '^src/http', {
      path: '^(src/(adapters|sandbox|cli|container|config|serve|main)|workers)',
    }),
    forbid(
      'sandbox-apart',
      'Nothing but the start-up files may know the sandbox.',
      '^(src/(domain|app|adapters|http)|workers)',
      {
        path: '^src/sandbox',
      },
    ),
    forbid('client-stands-alone', 'It goes to platforms without the service.', '^clients', {
      path: '^(src|workers|test)',
    }),
    forbid('e2e-is-black-box', 'They see what clients see.', '^test/(e2e|faults|web)', {
      path: '^(src|workers)',
    }),
    {
      name: 'no-dev-dependencies-in-service',
      severity: 'error',
      from: { path: '^(src|workers)', pathNot: '^src/(sandbox|web)' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules|coverage)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.lint.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
