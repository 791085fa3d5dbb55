import { loadCatalogue } from '../../harness/contracts/catalogue.ts';
import type { Clause } from '../../harness/model/clause.ts';
import type { ExchangePattern } from '../../harness/model/flow.ts';
import { conclude } from '../../harness/model/judgement.ts';
import type { EvidenceLine, FlowSummary, Latency, Run, TrialSummary } from '../../harness/model/run.ts';
import { failureBound, type Verdict } from '../../harness/model/verdict.ts';
import { failure, flow, line, run, service, trial, verdict } from './build.ts';

/** A run of all six services as it may come out: the real catalogue, with one thing broken and another left open. */
export async function realisticRun(): Promise<Run> {
  const catalogue = await loadCatalogue();
  const profile = catalogue.profiles.find(({ name }) => name === 'core')!;
  const claim = { profile: 'core', clauses: profile.clauses, narrowed: '' };
  const flows = services.flatMap((each) => each.flows);
  const verdicts = catalogue.clauses.flatMap((clause) =>
    flows
      .filter(
        ({ pattern, delivery }) =>
          clause.patterns.includes(pattern as ExchangePattern) && (clause.delivery ?? delivery) === delivery,
      )
      .map(({ id }, at) => verdictOf(clause, id, at)),
  );
  return run({
    ...conclude(catalogue, claim, verdicts, []),
    durationMs: 24_310,
    verdicts,
    trials: trials(flows, profile.clauses),
    lines: evidence,
    latencies: flows.flatMap(latenciesOf),
    header: {
      claim,
      catalogue,
      services,
      shortened: flows
        .filter(({ pattern }) => pattern !== 'request-reply')
        .flatMap(({ id }) => [
          { flow: id, what: 'ackWaitMs', declaredMs: 30_000, effectiveMs: 600 },
          { flow: id, what: 'dedupeWindowMs', declaredMs: 120_000, effectiveMs: 2400 },
          { flow: id, what: 'backoffMs', declaredMs: 5000, effectiveMs: 100 },
        ]),
    },
  });
}

/** The same with nothing broken and nothing left open inside the claim. */
export async function greenRun(): Promise<Run> {
  const red = await realisticRun();
  const binds = new Set(red.header.claim.clauses);
  const verdicts = red.verdicts.map((each) =>
    binds.has(each.clause) ? verdict(each.clause, each.flow, 'pass', { exercised: 40, bound: failureBound(40) }) : each,
  );
  return { ...red, ...conclude(red.header.catalogue, red.header.claim, verdicts, []), verdicts, lines: [] };
}

/** What of a run concerns some clauses (by the letters that their ids start with) and some services. */
export function excerpt(of: Run, families: readonly string[], names: readonly string[]): Run {
  const kept = (clause: string): boolean => families.includes(clause.split('-')[0]!);
  const on = ({ flow }: { readonly flow: string }): boolean => names.includes(flow.split('/')[0]!);
  const { catalogue } = of.header;
  return {
    ...of,
    verdicts: of.verdicts.filter((each) => kept(each.clause) && on(each)),
    trials: of.trials.filter(on),
    latencies: of.latencies.filter(on),
    header: {
      ...of.header,
      services: of.header.services.filter(({ name }) => names.includes(name)),
      shortened: of.header.shortened.filter(on),
      catalogue: {
        ...catalogue,
        clauses: catalogue.clauses.filter(({ id }) => kept(id)),
        requirements: catalogue.requirements
          .map((each) => ({ ...each, clauses: each.clauses.filter(kept) }))
          .filter(({ clauses }) => clauses.length > 0),
      },
    },
  };
}

function of(
  id: string,
  pattern: ExchangePattern,
  senders: string[],
  receivers: string[],
  peakPerSecond: number,
  p99Ms: number,
  delivery = 'at-least-once',
): FlowSummary {
  const title = `${id.split('/')[1]!.replaceAll('-', ' ')} of the illustrative service`;
  return flow(id, { pattern, senders, receivers, peakPerSecond, p99Ms, delivery, title });
}

