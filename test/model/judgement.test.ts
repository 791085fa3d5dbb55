import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Catalogue, Clause } from '../../harness/model/clause.ts';
import { exchangePatterns, type Flow } from '../../harness/model/flow.ts';
import {
  answeredClaim,
  asked,
  conclude,
  onlyLagged,
  verdictsOf,
  type Conclusion,
  type JudgedTrial,
} from '../../harness/model/judgement.ts';
import { failureBound, failureLimit, type Finding, type Verdict } from '../../harness/model/verdict.ts';
import { flows } from '../checkers/flows.ts';
import type { LeftOut } from '../../harness/model/run.ts';
import { trialHeader } from '../fixtures/journal.ts';

const flow = flows['fan-out'];

const clause = (id: string, changes: Partial<Clause> = {}): Clause => ({
  id,
  level: 'MUST',
  subjects: ['consumer'],
  text: id,
  why: id,
  patterns: exchangePatterns,
  guarantees: [],
  test: '',
  checker: 'some',
  ...changes,
});

const catalogueOf = (...clauses: readonly Clause[]): Catalogue => ({ clauses, profiles: [], requirements: [] });
const claimOf = (...clauses: readonly string[]) => ({ profile: 'core', clauses, narrowed: '' });

const finding = (changes: Partial<Finding> = {}): Finding => ({
  clause: 'A-1',
  exercised: 1,
  failures: [],
  failed: 0,
  notes: [],
  ...changes,
});

const failure = { expected: 'one', observed: 'two', evidence: [{ table: 'send', row: 3 }] } as const;
const failing = finding({ failures: [failure], failed: 1 });
const undecided = finding({ undecided: 'the drain was not reached' });

const trial = (
  findings: readonly Finding[],
  changes: Partial<JudgedTrial> = {},
  scenario = 'happy-flow',
): JudgedTrial => ({
  header: trialHeader({ id: `${flow.id}/${scenario}`, scenario, clauses: ['A-1', 'B-1'] }),
  complete: true,
  findings,
  ...changes,
});

const catalogue = catalogueOf(clause('A-1'));
const verdictOf = (...trials: readonly JudgedTrial[]): Verdict => {
  const [verdict, ...more] = verdictsOf(catalogue, [flow], trials);
  if (verdict === undefined || more.length > 0) throw new Error('there is one clause and one flow');
  return verdict;
};
const answerOf = (...trials: readonly JudgedTrial[]): Conclusion =>
  conclude(catalogue, claimOf('A-1'), verdictsOf(catalogue, [flow], trials), trials);

