/** The official JSON Schema Test Suite, as the package `jsonschema` of PyPI carries it. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { createRequire } from 'node:module';
import type { JsonSchema, JsonValue } from '../../../../harness/generate/schema/index.ts';

const FOLDER = resolve(import.meta.dirname, '../../../fixtures/json-schema-test-suite');
const DRAFT = join(FOLDER, 'tests/draft2020-12');
const HOST = 'http://localhost:1234/';

export interface Instance {
  readonly description: string;
  readonly data: JsonValue;
  readonly valid: boolean;
}
export interface SuiteCase {
  /** Below the draft's folder, without `.json`: `optional/format/date`. */
  readonly file: string;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly tests: readonly Instance[];
}

const read = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;

export const suiteCases = (): readonly SuiteCase[] =>
  globSync('**/*.json', { cwd: DRAFT })
    .toSorted()
    .flatMap((path) =>
      read<Omit<SuiteCase, 'file'>[]>(join(DRAFT, path)).map((one) => ({ ...one, file: path.replace(/\.json$/, '') })),
    );

/** The documents that the suite's schemas refer to, by URI, and the meta-schemas. */
const remotes: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  globSync('**/*.json', { cwd: join(FOLDER, 'remotes') }).map((path) => [
    HOST + relative('.', path),
    read<JsonSchema>(join(FOLDER, 'remotes', path)),
  ]),
);

const META = 'https://json-schema.org/draft/2020-12/';
const metaOf = createRequire(import.meta.url);
const metaSchemas: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  [
    'schema',
    ...['core', 'applicator', 'unevaluated', 'validation', 'meta-data', 'format-annotation', 'content'].map(
      (one) => `meta/${one}`,
    ),
  ].map((name) => [META + name, metaOf(`ajv/dist/refs/json-schema-2020-12/${name}.json`) as JsonSchema]),
);

export const documentOf = (uri: string): JsonSchema | undefined => remotes[uri] ?? metaSchemas[uri];

/** The documents that a schema needs, as far as their file names tell. */
export function remotesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const found: Record<string, JsonSchema> = {};
  const look = (text: string): void => {
    for (const [uri, document] of Object.entries(remotes)) {
      if (uri in found || !text.includes(basename(uri))) continue;
      found[uri] = document;
      look(JSON.stringify(document));
    }
  };
  look(JSON.stringify(schema));
  return found;
}