const services = [
  service('records-check', [
    of(
      'records-check/vehicle-checks',
      'request-reply',
      ['mobile', 'control-room'],
      ['records-gateway'],
      50,
      500,
      'at-most-once',
    ),
    of(
      'records-check/person-checks',
      'request-reply',
      ['mobile', 'control-room'],
      ['records-gateway'],
      50,
      500,
      'at-most-once',
    ),
  ]),
  service('incident-lifecycle', [
    of(
      'incident-lifecycle/incidents',
      'ordered-stream',
      ['command-and-control'],
      ['mobile', 'crime-recording', 'analytics', 'partner-gateway'],
      40,
      1000,
    ),
  ]),
  service('anpr-hit', [
    of('anpr-hit/hits', 'fan-out', ['anpr-matching'], ['control-room', 'in-vehicle', 'intelligence'], 50, 1000),
    of('anpr-hit/reads', 'fan-out', ['anpr-matching'], ['intelligence'], 300, 1000, 'at-most-once'),
    of('anpr-hit/acknowledgements', 'fan-out', ['control-room', 'in-vehicle'], ['anpr-matching'], 50, 1000),
    of('anpr-hit/camera-status', 'fan-out', ['anpr-matching'], ['control-room'], 5, 2000),
  ]),
  service('unit-state', [
    of('unit-state/status', 'last-value', ['radio', 'mobile'], ['map', 'mobilisation', 'analytics'], 40, 2000),
    of('unit-state/positions', 'last-value', ['vehicle-location'], ['map', 'mobilisation'], 400, 2000, 'at-most-once'),
  ]),
  service('custody-task', [
    of(
      'custody-task/tasks',
      'work-queue',
      ['custody'],
      ['forensic', 'appropriate-adult', 'review', 'property'],
      10,
      2000,
    ),
    of('custody-task/completions', 'fan-out', ['forensic', 'review'], ['custody'], 10, 2000),
  ]),
  service('case-file-transfer', [
    of(
      'case-file-transfer/bundles',
      'claim-check',
      ['case-preparation'],
      ['prosecution-gateway', 'disclosure-store'],
      1 / 3,
      5000,
    ),
    of('case-file-transfer/outcomes', 'fan-out', ['prosecution-gateway'], ['case-preparation'], 1, 5000),
    of('case-file-transfer/batches', 'fan-out', ['case-preparation'], ['prosecution-gateway'], 1, 5000),
  ]),
];

const incidents = 'incident-lifecycle/incidents';
const gap = `${incidents}/gap`;
const crash = 'custody-task/tasks/crash';

function verdictOf(clause: Clause, flowId: string, at: number): Verdict {
  if (clause.notTested !== undefined) return verdict(clause.id, flowId, 'not-tested', { reason: clause.notTested });
  if (clause.id === 'ORD-2' && flowId === incidents) return outOfOrder;
  if (clause.id === 'DUP-2' && flowId === 'custody-task/tasks') return twice;
  if (clause.id === 'DEL-7' && flowId.startsWith('anpr-hit/h')) {
    return verdict(clause.id, flowId, 'inconclusive', {
      reason: 'the flow did not drain within 10 s: 3 messages of in-vehicle were pending',
    });
  }
  const exercised = 7 + ((at * 37 + clause.id.length * 11 + clause.text.length) % 180);
  const notes =
    clause.id === 'DEL-1'
      ? ['fault class: none']
      : clause.id === 'ENV-7'
        ? ['2 fields of IncidentCreated are not covered: they have no room for 40 random bits']
        : [];
  return verdict(clause.id, flowId, 'pass', {
    exercised,
    bound: failureBound(exercised),
    notes,
    trials: [`${flowId}/happy-flow`, `${flowId}/duplicates`],
  });
}

const outOfOrder = verdict('ORD-2', incidents, 'fail', {
  reason:
    'expected that 412/21JUL26 is parked after sequence 2 until 3 has come; observed that 4 was handed to mobile 212 ms before 3',
  exercised: 36,
  failed: 4,
  trials: [gap, `${incidents}/happy-flow`],
  failures: [4, 9, 15, 21].map((at) =>
    failure(gap, {
      application: 'mobile',
      expected: `412/21JUL26 is parked after sequence ${at - 2} until ${at - 1} has come`,
      observed: `${at} was handed to mobile 212 ms before ${at - 1}`,
      evidence: [
        { table: 'stored', row: 11 },
        { table: 'delivery', row: 17 },
        { table: 'delivery', row: 19 },
      ],
    }),
  ),
});

const twice = verdict('DUP-2', 'custody-task/tasks', 'fail', {
  reason: 'expected one effect of 9b1d-44; observed 2 at forensic',
  exercised: 58,
  trials: [crash],
  failures: [
    failure(crash, {
      application: 'forensic',
      expected: 'one effect of task 9b1d-44',
      observed: '2 effects at forensic, 640 ms apart: it was acknowledged after the crash, and taken again',
      evidence: [
        { table: 'delivery', row: 3 },
        { table: 'lifecycle', row: 5 },
        { table: 'delivery', row: 8 },
      ],
    }),
  ],
});

