import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { readService } from '../../harness/contracts/service/service.ts';
import { Problem, Problems } from '../../harness/model/errors.ts';
import { contracts, Folder, fullCheckMs } from './folders.ts';

vi.setConfig({ testTimeout: fullCheckMs });

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([name, member]) =>
      pathsOf(member, [...path, Array.isArray(value) ? Number(name) : name]),
    ),
  ];
}

const memberOf = (value: unknown, name: string | number): unknown => (value as Record<string | number, unknown>)[name];

/** The document with one place put to another value, or taken away. */
function mutated(document: unknown, path: Path, value: unknown): unknown {
  const copy: unknown = structuredClone(document);
  const last = path.at(-1);
  if (last === undefined) return value;
  const parent = path.slice(0, -1).reduce(memberOf, copy) as Record<string | number, unknown>;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

const values = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    '',
    'x',
    '/',
    '#/channels/incidents',
    [],
    [null],
    {},
    { $ref: '#' },
    { $ref: '#/info' },
    { x: [] },
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

async function outcomeOf(folder: Folder): Promise<unknown> {
  try {
    await readService(join(folder.path, 'incident-lifecycle'));
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('a document with anything anywhere', () => {
  it.each(['asyncapi.yaml', 'schemas/IncidentCreated.json', 'schemas/common.json', 'schemas/headers.json'])(
    'in %s is read, or refused with problems that name a file; never anything else',
    async (name) => {
      const text = await readFile(join(contracts, 'incident-lifecycle', name), 'utf8');
      const document: unknown = parse(text);
      const paths = pathsOf(document);
      await using folder = await Folder.of('incident-lifecycle');
      await fc.assert(
        fc.asyncProperty(fc.nat(paths.length - 1), values, async (at, value) => {
          const changed = mutated(document, paths[at] ?? [], value) ?? null;
          await folder.write(
            `incident-lifecycle/${name}`,
            name.endsWith('.json') ? JSON.stringify(changed) : stringify(changed),
          );
          const outcome = await outcomeOf(folder);
          if (outcome === undefined) return;
          const problems = outcome instanceof Problems ? outcome.problems : [outcome];
          for (const problem of problems) {
            expect(problem).toBeInstanceOf(Problem);
            expect((problem as Problem).place?.file).toContain('incident-lifecycle');
            expect((problem as Problem).message).not.toMatch(/undefined|\[object|NaN/);
          }
        }),
        { numRuns: 40 },
      );
    },
  );
});
