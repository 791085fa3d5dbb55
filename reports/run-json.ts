import type { KnownCalibration } from '../harness/model/calibration.ts';
import type { Catalogue, Clause, Profile, Requirement } from '../harness/model/clause.ts';
import type { Counterexample, WorkloadSize } from '../harness/model/counterexample.ts';
import type { Shortened } from '../harness/model/flow.ts';
import { tableShapes } from '../harness/model/history.ts';
import type { PactSummary } from '../harness/model/pact.ts';
import type { LatencySummary, LoadSummary, Percentile, Spread, SubscriberLatency } from '../harness/model/load.ts';
import type {
  AdapterSummary,
  Claim,
  Environment,
  EvidenceLine,
  FlowSummary,
  Latency,
  LeftOut,
  Part,
  Run,
  ServiceSummary,
  TrialSummary,
} from '../harness/model/run.ts';
import { NONE, type TableShape } from '../harness/model/table.ts';
import type { Evidence, Verdict } from '../harness/model/verdict.ts';
import { counterexampleFile, sequenceText } from './counterexample.ts';
import { figure, flag, list, object, text, texts, type Writer } from './json-writer.ts';

/** The run as a document of `run.schema.json`: the members in a fixed order, so that two runs can be compared line by line. */
export function runJson(run: Run): string {
  return `${JSON.stringify(runDocument(run), null, 1)}\n`;
}

const evidence = object<Evidence>({ table: text, row: figure });

const verdict = object<Verdict>({
  clause: text,
  flow: text,
  verdict: text,
  reason: text,
  exercised: figure,
  bound: figure,
  failed: figure,
  failures: list(
    object<Verdict['failures'][number]>({
      trial: text,
      application: text,
      expected: text,
      observed: text,
      evidence: list(evidence),
    }),
  ),
  trials: texts,
  notes: texts,
});

const trial = object<TrialSummary>({
  id: text,
  flow: text,
  scenario: text,
  title: text,
  seed: figure,
  unobserved: texts,
  again: text,
  clauses: texts,
  startedAt: text,
  durationMs: figure,
  complete: flag,
  sends: figure,
  deliveries: figure,
  problems: texts,
});

const latency = object<Latency>({
  flow: text,
  application: text,
  count: figure,
  p50Ms: figure,
  p90Ms: figure,
  p99Ms: figure,
  maxMs: figure,
  objectiveMs: figure,
});

const spread = object<Spread>({ count: figure, p50Ms: figure, p99Ms: figure, p999Ms: figure, maxMs: figure });

/** A percentile that is null: those messages never came. */
const latencyMembers = {
  count: figure,
  unanswered: figure,
  aboveObjective: figure,
  percentiles: list(object<Percentile>({ share: figure, ms: figure })),
  histogram: text,
};

const load = object<LoadSummary>({
  flow: text,
  trials: texts,
  askedPerSecond: figure,
  drivenPerSecond: figure,
  warmUp: figure,
  lateness: spread,
  floor: spread,
  objectiveMs: figure,
  subscribers: list(object<SubscriberLatency>({ application: text, ...latencyMembers })),
  together: object<LatencySummary>(latencyMembers),
});

/** Cells in the order of the table's columns; null where there is none. */
const line: Writer<EvidenceLine> = ({ trial, table, row, cells }) => {
  const given = cells as Readonly<Record<string, number | string>>;
  const shape: TableShape = tableShapes[table];
  const written = Object.entries(shape).flatMap(([name, type]) => {
    const value = given[name];
    if (value === undefined) return [];
    if (typeof value === 'string') return [[name, value] as const];
    return [[name, type === 'count' && value === NONE ? null : figure(value)] as const];
  });
  return { trial, table, row, cells: Object.fromEntries(written) };
};

const size = object<WorkloadSize>({ messages: figure, events: figure });

/** The workload itself is in the counterexample's file. */
const counterexample: Writer<Counterexample> = (given) => {
  const {
    clause,
    flow,
    trial: own,
    of,
    scenario,
    seed,
    before,
    after,
    rate,
    control,
    runs,
    minimal,
    durationMs,
  } = given;
  return {
    clause,
    flow,
    file: counterexampleFile(given),
    trial: own,
    of,
    scenario,
    seed,
    before: size(before),
    after: size(after),
    failed: rate.failed,
    tried: rate.tried,
    ...(control === undefined ? {} : { ownAdaptersPass: control }),
    runs,
    minimal,
    durationMs: figure(durationMs),
    sequence: [...sequenceText(given)],
  };
};

const service = object<ServiceSummary>({
  name: text,
  title: text,
  version: text,
  document: text,
  digest: text,
  flows: list(
    object<FlowSummary>({
      id: text,
      title: text,
      pattern: text,
      delivery: text,
      senders: texts,
      receivers: texts,
      p99Ms: figure,
      peakPerSecond: figure,
    }),
  ),
});

const catalogue = object<Catalogue>({
  clauses: list(
    object<Clause>({
      id: text,
      level: text,
      subjects: texts,
      text,
      why: text,
      patterns: texts,
      guarantees: texts,
      delivery: text,
      test: text,
      checker: text,
      notTested: text,
    }),
  ),
  profiles: list(object<Profile>({ name: text, title: text, clauses: texts })),
  requirements: list(object<Requirement>({ id: text, source: text, text, clauses: texts })),
});

const header = object<Run['header']>({
  format: figure,
  id: text,
  startedAt: text,
  seed: figure,
  claim: object<Claim>({
    profile: text,
    narrowed: text,
    scenarios: texts,
    flows: texts,
    parts: list(object<Part>({ flow: text, roles: texts })),
    explored: flag,
    clauses: texts,
  }),
  timeScale: figure,
  shortened: list(object<Shortened>({ flow: text, what: text, declaredMs: figure, effectiveMs: figure })),
  environment: object<Environment>({
    busworthy: text,
    node: text,
    platform: text,
    cpus: figure,
    bus: object<Environment['bus']>({ runtime: text, serverVersion: text }),
    adapters: list(
      object<AdapterSummary>({ service: text, application: text, file: text, command: text, digest: text }),
    ),
  }),
  calibration: object<KnownCalibration>({
    calibratedAt: text,
    seed: figure,
    versions: object<KnownCalibration['versions']>({ busworthy: text, node: text, natsServer: text }),
    catalogueDigest: text,
    bankDigest: text,
    defects: figure,
    caught: figure,
    healthyRuns: figure,
    green: figure,
    bound: figure,
    stale: text,
  }),
  command: texts,
  defect: text,
  leftOut: list(object<LeftOut>({ trial: text, flow: text, scenario: text, clauses: texts, reason: text })),
  services: list(service),
  catalogue,
});

const pact = object<PactSummary>({
  flow: text,
  message: text,
  consumer: text,
  provider: text,
  interaction: object<NonNullable<PactSummary['interaction']>>({
    pact: text,
    file: text,
    description: text,
    pending: flag,
    asked: figure,
    judged: figure,
    held: figure,
    source: text,
    tried: figure,
  }),
});

const runDocument = object<Run>({
  answer: text,
  sentence: text,
  exitCode: figure,
  durationMs: figure,
  header,
  verdicts: list(verdict),
  lines: list(line),
  latencies: list(latency),
  loads: list(load),
  pacts: list(pact),
  counterexamples: list(counterexample),
  trials: list(trial),
});