/** What one delivery of an incident that was taken is like, whichever it is of. */
const taken = {
  source: '/command-and-control',
  flow: incidents,
  application: 'mobile',
  instance: 0,
  time: 1,
  outcome: 'ok',
  status: 200,
  effect: 'yes',
  bodyIntact: 'yes',
  headersIntact: 'yes',
  chainIntact: 'yes',
  valid: 'yes',
  expired: 'no',
  lateMs: Number.NaN,
  reply: 0xffffffff,
} as const;

const evidence: readonly EvidenceLine[] = [
  line(gap, 'stored', 11, {
    at: 1190.4,
    stream: 'incident-lifecycle_incidents',
    sequence: 12,
    subject: 'partition.3.incident-lifecycle.incidents.412-21JUL26',
    id: '7f0c-12',
    source: '/command-and-control',
    type: 'IncidentGraded',
    key: '412/21JUL26',
    bytes: 812,
    envelope: 'yes',
    validA: 'yes',
    validB: 'yes',
    rules: 'yes',
    bodyIntact: 'yes',
  }),
  line(gap, 'delivery', 17, {
    at: 1204.25,
    message: 4,
    id: '7f0c-12',
    type: 'IncidentGraded',
    ...taken,
  }),
  line(gap, 'delivery', 19, {
    at: 1416.5,
    message: 3,
    id: '7f0c-11',
    type: 'IncidentUpdated',
    ...taken,
  }),
  line(crash, 'delivery', 3, {
    at: 402.1,
    message: 2,
    id: '9b1d-44',
    source: '/custody',
    type: 'BiometricRequest',
    application: 'forensic',
    instance: 0,
    time: 1,
    outcome: 'info',
    status: 200,
    effect: 'yes',
    bodyIntact: 'yes',
    valid: 'yes',
  }),
  line(crash, 'lifecycle', 5, {
    at: 405.9,
    application: 'forensic',
    instance: 0,
    change: 'crashed',
    reason: 'after-effect',
  }),
  line(crash, 'delivery', 8, {
    at: 1042.7,
    message: 2,
    id: '9b1d-44',
    source: '/custody',
    type: 'BiometricRequest',
    application: 'forensic',
    instance: 1,
    time: 2,
    outcome: 'ok',
    status: 200,
    effect: 'yes',
    bodyIntact: 'yes',
    valid: 'yes',
  }),
];

const scenarioTitles: Readonly<Record<string, string>> = {
  'happy-flow': 'Valid events of every type and key are sent, and every application accepts them',
  'invalid-sent':
    'The sending application offers one event for each header, keyword and rule that can be broken, between valid ones',
  duplicates: 'The same event is sent again: at once, just under the dedupe window, and 100 ms over it',
  canaries:
    'Events full of marked personal data are accepted, rejected, refused and conflict; then everything that is kept is searched',
  crash: 'A receiving adapter crashes while it hands an event over: before its application has taken it, and after',
  gap: 'A sequence is left out: its key is parked, the others go on, and the key resumes once the missing one has come',
};

function trials(flows: readonly FlowSummary[], clauses: readonly string[]): readonly TrialSummary[] {
  return Object.entries(scenarioTitles).flatMap(([scenario, title], of) =>
    flows
      .filter(({ pattern }) =>
        scenario === 'gap' ? pattern === 'ordered-stream' : scenario !== 'crash' || pattern !== 'request-reply',
      )
      .map(({ id }, at) =>
        trial(id, scenario, {
          title,
          clauses: clauses.slice(of * 5, of * 5 + 6),
          durationMs: 180 + ((at * 97 + of * 311) % 2900),
          sends: 20 + at * 3,
          deliveries: 50 + at * 7,
          problems:
            scenario === 'canaries' && id === 'anpr-hit/hits'
              ? ['drain: 3 messages of in-vehicle were pending after 10 s']
              : [],
        }),
      ),
  );
}

function latenciesOf({ id, receivers, p99Ms }: FlowSummary, at: number): readonly Latency[] {
  return receivers.map((application, of) => ({
    flow: id,
    application,
    count: 420 + at * 13,
    p50Ms: 0.8 + at * 0.11 + of * 0.07,
    p90Ms: 1.9 + at * 0.2,
    p99Ms: 6.4 + at * 0.6,
    maxMs: 31.2 + at,
    objectiveMs: p99Ms,
  }));
}
