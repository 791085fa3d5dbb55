import { applies, judges, type Catalogue, type Clause, type ClauseId } from './clause.ts';
import type { Flow } from './flow.ts';
import type { Answer, AskedClaim, Claim, LeftOut, TrialHeader } from './run.ts';
import { failureBound, failureLimit, type Finding, type Verdict, type VerdictWord } from './verdict.ts';

/** What was found in one trial. */
export interface JudgedTrial {
  readonly header: TrialHeader;
  readonly complete: boolean;
  readonly findings: readonly Finding[];
}

/** Nothing fails, and what is open is so only because the harness or the bus was late itself: a trial to be measured once more. */
export function onlyLagged({ header, complete, findings }: JudgedTrial): boolean {
  const open = findings.filter((finding) => finding.undecided !== undefined && header.clauses.includes(finding.clause));
  return (
    complete &&
    open.length > 0 &&
    open.every(({ lagged }) => lagged === true) &&
    findings.every(({ failed }) => failed === 0)
  );
}

/** Those that count: a trial that only lagged gives way to the one that measured it once more, whatever that shows. */
function counting(trials: readonly JudgedTrial[]): readonly JudgedTrial[] {
  const again = new Set(trials.flatMap(({ header, complete }) => (complete ? (header.again ?? []) : [])));
  return trials.filter((trial) => !(again.has(trial.header.id) && onlyLagged(trial)));
}

/** One verdict for each clause of the catalogue and each flow that it applies to. */
export function verdictsOf(
  catalogue: Catalogue,
  flows: readonly Flow[],
  trials: readonly JudgedTrial[],
  leftOut: readonly LeftOut[] = [],
): readonly Verdict[] {
  const counted = counting(trials);
  return catalogue.clauses.flatMap((clause) =>
    flows
      .filter((flow) => applies(clause, flow))
      .map((flow) =>
        verdictOf(
          clause,
          flow,
          counted.filter((trial) => trial.header.flow === flow.id),
          leftOut.filter((trial) => trial.flow === flow.id && trial.clauses.includes(clause.id)),
        ),
      ),
  );
}

/**
 * Without what nobody asked: of one application's adapter, what does not judge its part in the flow, unless it is broken or left in doubt.
 * What passes there does so by the harness's own ends.
 */
export function asked(
  catalogue: Catalogue,
  { clauses: ids, parts }: Claim,
  verdicts: readonly Verdict[],
): readonly Verdict[] {
  if (parts === undefined) return verdicts;
  const rolesOf = new Map(parts.map(({ flow, roles }) => [flow, roles]));
  return verdicts.filter(
    ({ clause, flow, verdict }) =>
      (verdict !== 'not-tested' && verdict !== 'pass') ||
      !ids.includes(clause) ||
      catalogue.clauses.some((each) => each.id === clause && judges(each, rolesOf.get(flow) ?? [])),
  );
}

function verdictOf(clause: Clause, flow: Flow, trials: readonly JudgedTrial[], leftOut: readonly LeftOut[]): Verdict {
  const found = trials.flatMap((trial) =>
    trial.findings
      .filter((finding) => finding.clause === clause.id)
      .map((finding) => ({ trial, finding, claimed: trial.header.clauses.includes(clause.id) })),
  );
  const failing = found.filter(({ finding }) => finding.failed > 0);
  const claimed = found.filter((entry) => entry.claimed);
  const exercised = claimed.reduce((sum, { finding }) => sum + finding.exercised, 0);
  const base = {
    clause: clause.id,
    flow: flow.id,
    exercised,
    failed: failing.reduce((sum, { finding }) => sum + finding.failed, 0),
    trials: [
      ...new Set(
        [...claimed.filter(({ finding }) => finding.exercised > 0), ...failing].map(({ trial }) => trial.header.id),
      ),
    ],
    failures: failing
      .flatMap(({ trial, finding }) => finding.failures.map((failure) => ({ ...failure, trial: trial.header.id })))
      .slice(0, failureLimit),
    notes: [
      ...new Set([
        ...claimed.flatMap(({ finding }) => finding.notes),
        ...idle(claimed),
        ...measuredAgain(claimed),
        ...notPerformed(leftOut),
      ]),
    ],
  };
  const first = base.failures[0];
  if (failing.length > 0) {
    const reason = first === undefined ? 'it was broken' : `expected ${first.expected}; observed ${first.observed}`;
    return { ...base, verdict: 'fail', reason };
  }
  const doubt = doubtOf(
    claimed.map((entry) => entry.finding),
    trials.filter((trial) => trial.header.clauses.includes(clause.id)),
  );
  if (doubt !== undefined) return { ...base, verdict: 'inconclusive', reason: doubt };
  if (exercised > 0) return { ...base, verdict: 'pass', reason: '', bound: boundOf(claimed, exercised) };
  return {
    ...base,
    verdict: 'not-tested',
    reason: clause.notTested ?? leftOut[0]?.reason ?? base.notes[0] ?? notTestedReason(clause, trials),
  };
}

