import { expect, test } from 'vitest';
import { checkers } from '../../harness/checkers/index.ts';
import { judge } from '../../harness/evidence/judge.ts';
import type { Journal, JournalTrial } from '../../harness/evidence/journal-reader.ts';
import { exchangePatterns } from '../../harness/model/flow.ts';
import type { Catalogue } from '../../harness/model/clause.ts';
import { HistoryBuilder, type History } from '../../harness/model/history.ts';
import { flows, serviceOf } from '../checkers/flows.ts';
import { perform, plainHappenings } from '../checkers/healthy.ts';
import { World } from '../checkers/world.ts';
import { runHeader, trialHeader } from '../fixtures/journal.ts';

const flow = flows['work-queue'];
const clauses = ['DEL-3', 'DLQ-4'];
const catalogue: Catalogue = {
  clauses: clauses.map((id) => ({
    id,
    level: 'MUST',
    subjects: ['consumer'],
    text: id,
    why: id,
    patterns: exchangePatterns,
    guarantees: [],
    test: '',
    checker: checkers.find((checker) => checker.clauses.includes(id))?.name ?? '',
  })),
  profiles: [],
  requirements: [],
};

function healthy(after?: (builder: HistoryBuilder) => void): History {
  const builder = new HistoryBuilder();
  perform(new World(flow, (table, row) => void builder.append(table, row)), plainHappenings(20, 4));
  after?.(builder);
  return builder.history();
}

const trial = (changes: Partial<JournalTrial> = {}): JournalTrial => ({
  header: trialHeader({ flow: flow.id, clauses }),
  history: healthy(),
  end: { durationMs: 1000, epochMs: 0 },
  ...changes,
});

const journal = (changes: Partial<Journal> = {}): Journal => ({
  header: runHeader([serviceOf(flow)], catalogue),
  trials: [trial()],
  durationMs: 1000,
  ...changes,
});

const { end: _end, ...unended } = trial();
const { durationMs: _durationMs, ...unfinished } = journal();

test('a whole journal of a healthy trial holds', () => {
  const run = judge(journal());
  expect(run.verdicts.map(({ clause, verdict }) => [clause, verdict])).toEqual(
    clauses.map((clause) => [clause, 'pass']),
  );
  expect(run).toMatchObject({ answer: 'holds', exitCode: 0, sentence: 'core holds' });
});

test.each<[string, Journal]>([
  ['no trials', journal({ trials: [] })],
  ['a trial that did not end', journal({ trials: [unended] })],
  [
    'a healthy trial and one that did not end',
    journal({ trials: [trial(), { ...unended, header: { ...unended.header, id: 'other' } }] }),
  ],
  ['a trial in which nothing happened', journal({ trials: [trial({ history: new HistoryBuilder().history() })] })],
  [
    'trouble of the harness',
    journal({
      trials: [
        trial({ history: healthy((builder) => builder.append('problem', { where: 'lane 1', what: 'it threw' })) }),
      ],
    }),
  ],
  [
    'a wait that was not reached',
    journal({
      trials: [
        trial({
          history: healthy((builder) => builder.append('wait', { what: 'drain', detail: 'drained', reached: 'no' })),
        }),
      ],
    }),
  ],
  ['no end of the run', unfinished],
  ['something broken behind it', journal({ brokenAt: 4711 })],
  ['no clauses', journal({ header: runHeader([serviceOf(flow)]) })],
  [
    'trials of a flow that no service has',
    journal({ trials: [trial({ header: trialHeader({ flow: 'service/gone', clauses }) })] }),
  ],
])('a journal with %s holds never', (_, given) => {
  const run = judge(given);
  expect([run.answer, run.exitCode]).toEqual(['cannot be said', 2]);
});

test('what a journal lacks is said once', () => {
  for (const given of [unfinished, journal({ brokenAt: 4711 }), { ...unfinished, trials: [unended] }])
    expect(judge(given).sentence.split('as far as the journal goes')).toHaveLength(2);
});

test('a broken trial does not hold, whole journal or not', () => {
  const history = healthy();
  const deliveries = { ...history.delivery, length: 0 };
  for (const given of [journal(), unfinished]) {
    const run = judge({ ...given, trials: [trial({ history: { ...history, delivery: deliveries } })] });
    expect(run).toMatchObject({ answer: 'does not hold', exitCode: 1 });
    expect(run.lines.length).toBeGreaterThan(0);
  }
});

test('the summary of a trial tells the trouble that the harness had', () => {
  const builder = new HistoryBuilder();
  builder.append('problem', { where: 'lane 1', what: 'the endpoint threw' });
  const [summary] = judge(journal({ trials: [trial({ history: builder.history() })] })).trials;
  expect(summary).toMatchObject({ complete: true, sends: 0, deliveries: 0, problems: ['lane 1: the endpoint threw'] });
});
