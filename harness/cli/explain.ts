import { loadCatalogue } from '../contracts/index.ts';
import type { Catalogue, Clause } from '../model/clause.ts';
import { columnsOf, wrapped } from './columns.ts';
import { knownName } from './known.ts';

/** Where there is no terminal, a page is as wide as is read with ease, and a line of a list is one line, for tools that take lines. */
const pageColumns = 100;

/** Prints one clause, or a line for each. */
export async function explainCommand(
  id: string | undefined,
  options: { contracts: string; json?: boolean },
): Promise<number> {
  const catalogue = await loadCatalogue(options.contracts);
  const clauses = id === undefined ? catalogue.clauses : [find(catalogue, id)];
  if (options.json === true)
    process.stdout.write(`${JSON.stringify(id === undefined ? clauses : clauses[0], null, 2)}\n`);
  else if (id === undefined) for (const clause of clauses) process.stdout.write(`${line(clause)}\n`);
  else for (const clause of clauses) process.stdout.write(page(clause, catalogue));
  return 0;
}

function find(catalogue: Catalogue, id: string): Clause {
  const name = knownName(
    'clause',
    id,
    catalogue.clauses.map((clause) => clause.id),
    'busworthy explain lists the clauses',
  );
  return catalogue.clauses.find((clause) => clause.id === name) as Clause;
}

function line({ id, level, text, notTested }: Clause): string {
  const what = `${text}${notTested === undefined ? '' : ' (not tested yet)'}`;
  return wrapped(`${id.padEnd(6)} ${level.padEnd(6)} `, what, columnsOf(process.stdout) ?? Infinity);
}

function page(clause: Clause, catalogue: Catalogue): string {
  const requirements = catalogue.requirements.filter((requirement) => requirement.clauses.includes(clause.id));
  const profiles = catalogue.profiles.filter((profile) => profile.clauses.includes(clause.id));
  const rows: readonly (readonly [string, string])[] = [
    ['Why', clause.why],
    ['Judged', clause.subjects.join(', ')],
    ['Patterns', clause.patterns.join(', ')],
    [
      'Asked of',
      [clause.delivery ?? 'every delivery', ...clause.guarantees.map((name) => `flows with ${name}`)].join(', '),
    ],
    ['Test', clause.test],
    [
      'Decided',
      clause.checker === undefined ? `not yet: ${clause.notTested ?? ''}` : `by the ${clause.checker} checker`,
    ],
    ['Profiles', profiles.map((profile) => profile.name).join(', ')],
    ...requirements.map((requirement) => ['Requirement', `${requirement.id}: ${requirement.text}`] as const),
  ];
  const columns = columnsOf(process.stdout) ?? pageColumns;
  const body = rows.map(([name, text]) => wrapped(`  ${name.padEnd(12)}`, text, columns)).join('\n');
  return `${wrapped(`${clause.id} (${clause.level}): `, clause.text, columns)}\n\n${body}\n`;
}
