import type { Counterexample } from '../../harness/model/counterexample.ts';
import type { LatencySummary, LoadSummary } from '../../harness/model/load.ts';
import type { Clause, Requirement } from '../../harness/model/clause.ts';
import type { RowOf, TableName } from '../../harness/model/history.ts';
import type { EvidenceLine, FlowSummary, Run, ServiceSummary, TrialSummary } from '../../harness/model/run.ts';
import type { Failure, Verdict, VerdictWord } from '../../harness/model/verdict.ts';

/** Tiny constructors for literal runs: each takes what a test is about, and fills in the rest. */

export function clause(id: string, given: Partial<Clause> = {}): Clause {
  return {
    id,
    level: 'MUST',
    subjects: ['provider'],
    text: `What ${id} asks.`,
    why: `Why ${id} matters.`,
    patterns: ['ordered-stream'],
    guarantees: [],
    test: `How ${id} is tested.`,
    checker: 'order',
    ...given,
  };
}

export function requirement(id: string, clauses: readonly string[]): Requirement {
  return { id, source: 'The programme', text: `What ${id} demands.`, clauses };
}

export function flow(id: string, given: Partial<FlowSummary> = {}): FlowSummary {
  return {
    id,
    title: `Title of ${id}`,
    pattern: 'ordered-stream',
    delivery: 'at-least-once',
    senders: ['command-and-control'],
    receivers: ['mobile'],
    p99Ms: 1000,
    peakPerSecond: 40,
    ...given,
  };
}

export function service(name: string, flows: readonly FlowSummary[]): ServiceSummary {
  const document = `${name}/asyncapi.yaml`;
  return { name, title: `Title of ${name}`, version: '1.0.0', document, digest: 'ab'.repeat(32), flows };
}

export function trial(flowId: string, scenario: string, given: Partial<TrialSummary> = {}): TrialSummary {
  return {
    id: `${flowId}/${scenario}`,
    flow: flowId,
    scenario,
    title: `What ${scenario} does`,
    clauses: ['ORD-1'],
    seed: 99,
    startedAt: '2026-07-21T14:03:08.000Z',
    durationMs: 250,
    complete: true,
    sends: 12,
    deliveries: 30,
    problems: [],
    ...given,
  };
}

export function verdict(
  clauseId: string,
  flowId: string,
  word: VerdictWord,
  given: Partial<Omit<Verdict, 'verdict'>> = {},
): Verdict {
  const failures = given.failures ?? (word === 'fail' ? [failure(`${flowId}/happy-flow`)] : []);
  return {
    clause: clauseId,
    flow: flowId,
    verdict: word,
    reason: word === 'pass' ? '' : `reason of ${clauseId}`,
    exercised: word === 'not-tested' ? 0 : 100,
    ...(word === 'pass' ? { bound: 0.03 } : {}),
    trials: word === 'not-tested' ? [] : [`${flowId}/happy-flow`],
    failed: failures.length,
    notes: [],
    ...given,
    failures,
  };
}

export function failure(trialId: string, given: Partial<Failure> = {}): Failure & { readonly trial: string } {
  return { trial: trialId, expected: 'what should be', observed: 'what was', evidence: [], ...given };
}

export function line<T extends TableName>(
  trialId: string,
  table: T,
  row: number,
  cells: Partial<RowOf<T>>,
): EvidenceLine {
  return { trial: trialId, table, row, cells: cells as unknown as EvidenceLine['cells'] };
}