describe('the verdict on a clause', () => {
  test('is a pass where it was put to the test and nothing failed, with the bound on the failure rate', () => {
    const verdict = verdictOf(trial([finding({ exercised: 299 })]), trial([finding({ exercised: 1 })], {}, 'crash'));
    expect(verdict).toMatchObject({
      verdict: 'pass',
      reason: '',
      exercised: 300,
      trials: [`${flow.id}/happy-flow`, `${flow.id}/crash`],
    });
    expect(verdict.bound).toBeCloseTo(0.01, 3);
  });

  test('is a fail where any trial broke it, with what was expected and seen, whatever else is in doubt', () => {
    const verdict = verdictOf(
      trial([finding()]),
      trial([failing], {}, 'crash'),
      trial([undecided], { complete: false }, 'gap'),
    );
    expect(verdict).toMatchObject({
      verdict: 'fail',
      reason: 'expected one; observed two',
      failed: 1,
      failures: [{ ...failure, trial: `${flow.id}/crash` }],
    });
    expect(verdict.bound).toBeUndefined();
  });

  test('is a fail where a trial broke it that had not said that it would test it', () => {
    const header = trialHeader({ clauses: [] });
    expect(verdictOf(trial([finding()]), trial([failing], { header })).verdict).toBe('fail');
  });

  test('is a fail where failures were counted and none was kept', () => {
    expect(verdictOf(trial([finding({ failed: 3 })]))).toMatchObject({ verdict: 'fail', failed: 3 });
  });

  test('keeps a bounded number of failures, and counts them all', () => {
    const many = finding({ failures: Array.from({ length: failureLimit }, () => failure), failed: 1000 });
    const verdict = verdictOf(trial([many]), trial([many], {}, 'crash'));
    expect([verdict.failures.length, verdict.failed]).toEqual([failureLimit, 2000]);
  });

  test('is inconclusive where a trial could not decide, however often others tested it', () => {
    expect(verdictOf(trial([finding({ exercised: 1000 })]), trial([undecided], {}, 'crash'))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'the drain was not reached',
    });
  });

  test('is inconclusive where a trial that was to test it did not end', () => {
    expect(verdictOf(trial([finding()]), trial([], { complete: false }, 'crash'))).toMatchObject({
      verdict: 'inconclusive',
      reason: `trial ${flow.id}/crash did not end`,
    });
  });

  test('is not touched by a trial that was not to test it and did not end', () => {
    const header = trialHeader({ clauses: ['B-1'] });
    expect(verdictOf(trial([finding()]), trial([], { complete: false, header })).verdict).toBe('pass');
  });

  test('is not-tested where no scenario was there for it', () => {
    expect(verdictOf()).toMatchObject({
      verdict: 'not-tested',
      reason: 'no scenario that can decide it was part of this run',
    });
  });

  test('is not-tested where nothing in the history put it to the test, and says which scenario ran', () => {
    const verdict = verdictOf(trial([finding({ exercised: 0 })]));
    expect(verdict.verdict).toBe('not-tested');
    expect(verdict.reason).toContain('happy-flow ran');
  });

  test('is not-tested with the catalogue’s reason where it has no checker', () => {
    const [verdict] = verdictsOf(catalogueOf(clause('A-1', { notTested: 'it needs two sites' })), [flow], [trial([])]);
    expect(verdict).toMatchObject({ verdict: 'not-tested', reason: 'it needs two sites' });
  });

  test('does not count what a trial saw of it by the way', () => {
    const header = trialHeader({ clauses: [] });
    expect(verdictOf(trial([finding()], { header })).verdict).toBe('not-tested');
  });

  test('is given for each flow that it applies to, from that flow’s trials alone', () => {
    const other: Flow = { ...flow, id: 'service/others' };
    const asked = flows['request-reply'];
    const streams = catalogueOf(clause('A-1', { guarantees: ['stream'] }));
    const verdicts = verdictsOf(streams, [flow, other, asked], [trial([failing])]);
    expect(verdicts.map(({ flow: id, verdict }) => [id, verdict])).toEqual([
      [flow.id, 'fail'],
      [other.id, 'not-tested'],
    ]);
  });
});

