import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadPortRules } from '../../harness/contracts/index.ts';
import { applies, governs, judges, rolesIn } from '../../harness/model/clause.ts';
import { consumersOf, providersOf, type Flow } from '../../harness/model/flow.ts';
import { catalogue, flows } from './project.ts';

const page = await readFile(new URL('../../ADAPTERS.md', import.meta.url), 'utf8');
const rules = await loadPortRules(catalogue);

const applicationsOf = (flow: Flow): readonly string[] => [...new Set([...providersOf(flow), ...consumersOf(flow)])];

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

  it('has a rule for every application that such a clause judges, on each flow that it applies to', () => {
    const without = catalogue.clauses
      .filter(({ checker }) => checker !== undefined)
      .flatMap((clause) =>
        flows
          .filter((flow) => applies(clause, flow))
          .flatMap((flow) =>
            applicationsOf(flow)
              .filter((application) => judges(clause, rolesIn(flow, application)))
              .filter(
                (application) =>
                  !rules.some((rule) => rule.clauses.includes(clause.id) && governs(rule, flow, application)),
              )
              .map((application) => `${clause.id} at ${application} of ${flow.id}`),
          ),
      );
    expect(without).toEqual([]);
  });
});
