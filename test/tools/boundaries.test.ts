import { describe, expect, test } from 'vitest';
import { LAWFUL_IMPORTS, LEAVES, PLANTED_IMPORTS, RINGS } from './fixtures/planted-imports.ts';
import { checkBoundaries, CRUISER_RULES } from './boundaries.ts';
import { PlantedTree } from './planted-tree.ts';

const planted = await (async () => {
  using tree = new PlantedTree({
    ...LEAVES,
    ...RINGS,
    ...LAWFUL_IMPORTS,
    ...Object.fromEntries(PLANTED_IMPORTS.map(({ file, source }) => [file, source])),
  });
  return await checkBoundaries(tree.root);
})();

function rulesFoundAt(file: string): string[] {
  return planted.violations.filter(({ where }) => where.replace(/:\d+$/, '') === file).map(({ rule }) => rule);
}

describe('the boundaries check', () => {
  test.each(PLANTED_IMPORTS)('finds the breach of "$rule" planted in $file', ({ rule, file }) => {
    expect(rulesFoundAt(file)).toContain(rule);
  });

  test('has a planted breach for every rule', () => {
    const proven = new Set(PLANTED_IMPORTS.map(({ rule }) => rule));
    expect(CRUISER_RULES.map(({ name }) => name).filter((name) => name !== undefined && !proven.has(name))).toEqual([]);
  });

  test.each(Object.keys(LAWFUL_IMPORTS))('finds nothing in the lawful %s', (file) => {
    expect(planted.files).toContain(file);
    expect(rulesFoundAt(file)).toEqual([]);
  });

  test('names the line of the import, what is wrong and what is allowed', () => {
    expect(planted.violations.find(({ rule }) => rule === 'harness/checkers: node')).toEqual({
      rule: 'harness/checkers: node',
      where: 'harness/checkers/c.ts:1',
      message: "imports node:crypto; harness/checkers may import nothing of Node's own modules",
    });
  });

  test('shows the ring of a cycle', () => {
    expect(planted.violations.find(({ where }) => where.startsWith('harness/model/type-ring-1.ts'))?.message).toMatch(
      /imports .*type-ring-2\.ts → .*type-ring-1\.ts/,
    );
  });

  test('finds nothing where there is no file yet', async () => {
    using tree = new PlantedTree({});
    expect(await checkBoundaries(tree.root)).toEqual({ files: [], violations: [] });
  });
});