describe('the answer of a run', () => {
  test.each<[string, Conclusion['answer'], number, readonly JudgedTrial[]]>([
    ['holds where every clause passes', 'holds', 0, [trial([finding()])]],
    ['does not hold where one fails', 'does not hold', 1, [trial([failing])]],
    ['cannot be said where one is inconclusive', 'cannot be said', 2, [trial([undecided])]],
    ['cannot be said where one was not tested', 'cannot be said', 2, [trial([finding({ exercised: 0 })])]],
    ['cannot be said where a trial did not end', 'cannot be said', 2, [trial([finding()], { complete: false })]],
    ['cannot be said where there were no trials', 'cannot be said', 2, []],
  ])('%s', (_, answer, exitCode, trials) => {
    expect(answerOf(...trials)).toMatchObject({ answer, exitCode });
  });

  const verdict = (id: string, word: Verdict['verdict']): Verdict => ({
    clause: id,
    flow: flow.id,
    verdict: word,
    reason: '',
    exercised: 1,
    trials: [],
    failures: [],
    failed: 0,
    notes: [],
  });

  test('is no answer where the claim names nothing that applies', () => {
    const { exitCode, sentence } = conclude(catalogue, claimOf('Z-9'), [verdict('A-1', 'pass')], []);
    expect([exitCode, sentence]).toEqual([
      2,
      'whether core holds cannot be said: nothing that it claims was put to the test',
    ]);
  });

  test('does not depend on a SHOULD, nor on what lies outside the claim', () => {
    const clauses = catalogueOf(clause('A-1'), clause('S-1', { level: 'SHOULD' }), clause('O-1'));
    const verdicts = [verdict('A-1', 'pass'), verdict('S-1', 'fail'), verdict('O-1', 'fail')];
    expect(conclude(clauses, claimOf('A-1', 'S-1'), verdicts, [])).toMatchObject({ answer: 'holds', exitCode: 0 });
  });

  test('counts a clause once, on however many flows, and names what was not tested outside the claim', () => {
    const clauses = catalogueOf(clause('A-1'), clause('B-1'), clause('O-1'), clause('O-2'));
    const other = { ...verdict('A-1', 'fail'), flow: 'service/others' };
    const outside = [verdict('O-1', 'not-tested'), verdict('O-2', 'not-tested')];
    expect(
      conclude(
        clauses,
        claimOf('A-1', 'B-1'),
        [verdict('A-1', 'fail'), other, verdict('B-1', 'inconclusive'), ...outside],
        [],
      ).sentence,
    ).toBe('core does not hold: 1 clause broken; 2 clauses outside it not tested');
    expect(
      conclude(clauses, claimOf('A-1', 'B-1'), [verdict('A-1', 'not-tested'), verdict('B-1', 'inconclusive')], [])
        .sentence,
    ).toBe('whether core holds cannot be said: 1 clause inconclusive, 1 clause not tested');
  });

  test('of one application’s adapter it asks nothing of a flow but what judges its part there, and forgets no failure and no doubt', () => {
    const clauses = catalogueOf(
      clause('A-1', { subjects: ['provider'] }),
      clause('B-1', { subjects: ['bus', 'consumer'] }),
    );
    const claim = { ...claimOf('A-1', 'B-1'), parts: [{ flow: flow.id, roles: ['consumer'] as const }] };
    const untested = [verdict('A-1', 'not-tested'), verdict('B-1', 'not-tested'), verdict('O-1', 'not-tested')];
    expect(asked(clauses, claim, untested).map((each) => each.clause)).toEqual(['B-1', 'O-1']);
    expect(asked(clauses, claim, [verdict('A-1', 'pass')])).toEqual([]);
    for (const word of ['fail', 'inconclusive'] as const)
      expect(asked(clauses, claim, [verdict('A-1', word)])).toHaveLength(1);
    expect(asked(clauses, claim, [verdict('B-1', 'pass'), verdict('O-1', 'pass')])).toHaveLength(2);
    expect(asked(clauses, { ...claim, parts: [] }, untested).map((each) => each.clause)).toEqual(['O-1']);
    expect(asked(clauses, claimOf('A-1', 'B-1'), untested)).toEqual(untested);
  });

  test('says that the claim was narrowed', () => {
    const claim = { ...claimOf('A-1'), narrowed: '--clause A-1' };
    expect(conclude(catalogue, claim, [verdict('A-1', 'pass')], []).sentence).toBe(
      'core, narrowed to --clause A-1, holds',
    );
  });
});

