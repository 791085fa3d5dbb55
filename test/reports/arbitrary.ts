import fc from 'fast-check';
import type { EvidenceLine, Run } from '../../harness/model/run.ts';
import { NONE } from '../../harness/model/table.ts';
import { verdictWords, type Verdict } from '../../harness/model/verdict.ts';
import { clause, failure, flow, line, load, requirement, run, service, trial, verdict } from './build.ts';

/** Text that breaks a careless renderer: markup of each format, controls, halves of pairs, turns of direction. */
const nastyText = fc
  .array(
    fc.constantFrom(
      '<script>alert(1)</script>',
      '</style>',
      '"\'&<>`',
      ']]>',
      '--> <!--',
      '&amp;',
      '\u0000\u0007\u001b[31m',
      '\r\n\t',
      '\u0085\u2028\u202e',
      '\ud800',
      '\uffff',
      '| **a** | [x](javascript:y)',
      '```',
      '${x}',
      'naïve ✓ 😀',
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => `text ${parts.join(' ')}`);

const clauseIds = ['ENV-1', 'ENV-6', 'ORD-1', 'ORD-2', 'RES-1'];
const flowIds = ['incident-lifecycle/incidents', 'anpr-hit/hits', 'anpr-hit/reads'];

function verdictOn(clauseId: string, flowId: string): fc.Arbitrary<Verdict> {
  const trialId = `${flowId}/happy-flow`;
  const failures = fc.array(
    fc.record({ expected: nastyText, observed: nastyText, application: nastyText, rows: fc.nat(3) }),
    { minLength: 1, maxLength: 8 },
  );
  return fc
    .record({ word: fc.constantFrom(...verdictWords), reason: nastyText, note: nastyText, failures, more: fc.nat(30) })
    .map(({ word, reason, note, failures, more }) =>
      verdict(clauseId, flowId, word, {
        ...(word === 'pass' ? {} : { reason }),
        notes: [note],
        ...(word === 'fail'
          ? {
              failed: failures.length + more,
              failures: failures.map(({ rows, ...given }) =>
                failure(trialId, {
                  ...given,
                  evidence: Array.from({ length: rows }, (_, row) => ({ table: 'delivery' as const, row })),
                }),
              ),
            }
          : {}),
      }),
    );
}

/** Runs of every answer: any verdicts, any text, figures that there are not. */
export const arbitraryRun: fc.Arbitrary<Run> = fc
  .record({
    text: nastyText,
    other: nastyText,
    sentence: nastyText,
    answer: fc.constantFrom('holds', 'does not hold', 'cannot be said'),
    ms: fc.oneof(
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      fc.constant(Number.NaN),
      fc.constant(Number.POSITIVE_INFINITY),
    ),
    verdicts: fc.tuple(
      ...clauseIds.flatMap((clauseId) =>
        flowIds.map((flowId) => fc.option(verdictOn(clauseId, flowId), { nil: undefined, freq: 8 })),
      ),
    ),
  })
  .map(({ text, other, sentence, answer, ms, verdicts }) =>
    run({
      answer,
      sentence,
      verdicts: verdicts.filter((each) => each !== undefined),
      trials: flowIds.map((flowId) => trial(flowId, 'happy-flow', { title: text, problems: [other], complete: false })),
      lines: flowIds.flatMap((flowId) => linesOf(flowId, text, ms)),
      latencies: [
        {
          flow: flowIds[0]!,
          application: text,
          count: 3,
          p50Ms: ms,
          p90Ms: ms,
          p99Ms: ms,
          maxMs: ms,
          objectiveMs: 1000,
        },
        {
          flow: flowIds[1]!,
          application: other,
          count: 0,
          p50Ms: Number.NaN,
          p90Ms: Number.NaN,
          p99Ms: Number.NaN,
          maxMs: Number.NaN,
          objectiveMs: 1000,
        },
      ],
      loads: [load(flowIds[0]!, { application: text, ms }), load(flowIds[1]!, { application: other, never: 3 })],
      header: {
        claim: { profile: 'core', clauses: ['ENV-1', 'ENV-6', 'ORD-1'], narrowed: text },
        shortened: [{ flow: flowIds[0]!, what: text, declaredMs: 30_000, effectiveMs: 600 }],
        services: [
          service('incident-lifecycle', [flow(flowIds[0]!, { title: text, senders: [other] })]),
          { ...service('anpr-hit', [flow(flowIds[1]!), flow(flowIds[2]!, { receivers: [text] })]), title: other },
        ],
        catalogue: {
          clauses: clauseIds.map((id) =>
            clause(id, { level: id === 'ENV-6' ? 'SHOULD' : 'MUST', text, why: other, test: text }),
          ),
          profiles: [{ name: 'core', title: text, clauses: ['ENV-1'] }],
          requirements: [{ ...requirement('PRG-ORDER', ['ORD-1', 'RES-1']), source: other, text }],
        },
        environment: {
          busworthy: text,
          node: other,
          platform: text,
          cpus: 2,
          bus: { runtime: other, serverVersion: text },
        },
        calibration: {
          calibratedAt: other,
          seed: 3,
          versions: { busworthy: text, node: other, natsServer: text },
          catalogueDigest: text,
          bankDigest: text,
          defects: 0,
          caught: 0,
          healthyRuns: 0,
          green: 0,
          stale: other,
        },
        command: ['run', '--bus', text, '--time-scale', '0.02'],
      },
    }),
  );

function linesOf(flowId: string, text: string, ms: number): readonly EvidenceLine[] {
  const trialId = `${flowId}/happy-flow`;
  return [
    line(trialId, 'delivery', 0, {
      at: 12.5,
      message: NONE,
      id: text,
      application: text,
      effect: 'no',
      valid: 'unknown',
      lateMs: ms,
    }),
    line(trialId, 'delivery', 1, { at: Number.NaN, message: 3, id: '', outcome: 'info' }),
  ];
}
