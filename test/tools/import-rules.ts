/**
 * What may import what: the table of ARCHITECTURE.md as data. A folder may always import itself; whatever is not named here is
 * forbidden, so a new folder has to be entered before its first import passes.
 */
export interface ImportRule {
  /** Folder, relative to the root of the repository; the longest match counts. */
  readonly folder: string;
  /** Other folders, or single files, that it may import. */
  readonly folders: readonly string[];
  /** Packages by name or by scope (`@nats-io/*`); `'any'` is every package that package.json declares for running. */
  readonly packages: readonly string[] | 'any';
  /** Modules of Node: none, all, or the named ones. */
  readonly node: readonly string[] | 'any';
}

const MODEL = 'harness/model';
const GENERATE = 'harness/generate';
const ON_THE_BUS = [MODEL, GENERATE, 'harness/patterns', 'harness/bus', 'harness/observe'];
const PURE_NODE = ['buffer', 'crypto', 'util'];
const NATS = '@nats-io/*';
const SCHEMA_LIBRARIES = ['ajv', 'ajv-formats', '@hyperjump/json-schema'];

export const IMPORT_RULES: readonly ImportRule[] = [
  { folder: MODEL, folders: [], packages: [], node: [] },
  { folder: 'harness/checkers', folders: [MODEL], packages: [], node: [] },
  {
    folder: 'harness/contracts',
    folders: [MODEL],
    packages: [...SCHEMA_LIBRARIES, 'yaml', '@asyncapi/parser', 'recheck'],
    node: 'any',
  },
  {
    folder: GENERATE,
    folders: [MODEL],
    packages: [...SCHEMA_LIBRARIES, 'fast-check', 'pure-rand', '@eslint-community/regexpp'],
    node: PURE_NODE,
  },
  {
    folder: `${GENERATE}/schema`,
    folders: [],
    packages: ['ajv', 'ajv-formats', 'fast-check', '@eslint-community/regexpp'],
    node: [],
  },
  { folder: `${GENERATE}/compiled`, folders: [`${GENERATE}/schema`], packages: [], node: [] },
  { folder: 'harness/patterns', folders: [MODEL], packages: [NATS], node: 'any' },
  { folder: 'harness/bus', folders: [MODEL], packages: [NATS, 'testcontainers'], node: 'any' },
  { folder: 'harness/observe', folders: [MODEL, 'harness/contracts/validate'], packages: [NATS], node: 'any' },
  { folder: 'harness/adapters', folders: ON_THE_BUS, packages: [NATS], node: 'any' },
  {
    folder: 'harness/adapters/reference',
    folders: [MODEL, 'harness/contracts', 'harness/patterns', 'harness/adapters'],
    packages: [NATS],
    node: 'any',
  },
  // What a supplier copies needs nothing of ours.
  {
    folder: 'harness/adapters/reference/typescript-standalone',
    folders: [],
    packages: [NATS, 'ajv', 'ajv-formats', 'yaml'],
    node: 'any',
  },
  {
    folder: 'harness/adapters/launch',
    folders: [...ON_THE_BUS, 'harness/adapters', 'harness/contracts'],
    packages: [NATS, 'testcontainers'],
    node: 'any',
  },
  { folder: 'harness/engine', folders: ON_THE_BUS, packages: [NATS], node: 'any' },
  { folder: 'harness/pact', folders: ON_THE_BUS, packages: [NATS, '@pact-foundation/pact'], node: 'any' },
  { folder: 'harness/shrink', folders: [MODEL], packages: [], node: [] },
  {
    folder: 'harness/explore',
    folders: [
      ...ON_THE_BUS,
      'harness/adapters',
      'harness/contracts',
      'harness/engine',
      'harness/evidence',
      'harness/pact',
      'harness/shrink',
    ],
    packages: [],
    node: [],
  },
  { folder: 'harness/evidence', folders: [MODEL, 'harness/checkers'], packages: ['hdr-histogram-js'], node: 'any' },
  { folder: 'harness/calibrate', folders: ['harness', 'scenarios'], packages: 'any', node: 'any' },
  { folder: 'harness/cli', folders: ['harness', 'scenarios', 'reports'], packages: 'any', node: 'any' },
  { folder: 'scenarios', folders: [MODEL, GENERATE], packages: [], node: [] },
  { folder: 'reports', folders: [MODEL], packages: [], node: 'any' },
];

/** Nobody imports these; the tests of the command line may. */
export const NEVER_IMPORTED = [
  { folder: 'harness/cli', except: ['harness/cli', 'test/cli'] },
  { folder: 'test', except: ['test'] },
] as const;