describe('workloads by chance', () => {
  const other = { ...flow, id: 'other/flow' };
  const answer = (trials: readonly JudgedTrial[], of = [flow]): Conclusion =>
    conclude(catalogue, { ...claimOf('A-1'), explored: true }, verdictsOf(catalogue, of, trials), trials);
  const chance = (...findings: readonly Finding[]): JudgedTrial =>
    trial(findings, { header: trialHeader({ flow: flow.id, clauses: [] }) });
  const doubtful = chance(finding({ undecided: 'the harness lagged' }), finding({ clause: 'B-1' }));

  test('break nothing where one at least of each flow left nothing in doubt that is asked', () => {
    expect(answer([chance(finding()), doubtful])).toMatchObject({ answer: 'holds', exitCode: 0 });
    expect(answer([chance(finding(), finding({ clause: 'B-1', undecided: 'nobody asks for it' }))]).exitCode).toBe(0);
  });

  test.each<[string, readonly JudgedTrial[]]>([
    ['there was none', []],
    ['each was inconclusive', [doubtful, doubtful]],
    ['none came to its end', [{ ...chance(finding()), complete: false }]],
    ['none put anything to the test', [chance(finding({ exercised: 0 }))]],
  ])('say nothing where %s', (_, trials) => {
    expect(answer(trials)).toMatchObject({ answer: 'cannot be said', exitCode: 2 });
  });

  test('say nothing where of another flow none was conclusive, and name it', () => {
    const said = answer([chance(finding())], [flow, other]);
    expect(said.exitCode).toBe(2);
    expect(said.sentence).toContain('0 workloads by chance on other/flow, and none was conclusive');
  });

  test('break what one of them breaks, whatever the others left in doubt', () => {
    expect(answer([doubtful, chance(failing)]).exitCode).toBe(1);
  });
});

describe('whatever was found', () => {
  const rarely = <T>(often: T, rare: T): fc.Arbitrary<T> =>
    fc.oneof({ arbitrary: fc.constant(often), weight: 9 }, { arbitrary: fc.constant(rare), weight: 1 });
  const any: fc.Arbitrary<Finding> = fc
    .record({
      clause: fc.constantFrom('A-1', 'B-1'),
      exercised: fc.nat(3),
      isBroken: rarely(false, true),
      isDoubtful: rarely(false, true),
    })
    .map(({ isBroken, isDoubtful, ...rest }) =>
      finding({
        ...rest,
        ...(isBroken ? { failed: 1, failures: [failure] } : {}),
        ...(isDoubtful ? { undecided: 'in doubt' } : {}),
      }),
    );
  const trials = fc.array(
    fc
      .record({
        findings: fc.array(any, { maxLength: 4 }),
        complete: rarely(true, false),
        clauses: rarely(['A-1', 'B-1'], ['B-1']),
      })
      .map(({ clauses, ...rest }): JudgedTrial => ({ header: trialHeader({ clauses }), ...rest })),
    { maxLength: 4 },
  );
  const both = catalogueOf(clause('A-1'), clause('B-1'));
  const judged = (list: readonly JudgedTrial[]) => {
    const verdicts = verdictsOf(both, [flow], list);
    return { verdicts, ...conclude(both, claimOf('A-1', 'B-1'), verdicts, []) };
  };

  test('one failing finding more makes its clause fail, and no other one better', () => {
    fc.assert(
      fc.property(trials, any, (list, base) => {
        const before = judged(list).verdicts;
        const after = judged([...list, trial([{ ...base, failed: 1, failures: [failure] }])]);
        expect(after.exitCode).toBe(1);
        for (const [index, { clause: id, verdict }] of after.verdicts.entries()) {
          expect(verdict).toBe(id === base.clause ? 'fail' : before[index]?.verdict);
        }
      }),
    );
  });

  test('one doubt more never makes a pass of anything', () => {
    fc.assert(
      fc.property(trials, any, (list, base) => {
        const doubtful = trial([{ ...base, failed: 0, failures: [], undecided: 'in doubt' }]);
        const before = judged(list);
        const after = judged([...list, doubtful]);
        expect(after.exitCode).not.toBe(0);
        if (before.exitCode === 1) expect(after.exitCode).toBe(1);
      }),
    );
  });

  test('a run holds only where every trial ended that tested it, nothing failed, nothing was in doubt, and all was tested', () => {
    let held = 0;
    fc.assert(
      fc.property(trials, (list) => {
        const { exitCode, answer } = judged(list);
        expect(answer === 'holds').toBe(exitCode === 0);
        if (exitCode !== 0) return;
        held++;
        const claiming = list.filter(({ header }) => header.clauses.length > 0);
        expect(claiming.every(({ complete }) => complete)).toBe(true);
        expect(list.flatMap((one) => one.findings).every(({ failed }) => failed === 0)).toBe(true);
        for (const id of ['A-1', 'B-1']) {
          const of = list.flatMap((one) =>
            one.header.clauses.includes(id) ? one.findings.filter((found) => found.clause === id) : [],
          );
          expect(of.some(({ exercised }) => exercised > 0)).toBe(true);
          expect(of.every(({ undecided: doubt }) => doubt === undefined)).toBe(true);
        }
      }),
      { numRuns: 3000, seed: 1 },
    );
    expect(held).toBeGreaterThan(20);
  });

  test('the order of the trials changes no verdict', () => {
    fc.assert(
      fc.property(trials, (list) => {
        const word = ({ verdicts }: ReturnType<typeof judged>) =>
          verdicts.map(({ verdict, failed, exercised }) => [verdict, failed, exercised]);
        expect(word(judged(list.toReversed()))).toEqual(word(judged(list)));
      }),
    );
  });
});

