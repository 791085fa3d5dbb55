import type { Clause } from '../harness/model/clause.ts';
import type { FlowSummary, Run } from '../harness/model/run.ts';
import type { Verdict } from '../harness/model/verdict.ts';
import { calibrationText } from './calibration.ts';
import { evidenceReader, lineText } from './evidence.ts';
import { count, counted } from './figures.ts';
import { binding, clausesOf, flowsOf, requirementsOf, serviceOf, standing } from './overview.ts';
import { reproduce } from './reproduce.ts';
import { content, element } from './xml.ts';

type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

/**
 * JUnit XML as Jenkins, GitLab and GitHub actions read it (junit-10.xsd): a suite for each flow, a case for each clause.
 * Inconclusive is an error, and so is what the answer rests on and nothing put to the test: neither may look like a pass.
 */
export function junitXml(run: Run): string {
  const outcomeOf = outcomes(run);
  const suites = flowsOf(run).map((flow) => {
    const verdicts = run.verdicts.filter((verdict) => verdict.flow === flow.id);
    return { flow, verdicts, outcomes: verdicts.map(outcomeOf) };
  });
  const all = suites.flatMap((suite) => suite.outcomes);
  const { skipped: _, ...totals } = totalsOf(all);
  const document = element(
    'testsuites',
    { name: 'busworthy', ...totals, time: seconds(run.durationMs) },
    suites.map((suite) => suiteOf(run, suite.flow, suite.verdicts, suite.outcomes)),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${document}\n`;
}

function outcomes(run: Run): (verdict: Verdict) => Outcome {
  const binds = binding(run);
  return ({ verdict, clause }) => {
    switch (verdict) {
      case 'pass':
        return 'passed';
      case 'fail':
        return 'failure';
      case 'inconclusive':
        return 'error';
      case 'not-tested':
        return binds(clause) ? 'error' : 'skipped';
    }
  };
}

function totalsOf(all: readonly Outcome[]) {
  const of = (outcome: Outcome): string => String(all.filter((each) => each === outcome).length);
  return { tests: String(all.length), failures: of('failure'), errors: of('error'), skipped: of('skipped') };
}

function suiteOf(run: Run, flow: FlowSummary, verdicts: readonly Verdict[], outcomes: readonly Outcome[]): string {
  const clauses = clausesOf(run);
  const trials = run.trials.filter((trial) => trial.flow === flow.id);
  const cases = verdicts.map((verdict, at) =>
    caseOf(run, clauses.get(verdict.clause), verdict, outcomes[at] ?? 'error'),
  );
  return element(
    'testsuite',
    {
      name: flow.id,
      ...totalsOf(outcomes),
      time: seconds(trials.reduce((sum, trial) => sum + trial.durationMs, 0)),
      timestamp: run.header.startedAt.replace(/(\.\d+)?(Z|[+-]\d\d:\d\d)$/u, ''),
      package: serviceOf(run, flow.id)?.name,
    },
    [propertiesOf(run, flow), ...cases],
  );
}

function propertiesOf(run: Run, flow: FlowSummary): string {
  const { header } = run;
  const service = serviceOf(run, flow.id);
  const properties = {
    run: header.id,
    answer: run.sentence,
    seed: String(header.seed),
    profile: header.claim.profile,
    narrowed: header.claim.narrowed,
    'time-scale': String(header.timeScale),
    busworthy: header.environment.busworthy,
    'nats-server': header.environment.bus.serverVersion,
    'bus-runtime': header.environment.bus.runtime,
    node: header.environment.node,
    platform: header.environment.platform,
    calibration: calibrationText(run),
    'service-version': service?.version ?? '',
    'contract-digest': service?.digest ?? '',
  };
  return element(
    'properties',
    {},
    Object.entries(properties).map(([name, value]) => element('property', { name, value })),
  );
}

function caseOf(run: Run, clause: Clause | undefined, verdict: Verdict, outcome: Outcome): string {
  const attributes = { name: `${verdict.clause} ${clause?.text ?? ''}`.trim(), classname: verdict.flow };
  const type = clause === undefined ? verdict.verdict : `${verdict.verdict}, ${standing(run, clause)}`;
  switch (outcome) {
    case 'passed':
      return element('testcase', attributes, verdict.notes.length === 0 ? [] : [notesOf(verdict)]);
    case 'failure':
      return element('testcase', attributes, [
        element('failure', { type, message: verdict.reason }, content(failureLines(run, verdict))),
      ]);
    case 'error':
    case 'skipped':
      return element('testcase', attributes, [element(outcome, { type, message: verdict.reason })]);
  }
}

function notesOf({ notes, exercised }: Verdict): string {
  return element('system-out', {}, content([`put to the test ${counted(exercised, 'time')}`, ...notes]));
}

function failureLines(run: Run, verdict: Verdict): readonly string[] {
  const read = evidenceReader(run);
  const shown = verdict.failures.length;
  const requirements = requirementsOf(run, verdict.clause).map(({ id }) => id);
  return [
    `failed ${counted(verdict.failed, 'time')}${shown < verdict.failed ? `; the first ${count(shown)} told here` : ''}`,
    ...(requirements.length === 0 ? [] : [`requirements: ${requirements.join(', ')}`]),
    ...verdict.failures.flatMap((failure) => [
      '',
      ...(failure.application === undefined ? [] : [`application: ${failure.application}`]),
      `expected: ${failure.expected}`,
      `observed: ${failure.observed}`,
      ...read(failure).map((line) => `  ${lineText(line)}`),
      `reproduce: ${reproduce(run, failure.trial)}`,
    ]),
  ];
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
