import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import type { JournalTrial } from '../../harness/evidence/journal-reader.ts';
import { JournalWriter } from '../../harness/evidence/journal-writer.ts';
import { performTrials } from '../../harness/cli/perform-trials.ts';
import { ProgressLine } from '../../harness/cli/progress.ts';
import type { Stage } from '../../harness/explore/stage.ts';
import { HistoryBuilder } from '../../harness/model/history.ts';
import type { JudgedTrial } from '../../harness/model/judgement.ts';
import type { TrialPlan } from '../../scenarios/plan.ts';
import { runHeader, trialHeader } from '../fixtures/journal.ts';
import { TemporaryFolder } from './busworthy.ts';

const lagged = {
  clause: 'A-1',
  exercised: 1,
  failures: [],
  failed: 0,
  undecided: 'the timer lagged',
  lagged: true,
  notes: [],
} as const;
const decided = { clause: 'A-1', exercised: 1, failures: [], failed: 0, notes: [] } as const;

/** A stage on which the trials of these scenarios lag as often as they are told to. */
function stageWhere(lagging: Map<string, number>): {
  readonly stage: Stage;
  readonly performed: readonly string[];
  most: () => number;
} {
  const performed: string[] = [];
  let running = 0;
  let most = 0;
  const stage = {
    headerOf: ({ header }: { header: TrialPlan['header'] }) => ({ ...header, startedAt: '2026-03-05T14:00:00.000Z' }),
    async perform(_: unknown, __: AbortSignal, header: JournalTrial['header']): Promise<JournalTrial> {
      performed.push(header.id);
      running++;
      if (header.again !== undefined) most = Math.max(most, running);
      await Promise.resolve();
      running--;
      return { header, history: new HistoryBuilder().history(), end: { durationMs: 1, epochMs: 0 } };
    },
    judge({ header }: JournalTrial): JudgedTrial {
      const left = lagging.get(header.scenario) ?? 0;
      lagging.set(header.scenario, left - 1);
      return { header, complete: true, findings: [left > 0 ? lagged : decided] };
    },
  };
  return { stage: stage as unknown as Stage, performed, most: () => most };
}

const planOf = (scenario: string): TrialPlan =>
  ({
    header: trialHeader({ id: `service/things/${scenario}`, scenario, clauses: ['A-1'] }),
    service: {},
    flow: { id: 'service/things' },
    scenario: { name: scenario, workload: () => ({ limitMs: 1000 }) },
  }) as unknown as TrialPlan;

async function perform(lagging: Map<string, number>, again: boolean) {
  await using folder = await TemporaryFolder.make();
  let said = '';
  const stream = new Writable({ write: (chunk, _, done) => ((said += String(chunk)), done()) }) as NodeJS.WriteStream;
  const { stage, performed, most } = stageWhere(lagging);
  using journal = new JournalWriter(folder.file('journal.bwj'), runHeader());
  using progress = new ProgressLine(stream, 3);
  const plans = ['one', 'two', 'three'].map(planOf);
  const { signal } = new AbortController();
  await performTrials({ plans }, stage, journal, {
    progress,
    width: 3,
    beyond: 0,
    liveOn: false,
    watch: {},
    again,
    signal,
  });
  return { performed, said, most: most() };
}

test('a trial that only lagged is performed once more after all others, alone, and once only', async () => {
  const { performed, said, most } = await perform(
    new Map([
      ['one', 1],
      ['three', 9],
    ]),
    true,
  );
  expect(performed.slice(3)).toEqual(['service/things/one/again', 'service/things/three/again']);
  expect(most).toBe(1);
  expect(said).toContain('2 trials once more, one after another, since the machine lagged\n');
  expect(said).toContain('[4/5] service/things/one/again  ok');
  expect(said).toContain('[5/5] service/things/three/again  inconclusive A-1');
});

test('nothing is performed once more where nothing lagged, or where it must not be', async () => {
  expect((await perform(new Map(), true)).performed).toHaveLength(3);
  expect((await perform(new Map([['one', 1]]), false)).performed).toHaveLength(3);
});

test.each([
  [true, ['one', 'a', 'b', 'two']],
  [false, ['one', 'a', 'two', 'b']],
] as const)(
  'trials that begin with several instances follow one another where adapters live on (%s)',
  async (liveOn, order) => {
    await using folder = await TemporaryFolder.make();
    const { stage, performed } = stageWhere(new Map());
    using journal = new JournalWriter(folder.file('journal.bwj'), runHeader());
    using progress = new ProgressLine(new Writable({ write: (_, __, done) => done() }) as NodeJS.WriteStream, 4);
    const severalOn = (flow: string): TrialPlan => {
      const { header, scenario, ...plan } = planOf('several');
      return { ...plan, header: { ...header, id: flow }, scenario: { ...scenario, severalInstances: true } };
    };
    const plans = [planOf('one'), severalOn('a'), planOf('two'), severalOn('b')];
    const { signal } = new AbortController();
    await performTrials({ plans }, stage, journal, {
      progress,
      width: 2,
      beyond: 0,
      liveOn,
      watch: {},
      again: false,
      signal,
    });
    expect(performed.map((id) => id.split('/').at(-1))).toEqual(order);
  },
);
