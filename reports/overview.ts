import type { Clause, ClauseId, Requirement } from '../harness/model/clause.ts';
import type { FlowSummary, Run, ServiceSummary } from '../harness/model/run.ts';
import { verdictWords, type Verdict, type VerdictWord } from '../harness/model/verdict.ts';

export function flowsOf(run: Run): readonly FlowSummary[] {
  return run.header.services.flatMap((service) => service.flows);
}

export function serviceOf(run: Run, flow: string): ServiceSummary | undefined {
  return run.header.services.find((service) => service.flows.some(({ id }) => id === flow));
}

export function clausesOf(run: Run): ReadonlyMap<ClauseId, Clause> {
  return new Map(run.header.catalogue.clauses.map((clause) => [clause.id, clause]));
}

export function requirementsOf(run: Run, clause: ClauseId): readonly Requirement[] {
  return run.header.catalogue.requirements.filter((requirement) => requirement.clauses.includes(clause));
}

/** The verdict on a clause for a flow; undefined where the clause asks nothing of the flow. */
export function verdictFinder(run: Run): (clause: ClauseId, flow: string) => Verdict | undefined {
  const found = new Map(run.verdicts.map((verdict) => [`${verdict.clause} ${verdict.flow}`, verdict]));
  return (clause, flow) => found.get(`${clause} ${flow}`);
}

/** Whether the answer rests on a clause: a MUST of what the run claims. */
export function binding(run: Run): (clause: ClauseId) => boolean {
  const clauses = clausesOf(run);
  const claimed = new Set(run.header.claim.clauses);
  return (clause) => claimed.has(clause) && clauses.get(clause)?.level === 'MUST';
}

/** What a clause is to the answer: `MUST`, `SHOULD`, `MUST, outside the claim`. */
export function standing(run: Run, clause: Clause): string {
  return run.header.claim.clauses.includes(clause.id) ? clause.level : `${clause.level}, outside the claim`;
}

/** Verdicts of one word, those that the answer rests on first. */
export function verdictsOf(run: Run, word: VerdictWord): readonly Verdict[] {
  const binds = binding(run);
  const all = run.verdicts.filter(({ verdict }) => verdict === word);
  return [...all.filter(({ clause }) => binds(clause)), ...all.filter(({ clause }) => !binds(clause))];
}

/** How many verdicts there are of each word, in the words' order; words of which there is none are left out. */
export function tally(verdicts: readonly Verdict[]): readonly (readonly [VerdictWord, number])[] {
  return verdictWords
    .map((word) => [word, verdicts.filter(({ verdict }) => verdict === word).length] as const)
    .filter(([, n]) => n > 0);
}

interface Grouped {
  readonly key: string;
  readonly verdicts: readonly Verdict[];
}

/** Verdicts that share a reason, a clause or a flow, in the order in which the first of each stands. */
export function groupBy(verdicts: readonly Verdict[], keyOf: (verdict: Verdict) => string): readonly Grouped[] {
  return [...Map.groupBy(verdicts, keyOf)].map(([key, group]) => ({ key, verdicts: group }));
}
