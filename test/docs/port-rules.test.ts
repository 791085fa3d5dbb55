import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadPortRules } from '../../harness/contracts/index.ts';
import { catalogue } from './project.ts';

const page = await readFile(new URL('../../ADAPTERS.md', import.meta.url), 'utf8');
const rules = await loadPortRules(catalogue);

/** Rows `| **R4** | text | clauses |` of the page, in their order; the rows of answers (S1) name no clause. */
function rows(): readonly { readonly id: string; readonly clauses: readonly string[] }[] {
  return [...page.matchAll(/^\| \*\*(?<id>[A-Z]\d+)\*\* \|.*\| ?(?<clauses>[^|]*) \|$/gmu)].map(({ groups }) => ({
    id: groups?.['id'] ?? '',
    clauses: groups?.['id'] === 'S1' ? [] : expanded(groups?.['clauses'] ?? ''),
  }));
}

/** `SCH-1 to SCH-3, ENV-1` → four ids. */
function expanded(list: string): readonly string[] {
  return list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [first = '', last] = part.split(' to ');
      const number = (id: string): number => Number(id.slice(4));
      return last === undefined
        ? [first]
        : Array.from(
            { length: number(last) - number(first) + 1 },
            (_, n) => `${first.slice(0, 4)}${String(number(first) + n)}`,
          );
    });
}

describe('ADAPTERS.md', () => {
  it('has the rules of contracts/port-rules.yaml, in their order and with their clauses', () => {
    expect(rows().length).toBeGreaterThan(40);
    expect(rows()).toEqual(rules.map(({ id, clauses }) => ({ id, clauses })));
  });

  it('has a rule for every clause that a checker decides and an adapter is judged by', () => {
    const ruled = new Set(rules.flatMap(({ clauses }) => clauses));
    const judged = catalogue.clauses.filter(
      ({ checker, subjects }) => checker !== undefined && subjects.some((subject) => subject !== 'bus'),
    );
    expect(judged.map(({ id }) => id).filter((id) => !ruled.has(id))).toEqual([]);
  });
});
