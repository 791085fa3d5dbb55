import { check, checkers } from '../../harness/checkers/index.ts';
import type { Flow } from '../../harness/model/flow.ts';
import {
  HistoryBuilder,
  tableNames,
  type History,
  type PartialRow,
  type TableName,
} from '../../harness/model/history.ts';
import type { Contract, Finding } from '../../harness/model/verdict.ts';
import { serviceOf } from './flows.ts';

/** A history as lists of rows, which a test may change in one known way. */
export type Rows = { [T in TableName]: Mutable<PartialRow<T>>[] };
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export const noRows = (): Rows => Object.fromEntries(tableNames.map((name) => [name, []])) as unknown as Rows;

/** The harness's timer was watched all along, past whatever a case sets late. */
export function watchedLong({ lag }: Rows): void {
  for (const row of lag) Object.assign(row, { at: 9000, intervalMs: 9000 });
}

export function historyOf(rows: Partial<Rows>): History {
  const builder = new HistoryBuilder();
  for (const name of tableNames) for (const row of rows[name] ?? []) builder.append(name, row);
  return builder.history();
}

export const contractOf = (flow: Flow, clauses: readonly string[] = []): Contract => ({
  service: serviceOf(flow),
  flow,
  clauses,
});

export function findingsOf(
  flow: Flow,
  rows: Partial<Rows>,
  clauses: readonly string[] = [],
): ReadonlyMap<string, Finding> {
  return new Map(check(contractOf(flow, clauses), historyOf(rows)).map((finding) => [finding.clause, finding]));
}

/** Those of the clauses that the same checker decides. */
export function familyFindings(flow: Flow, rows: Partial<Rows>, clause: string): ReadonlyMap<string, Finding> {
  const history = historyOf(rows);
  const findings = checkers
    .filter(({ clauses }) => clauses.includes(clause))
    .flatMap((checker) => checker.check(contractOf(flow, [clause]), history));
  return new Map(findings.map((finding) => [finding.clause, finding]));
}

/** What the run would say of a finding, were it the only one. */
export function wordOf(finding: Finding | undefined): 'pass' | 'fail' | 'undecided' | 'not-exercised' | 'absent' {
  if (finding === undefined) return 'absent';
  if (finding.failed > 0) return 'fail';
  if (finding.undecided !== undefined) return 'undecided';
  return finding.exercised > 0 ? 'pass' : 'not-exercised';
}

export const failing = (findings: ReadonlyMap<string, Finding>): readonly string[] =>
  [...findings.values()].filter((finding) => finding.failed > 0).map((finding) => finding.clause);

export const undecided = (findings: ReadonlyMap<string, Finding>): readonly string[] =>
  [...findings.values()].filter((finding) => finding.undecided !== undefined).map((finding) => finding.clause);
