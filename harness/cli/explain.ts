import { loadCatalogue } from '../contracts/index.ts';
import type { Catalogue, Clause } from '../model/clause.ts';
import { Problem } from '../model/errors.ts';

/** Prints one clause, or a line for each. */
export async function explainCommand(id: string | undefined, options: { contracts: string; json?: boolean }): Promise<number> {
  const catalogue = await loadCatalogue(options.contracts);
  const clauses = id === undefined ? catalogue.clauses : [find(catalogue, id)];
  if (options.json === true) process.stdout.write(`${JSON.stringify(id === undefined ? clauses : clauses[0], null, 2)}\n`);
  else if (id === undefined) for (const clause of clauses) process.stdout.write(`${line(clause)}\n`);
  else for (const clause of clauses) process.stdout.write(page(clause, catalogue));
  return 0;
}

function find(catalogue: Catalogue, id: string): Clause {
  const clause = catalogue.clauses.find((candidate) => candidate.id.toLowerCase() === id.toLowerCase());
  if (clause !== undefined) return clause;
  throw new Problem('usage', `there is no clause ${id}`, { next: 'busworthy explain lists the clauses' });
}

const line = (clause: Clause): string =>
  `${clause.id.padEnd(6)} ${clause.level.padEnd(6)} ${clause.text}${clause.notTested === undefined ? '' : ' (not tested yet)'}`;

function page(clause: Clause, catalogue: Catalogue): string {
  const requirements = catalogue.requirements.filter((requirement) => requirement.clauses.includes(clause.id));
  const profiles = catalogue.profiles.filter((profile) => profile.clauses.includes(clause.id));
  const rows: readonly (readonly [string, string])[] = [
    ['Why', clause.why],
    ['Judged', clause.subjects.join(', ')],
    ['Patterns', clause.patterns.join(', ')],
    ['Asked of', [clause.delivery ?? 'every delivery', ...clause.guarantees.map((name) => `flows with ${name}`)].join(', ')],
    ['Test', clause.test],
    ['Decided', clause.checker === undefined ? `not yet: ${clause.notTested ?? ''}` : `by the ${clause.checker} checker`],
    ['Profiles', profiles.map((profile) => profile.name).join(', ')],
    ...requirements.map((requirement) => ['Requirement', `${requirement.id}: ${requirement.text}`] as const),
  ];
  const body = rows.map(([name, text]) => `  ${name.padEnd(12)}${text}\n`).join('');
  return `${clause.id} (${clause.level}): ${clause.text}\n\n${body}`;
}