/** The worst of the bounds that were worked out; else what follows from so many tests without a failure. */
function boundOf(claimed: readonly { readonly finding: Finding }[], exercised: number): number {
  const known = claimed.flatMap(({ finding }) => finding.bound ?? []);
  return known.length === 0 ? failureBound(exercised) : Math.max(...known);
}

/** What was to put the clause to the test and did not: a reader of a pass should know that it rests on less than was planned. */
function idle(claimed: readonly { readonly trial: JudgedTrial; readonly finding: Finding }[]): readonly string[] {
  const not = claimed.filter(({ finding }) => finding.exercised === 0 && finding.failed === 0);
  return not.length === 0 || not.length === claimed.length
    ? []
    : [`not put to the test by ${not.map(({ trial }) => trial.header.scenario).join(', ')}`];
}

function measuredAgain(claimed: readonly { readonly trial: JudgedTrial }[]): readonly string[] {
  const those = claimed.flatMap(({ trial: { header } }) => (header.again === undefined ? [] : [header.scenario]));
  return those.length === 0 ? [] : [`measured once more, since the machine lagged: ${those.join(', ')}`];
}

function notPerformed(leftOut: readonly LeftOut[]): readonly string[] {
  return leftOut.map(({ scenario, reason }) => `${scenario} was not performed: ${reason}`);
}

function doubtOf(findings: readonly Finding[], claiming: readonly JudgedTrial[]): string | undefined {
  const broken = claiming.find((trial) => !trial.complete);
  if (broken !== undefined) return `trial ${broken.header.id} did not end`;
  return findings.find((finding) => finding.undecided !== undefined)?.undecided;
}

function notTestedReason(clause: Clause, trials: readonly JudgedTrial[]): string {
  const ran = trials.filter((trial) => trial.header.clauses.includes(clause.id));
  return ran.length === 0
    ? 'no scenario that can decide it was part of this run'
    : `${ran.map((trial) => trial.header.scenario).join(', ')} ran, and nothing in the history put it to the test`;
}

/** The claim that is answered: with what was left out of it only since nothing was to decide it, and is broken all the same. */
export function answeredClaim({ besides = [], ...claim }: AskedClaim, verdicts: readonly Verdict[]): Claim {
  const broken = new Set(verdicts.flatMap(({ clause, verdict }) => (verdict === 'fail' ? [clause] : [])));
  return { ...claim, clauses: [...claim.clauses, ...besides.filter((clause) => broken.has(clause))] };
}

/** What a conclusion knows of a trial. Where its findings are absent, they rest on the verdicts alone. */
export type ConcludedTrial = Pick<JudgedTrial, 'header'> & Partial<Pick<JudgedTrial, 'complete' | 'findings'>>;

export interface Conclusion {
  readonly answer: Answer;
  readonly sentence: string;
  readonly exitCode: 0 | 1 | 2;
}

/**
 * The answer of a run: what its claim comes to. Only MUST clauses of the claim count. A claim that is narrowed to scenarios asks of
 * each flow what they can decide there; `trials` are all of the run.
 */