test('the bound on the failure rate is about 3/n, and nothing is known after no trials', () => {
  expect(failureBound(0)).toBe(1);
  expect(failureBound(299)).toBeLessThanOrEqual(0.01);
  expect(failureBound(298)).toBeGreaterThan(0.01);
  for (const n of [1, 10, 100, 1000]) expect(failureBound(n) * n).toBeLessThanOrEqual(3);
});

test('a clause that no selected scenario decides claims nothing, and breaks the claim where it is broken', () => {
  const asked = { ...claimOf('A-1'), scenarios: ['happy-flow'], besides: ['B-1', 'C-1'] };
  const more = catalogueOf(clause('A-1'), clause('B-1'), clause('C-1'));
  const answered = (...trials: readonly JudgedTrial[]) => {
    const verdicts = verdictsOf(more, [flow], trials);
    const claim = answeredClaim(asked, verdicts);
    return [claim.clauses, conclude(more, claim, verdicts, trials).exitCode];
  };
  const only = { header: trialHeader({ id: `${flow.id}/happy-flow`, clauses: ['A-1'] }) };
  expect(answered(trial([finding()], only))).toEqual([['A-1'], 0]);
  expect(answered(trial([finding(), { ...failing, clause: 'B-1' }], only))).toEqual([['A-1', 'B-1'], 1]);
  expect(answered(trial([finding(), { ...undecided, clause: 'B-1' }], only))).toEqual([['A-1'], 0]);
});

describe('a trial that only lagged', () => {
  const lagged = finding({ undecided: "the harness's timer lagged", lagged: true });
  const again = (findings: readonly Finding[], changes: Partial<JudgedTrial> = {}): JudgedTrial => {
    const first = trial(findings, changes);
    return { ...first, header: { ...first.header, id: `${first.header.id}/again`, again: first.header.id } };
  };

  test('is inconclusive by itself, and gives way to what measured it once more, whatever that shows', () => {
    expect(verdictOf(trial([lagged])).verdict).toBe('inconclusive');
    expect(verdictOf(trial([lagged]), again([finding()]))).toMatchObject({
      verdict: 'pass',
      exercised: 1,
      notes: ['measured once more, since the machine lagged: happy-flow'],
    });
    expect(verdictOf(trial([lagged]), again([failing])).verdict).toBe('fail');
    expect(verdictOf(trial([lagged]), again([lagged])).verdict).toBe('inconclusive');
    expect(verdictOf(trial([lagged]), again([undecided])).verdict).toBe('inconclusive');
  });

  test('stands where the other one did not end', () => {
    expect(verdictOf(trial([lagged]), again([finding()], { complete: false })).verdict).toBe('inconclusive');
  });

  test.each<readonly [string, JudgedTrial, Verdict['verdict']]>([
    ['that fails', trial([failing]), 'fail'],
    ['that is undecided for another reason', trial([undecided]), 'inconclusive'],
    ['that lagged, and fails elsewhere', trial([{ ...failing, ...lagged, failed: 1 }]), 'fail'],
    ['that did not end', trial([lagged], { complete: false }), 'inconclusive'],
  ])('is all that another measurement may replace: one %s stands', (_, first, verdict) => {
    expect(onlyLagged(first)).toBe(false);
    expect(verdictOf(first, again([finding()])).verdict).toBe(verdict);
  });

  test('is not what lags in a clause that it does not claim', () => {
    expect(onlyLagged(trial([{ ...lagged, clause: 'C-1' }]))).toBe(false);
    expect(onlyLagged(trial([finding()]))).toBe(false);
  });
});