export function counterexample(clauseId: string, flowId: string, given: Partial<Counterexample> = {}): Counterexample {
  return {
    trial: `${flowId}/gap/smallest-${clauseId}`,
    of: `${flowId}/gap`,
    clause: clauseId,
    flow: flowId,
    scenario: 'gap',
    seed: 99,
    workload: { messages: [], scripts: [], instances: {}, lanes: [], limitMs: 5000 },
    before: { messages: 18, events: 8 },
    after: { messages: 2, events: 1 },
    rate: { failed: 6, tried: 6 },
    control: true,
    runs: 24,
    durationMs: 4200,
    minimal: true,
    failure: failure(`${flowId}/gap`),
    sequence: {
      lifelines: [
        { kind: 'application', name: 'command-and-control' },
        { kind: 'adapter', name: 'adapter of command-and-control' },
        { kind: 'bus', name: 'bus' },
        { kind: 'adapter', name: 'adapter of mobile' },
        { kind: 'application', name: 'mobile' },
      ],
      entries: [
        { what: 'arrow', at: 1, text: 'sends #1', proof: false, from: 0, to: 1, answer: false },
        { what: 'arrow', at: 3.5, text: 'stores #1 as 1', proof: true, from: 1, to: 2, answer: false },
        { what: 'arrow', at: 4, text: '202', proof: false, from: 1, to: 0, answer: true },
        { what: 'mark', at: 10, text: 'crashed', proof: false, on: 3 },
        { what: 'arrow', at: 1204.3, text: 'hands over #1, time 2', proof: true, from: 3, to: 4, answer: false },
        { what: 'mark', at: 1300, text: 'dead letter of #1 for mobile: exhausted', proof: false, on: 2 },
      ],
      messages: [{ number: 1, text: 'IncidentCreated from command-and-control, key 412/21JUL26, sequence 1' }],
      leftOut: 0,
    },
    ...given,
  };
}

/** A flow under load at two subscribers: the first quick, the second with latencies that a test names. */
export function load(flowId: string, { application = 'map', ms = 40, never = 0 } = {}): LoadSummary {
  const spread = { count: 320, p50Ms: 0.6, p99Ms: 2.5, p999Ms: 7, maxMs: 9 };
  const latency = (p99Ms: number, unanswered: number): LatencySummary => ({
    count: 320,
    unanswered,
    aboveObjective: unanswered + (p99Ms > 1000 ? 5 : 0),
    percentiles: [
      { share: 0, ms: 1 },
      { share: 0.5, ms: 3.25 },
      { share: 0.9, ms: p99Ms / 2 },
      { share: 0.99, ms: p99Ms },
      { share: 1, ms: unanswered > 0 ? Infinity : p99Ms },
    ],
    histogram: 'HISTFAAAAA',
  });
  return {
    flow: flowId,
    trials: [`${flowId}/load`],
    askedPerSecond: 60,
    drivenPerSecond: 60.2,
    warmUp: 120,
    lateness: spread,
    floor: { ...spread, p999Ms: 1.25 },
    objectiveMs: 1000,
    subscribers: [
      { application: 'mobile', ...latency(12.5, 0) },
      { application, ...latency(ms, never) },
    ],
    together: { ...latency(ms, never), count: 640 },
  };
}

export type Given = Partial<Omit<Run, 'header'>> & { readonly header?: Partial<Run['header']> };

/** One service, one flow, one clause that passes, unless said otherwise. */
export function run({ header, ...given }: Given = {}): Run {
  const flowId = 'incident-lifecycle/incidents';
  return {
    durationMs: 21_400,
    answer: 'holds',
    sentence: 'core holds',
    exitCode: 0,
    verdicts: [verdict('ORD-1', flowId, 'pass')],
    trials: [trial(flowId, 'happy-flow')],
    lines: [],
    latencies: [],
    loads: [],
    ...given,
    header: {
      format: 1,
      id: '2026-07-21T14-03-07-000Z-7',
      startedAt: '2026-07-21T14:03:07.000Z',
      seed: 7,
      claim: { profile: 'core', clauses: ['ORD-1'], narrowed: '' },
      timeScale: 0.02,
      shortened: [],
      services: [service('incident-lifecycle', [flow(flowId)])],
      catalogue: {
        clauses: [clause('ORD-1')],
        profiles: [{ name: 'core', title: 'What a first release claims', clauses: ['ORD-1'] }],
        requirements: [requirement('PRG-ORDER', ['ORD-1'])],
      },
      environment: {
        busworthy: '0.1.0',
        node: 'v24.21.0',
        platform: 'linux x64',
        cpus: 2,
        bus: { runtime: 'process', serverVersion: '2.15.1' },
      },
      command: ['run', '--seed', '7', '--profile', 'core', '--time-scale', '0.02', '--bus', 'process'],
      ...header,
    },
  };
}