export function conclude(
  catalogue: Catalogue,
  claim: Claim,
  verdicts: readonly Verdict[],
  trials: readonly ConcludedTrial[],
  leftOut: readonly LeftOut[] = [],
): Conclusion {
  const must = new Set(catalogue.clauses.filter((clause) => clause.level === 'MUST').map((clause) => clause.id));
  const asked = ({ clause, flow, verdict }: Verdict): boolean =>
    claim.scenarios === undefined ||
    verdict !== 'not-tested' ||
    trials.some(({ header }) => header.flow === flow && header.clauses.includes(clause)) ||
    leftOut.some((trial) => trial.flow === flow && trial.clauses.includes(clause));
  const inClaim = verdicts.filter(
    (verdict) => claim.clauses.includes(verdict.clause) && must.has(verdict.clause) && asked(verdict),
  );
  const named = claim.narrowed === '' ? claim.profile : `${claim.profile}, narrowed to ${claim.narrowed},`;
  const count = (word: VerdictWord): number =>
    new Set(inClaim.filter(({ verdict }) => verdict === word).map(({ clause }) => clause)).size;
  const outside = new Set(
    verdicts
      .filter(({ clause, verdict }) => !claim.clauses.includes(clause) && verdict === 'not-tested')
      .map(({ clause }) => clause),
  ).size;
  const rest = outside === 0 ? '' : `; ${clauses(outside)} outside it not tested`;
  if (count('fail') > 0) {
    return {
      answer: 'does not hold',
      exitCode: 1,
      sentence: `${named} does not hold: ${clauses(count('fail'))} broken${rest}`,
    };
  }
  if (claim.explored === true) {
    const flows = new Set(verdicts.map(({ flow }) => flow));
    const asks = (clause: ClauseId): boolean => must.has(clause) && claim.clauses.includes(clause);
    return explored(named, [...flows], trials, asks);
  }
  const open = count('inconclusive') + count('not-tested');
  if (open > 0 || inClaim.length === 0) {
    const why =
      inClaim.length === 0
        ? 'nothing that it claims was put to the test'
        : `${clauses(count('inconclusive'))} inconclusive, ${clauses(count('not-tested'))} not tested`;
    return { answer: 'cannot be said', exitCode: 2, sentence: `whether ${named} holds cannot be said: ${why}${rest}` };
  }
  return { answer: 'holds', exitCode: 0, sentence: `${named} holds${rest}` };
}

/** Workloads by chance of which none broke anything. On each flow one at least must have left nothing that is asked in doubt. */
function explored(
  named: string,
  flows: readonly string[],
  trials: readonly ConcludedTrial[],
  asks: (clause: ClauseId) => boolean,
): Conclusion {
  const decided = new Set(
    trials
      .filter(({ complete, findings = [] }) => {
        const doubted = findings.some(({ clause, undecided }) => undecided !== undefined && asks(clause));
        return complete !== false && !doubted && findings.some(({ exercised }) => exercised > 0);
      })
      .map(({ header }) => header.flow),
  );
  const open = flows.filter((flow) => !decided.has(flow));
  const workloads = (n: number): string => (n === 1 ? '1 workload' : `${String(n)} workloads`);
  if (open.length === 0 && flows.length > 0) {
    const sentence = `no workload of ${workloads(trials.length)} by chance breaks ${named}`;
    return { answer: 'holds', exitCode: 0, sentence };
  }
  const [first = 'no flow'] = open;
  const tried = trials.filter(({ header }) => header.flow === first).length;
  const more = open.length > 1 ? `, nor on ${flowsText(open.length - 1)}` : '';
  const sentence = `whether ${named} holds cannot be said: ${workloads(tried)} by chance on ${first}, and none was conclusive${more}`;
  return { answer: 'cannot be said', exitCode: 2, sentence };
}

const flowsText = (n: number): string => (n === 1 ? '1 other flow' : `${String(n)} other flows`);
const clauses = (n: number): string => (n === 1 ? '1 clause' : `${String(n)} clauses`);