describe('what a reader of a verdict is told beside it', () => {
  const leftOut = (changes: Partial<LeftOut> = {}): LeftOut => ({
    trial: `${flow.id}/crash`,
    flow: flow.id,
    scenario: 'crash',
    clauses: ['A-1'],
    reason: 'the adapter has one instance',
    ...changes,
  });
  const verdictWith = (trials: readonly JudgedTrial[], ...left: readonly LeftOut[]): Verdict | undefined =>
    verdictsOf(catalogue, [flow], trials, left)[0];

  test('is what its checkers noted, each once', () => {
    const noted = finding({ notes: ['one note'] });
    expect(verdictOf(trial([noted]), trial([noted], {}, 'crash')).notes).toEqual(['one note']);
  });

  test('is which of several scenarios did not put it to the test, and nothing where none or all did', () => {
    const idle = finding({ exercised: 0 });
    expect(verdictOf(trial([finding()]), trial([idle], {}, 'crash'), trial([idle], {}, 'gap')).notes).toEqual([
      'not put to the test by crash, gap',
    ]);
    expect(verdictOf(trial([finding()]), trial([finding()], {}, 'crash')).notes).toEqual([]);
    expect(verdictOf(trial([idle])).notes).toEqual([]);
    expect(verdictOf(trial([finding()]), trial([finding({ exercised: 0, failed: 1 })], {}, 'crash')).notes).toEqual([]);
  });

  test('is which scenario of the flow was not performed that could have decided it, and why', () => {
    expect(verdictWith([trial([finding()])], leftOut())).toMatchObject({
      verdict: 'pass',
      notes: ['crash was not performed: the adapter has one instance'],
    });
    expect(verdictWith([trial([finding()])], leftOut({ clauses: ['B-1'] }))?.notes).toEqual([]);
    expect(verdictWith([trial([finding()])], leftOut({ flow: 'other/flow' }))?.notes).toEqual([]);
  });

  test('is, of what nothing tested, that reason before all others', () => {
    expect(verdictWith([], leftOut())).toMatchObject({ verdict: 'not-tested', reason: 'the adapter has one instance' });
    expect(verdictWith([], leftOut({ flow: 'other/flow' }))?.reason).toBe(
      'no scenario that can decide it was part of this run',
    );
    expect(verdictOf(trial([finding({ exercised: 0, notes: ['nothing of it was asked'] })])).reason).toBe(
      'nothing of it was asked',
    );
    const other = trial([], { header: trialHeader({ scenario: 'gap', clauses: ['B-1'] }) });
    expect(verdictOf(trial([]), trial([], {}, 'crash'), other).reason).toBe(
      'happy-flow, crash ran, and nothing in the history put it to the test',
    );
  });

  test('is the worst of the bounds that were worked out', () => {
    const bounded = (...bounds: readonly number[]): number | undefined =>
      verdictOf(...bounds.map((bound, at) => trial([finding({ bound })], {}, `scenario-${String(at)}`))).bound;
    expect(bounded(0.2, 0.3, 0.1)).toBe(0.3);
    expect(bounded(0.2)).toBe(0.2);
  });

  test('names the trials that tested it, or broke it, and no other', () => {
    const verdict = verdictOf(
      trial([finding()]),
      trial([finding({ exercised: 0 })], {}, 'crash'),
      trial([finding({ exercised: 0, failed: 1 })], {}, 'gap'),
    );
    expect(verdict.trials).toEqual([`${flow.id}/happy-flow`, `${flow.id}/gap`]);
    expect(verdict.reason).toBe('it was broken');
  });
});

