import { check } from '../checkers/index.ts';
import { rowAt } from '../model/history.ts';
import { answeredClaim, asked, conclude, verdictsOf, type Conclusion, type JudgedTrial } from '../model/judgement.ts';
import type { EvidenceLine, Run, ServiceSummary, TrialSummary } from '../model/run.ts';
import type { Flow, Service } from '../model/flow.ts';
import type { Verdict } from '../model/verdict.ts';
import { flawOf, type Journal, type JournalTrial } from './journal-reader.ts';
import { counterexamplesOf } from './counterexamples.ts';
import { latenciesOf } from './latencies.ts';
import { loadsOf } from './loads.ts';
import { pactsOf } from './pacts.ts';

/** Judges a journal: every verdict, the answer and the exit code, from what is written there alone. */
export function judge(journal: Journal): Run {
  const { services, ...rest } = journal.header;
  const selected = services.map((service) => withFlows(service, rest.claim.flows));
  const flows = selected.flatMap((service) => service.flows);
  // A counterexample shows what its trial has shown before: it decides nothing.
  const { deciding = [], showing = [] } = Object.groupBy(journal.trials, ({ header }) =>
    header.counterexample === undefined ? 'deciding' : 'showing',
  );
  const judged = deciding.map((trial) => judgeTrial(services, trial));
  const verdicts = asked(rest.catalogue, rest.claim, verdictsOf(rest.catalogue, flows, judged, rest.leftOut));
  const claim = answeredClaim(rest.claim, verdicts);
  const pacts = pactsOf(selected, deciding);
  return {
    header: { ...rest, claim, services: selected.map(serviceSummary) },
    durationMs: journal.durationMs ?? Math.max(0, ...journal.trials.map((trial) => trial.end?.durationMs ?? 0)),
    ...whole(journal, conclude(rest.catalogue, claim, verdicts, judged, rest.leftOut)),
    verdicts,
    trials: deciding.map(trialSummary),
    lines: linesOf(deciding, verdicts),
    latencies: latenciesOf(flows, deciding),
    loads: loadsOf(selected, deciding),
    ...(showing.length === 0
      ? {}
      : {
          counterexamples: counterexamplesOf(
            showing,
            showing.map((trial) => judgeTrial(services, trial)),
          ),
        }),
    ...(pacts === undefined ? {} : { pacts }),
  };
}

/** A service with the flows on which verdicts are given. What its trials tell of the others counts for these as well. */
function withFlows(service: Service, flows: readonly string[] | undefined): Service {
  return flows === undefined ? service : { ...service, flows: service.flows.filter((flow) => flows.includes(flow.id)) };
}

/** A journal that is not whole proves no green: nobody knows what it does not tell. */
function whole(journal: Journal, conclusion: Conclusion): Conclusion {
  const flaw = flawOf(journal);
  if (conclusion.exitCode === 1 || flaw === undefined) return conclusion;
  return {
    answer: 'cannot be said',
    exitCode: 2,
    sentence: `${conclusion.sentence}, as far as the journal goes: it ${flaw}`,
  };
}

export function judgeTrial(services: readonly Service[], trial: JournalTrial): JudgedTrial {
  const service = services.find((candidate) => candidate.flows.some((flow) => flow.id === trial.header.flow));
  const flow = service?.flows.find((candidate) => candidate.id === trial.header.flow);
  const complete = trial.end !== undefined;
  const findings =
    service === undefined || flow === undefined || !complete
      ? []
      : check(
          { service, flow, clauses: trial.header.clauses, unobserved: trial.header.unobserved ?? [] },
          trial.history,
        );
  return { header: trial.header, complete, findings };
}

function trialSummary(trial: JournalTrial): TrialSummary {
  const { history } = trial;
  return {
    ...trial.header,
    durationMs: trial.end?.durationMs ?? 0,
    complete: trial.end !== undefined,
    sends: history.send.length + history.injection.length,
    deliveries: history.delivery.length,
    problems: Array.from({ length: history.problem.length }, (_, at) => {
      const { where, what } = rowAt(history, 'problem', at);
      return `${where}: ${what}`;
    }),
  };
}

function serviceSummary(service: Service): ServiceSummary {
  const { name, title, version, document, digest } = service;
  return { name, title, version, document, digest, flows: service.flows.map(flowSummary) };
}

function flowSummary(flow: Flow): ServiceSummary['flows'][number] {
  const { id, title, pattern, delivery, senders, p99Ms, peakPerSecond } = flow;
  return {
    id,
    title,
    pattern,
    delivery,
    senders,
    receivers: flow.receivers.map((receiver) => receiver.application),
    p99Ms,
    peakPerSecond,
  };
}

/** The lines that the failures point to, decoded, each once. */
function linesOf(trials: readonly JournalTrial[], verdicts: readonly Verdict[]): readonly EvidenceLine[] {
  const lines = new Map<string, EvidenceLine>();
  for (const failure of verdicts.flatMap((verdict) => verdict.failures)) {
    const trial = trials.find((candidate) => candidate.header.id === failure.trial);
    if (trial === undefined) continue;
    for (const { table, row } of failure.evidence) {
      const line = { trial: failure.trial, table, row, cells: rowAt(trial.history, table, row) };
      lines.set(`${failure.trial} ${table} ${String(row)}`, line);
    }
  }
  return [...lines.values()];
}