describe('a claim that is narrowed to scenarios', () => {
  const other = { ...flow, id: 'other/flow' };
  const two = catalogueOf(clause('A-1'), clause('B-1'));
  const answer = (trials: readonly JudgedTrial[], left: readonly LeftOut[] = []): Conclusion => {
    const claim = { ...claimOf('A-1', 'B-1'), scenarios: ['happy-flow'] };
    return conclude(two, claim, verdictsOf(two, [flow, other], trials, left), trials, left);
  };
  const ran = (clauses: readonly string[], findings: readonly Finding[]): JudgedTrial =>
    trial(findings, { header: trialHeader({ id: `${flow.id}/happy-flow`, flow: flow.id, clauses: [...clauses] }) });
  const left: LeftOut = {
    trial: `${other.id}/happy-flow`,
    flow: other.id,
    scenario: 'happy-flow',
    clauses: ['A-1'],
    reason: 'it has one instance',
  };

  test('asks nothing of a flow that no trial of it was to decide', () => {
    expect(answer([ran(['A-1'], [finding()])]).exitCode).toBe(0);
  });

  test('asks for what a trial was to decide and did not', () => {
    expect(answer([ran(['A-1', 'B-1'], [finding()])])).toMatchObject({
      exitCode: 2,
      sentence: 'whether core holds cannot be said: 0 clauses inconclusive, 1 clause not tested',
    });
  });

  test('asks for what was left out and could have decided it', () => {
    expect(answer([ran(['A-1'], [finding()])], [left]).exitCode).toBe(2);
    expect(answer([ran(['A-1'], [finding()])], [{ ...left, clauses: ['C-1'] }]).exitCode).toBe(0);
    expect(answer([ran(['A-1'], [finding()])], [{ ...left, flow: 'third/flow' }]).exitCode).toBe(0);
  });

  test('is no claim where nothing of it was to be decided', () => {
    expect(answer([])).toMatchObject({
      exitCode: 2,
      sentence: 'whether core holds cannot be said: nothing that it claims was put to the test',
    });
  });
});

test('workloads by chance are counted, and so are the flows on which none was conclusive', () => {
  const more = ['other/one', 'other/two'].map((id) => ({ ...flow, id }));
  const chance = (of: string, ...findings: readonly Finding[]): JudgedTrial =>
    trial(findings, { header: trialHeader({ flow: of, clauses: [] }) });
  const said = (trials: readonly JudgedTrial[], of: readonly Flow[]): string =>
    conclude(catalogue, { ...claimOf('A-1'), explored: true }, verdictsOf(catalogue, of, trials), trials).sentence;
  const sound = chance(flow.id, finding());
  expect(said([sound], [flow])).toBe('no workload of 1 workload by chance breaks core');
  expect(said([sound, sound], [flow])).toBe('no workload of 2 workloads by chance breaks core');
  expect(said([sound, chance('other/one', undecided)], [flow, ...more.slice(0, 1)])).toBe(
    'whether core holds cannot be said: 1 workload by chance on other/one, and none was conclusive',
  );
  expect(said([sound], [flow, ...more])).toBe(
    'whether core holds cannot be said: 0 workloads by chance on other/one, and none was conclusive, nor on 1 other flow',
  );
  expect(said([], [flow, ...more])).toContain('nor on 2 other flows');
  expect(said([], [])).toContain('on no flow');
  expect(said([chance(flow.id, finding(), finding({ clause: 'B-1', exercised: 0 }))], [flow])).toContain('no workload');
});

test('a trial only lagged where all that it leaves open lagged, and nothing at all failed', () => {
  const lagged = finding({ undecided: "the harness's timer lagged", lagged: true });
  expect(onlyLagged(trial([lagged]))).toBe(true);
  expect(onlyLagged(trial([lagged, { ...undecided, clause: 'B-1' }]))).toBe(false);
  expect(onlyLagged(trial([lagged, finding({ clause: 'B-1' })]))).toBe(true);
  expect(onlyLagged(trial([lagged, { ...failing, clause: 'C-1' }]))).toBe(false);
  expect(onlyLagged(trial([lagged, { ...undecided, clause: 'C-1' }]))).toBe(true);
});
