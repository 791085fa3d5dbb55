import type { OnStart } from '../adapters/launch/launched-adapters.ts';
import { Gate } from '../engine/gate.ts';
import { performAll } from '../engine/schedule.ts';
import type { JournalTrial } from '../evidence/journal-reader.ts';
import type { JournalWriter } from '../evidence/journal-writer.ts';
import type { Stage } from '../explore/stage.ts';
import { onlyLagged, type JudgedTrial } from '../model/judgement.ts';
import type { TrialPlan } from '../../scenarios/plan.ts';
import type { Performed } from './counterexamples.ts';
import type { ProgressLine } from './progress.ts';

/** Hears of a run while it is performed: of adapters that start, and of each trial as it ends. */
export interface Watch {
  readonly onStart?: OnStart;
  readonly onTrial?: (trial: JournalTrial, judged: JudgedTrial) => void;
  /** Trials of a scenario that go ahead together, each of whose waits has this limit; what they show decides whether the others follow. */
  readonly first?: { readonly scenario: string; readonly limitMs: number; readonly goOn: () => boolean };
}

/**
 * Performs the trials of a run side by side, and writes each to the journal as it ends. Gives those in which something failed and that can
 * be performed again in a few seconds; none where what went ahead ended it.
 */
export async function performTrials(
  { plans }: { readonly plans: readonly TrialPlan[] },
  stage: Stage,
  journal: JournalWriter,
  how: {
    readonly progress: ProgressLine;
    readonly width: number;
    /** Trials beyond these, where the processors have time to spare. */
    readonly beyond: number;
    readonly watch: Watch;
    /** Whether a trial of this flow is wanted no more, after these have failed. */
    readonly isOver?: (flow: string, failed: readonly Performed[]) => boolean;
    /** Adapters live through many trials. */
    readonly liveOn: boolean;
    /** What only lagged is measured once more, with nothing beside it. */
    readonly again: boolean;
    readonly signal: AbortSignal;
  },
): Promise<readonly Performed[]> {
  const { progress, width, beyond, watch, signal } = how;
  const failed: Performed[] = [];
  const lagged: TrialPlan[] = [];
  const perform = async (plan: TrialPlan, limitMs = Infinity): Promise<void> => {
    const { header, service, flow, scenario } = plan;
    if (how.isOver?.(flow.id, failed) === true) return;
    const made = scenario.workload(service, flow, header.seed);
    const workload = { ...made, limitMs: Math.min(made.limitMs, limitMs) };
    const performance = { header, service, flow, workload };
    const startedHeader = stage.headerOf(performance);
    const number = journal.begin(startedHeader);
    const trial = await stage.perform(performance, signal, startedHeader);
    if (signal.aborted || trial.end === undefined) return;
    journal.end(number, trial.history, trial.end);
    const judged = stage.judge(trial);
    const broken = judged.findings.some(({ failed }) => failed > 0);
    if (broken && scenario.alone !== true) failed.push({ performance, trial, judged });
    if (header.again === undefined && onlyLagged(judged)) lagged.push(plan);
    progress.trial(judged, trial.end.durationMs);
    if (header.again === undefined) watch.onTrial?.(trial, judged);
  };
  const { together = [], alone = [] } = Object.groupBy(plans, ({ scenario }) =>
    scenario.alone === true ? 'alone' : 'together',
  );
  // The first one goes ahead: its verdict is there in a second, where side by side with many it would take several.
  const { first } = watch;
  const ahead =
    first === undefined ? together.slice(0, 1) : together.filter(({ scenario }) => scenario.name === first.scenario);
  await performAll(ahead, width, (plan) => perform(plan, first?.limitMs), signal);
  if (first?.goOn() === false) return [];
  const others = together.filter((plan) => !ahead.includes(plan));
  const rows = how.liveOn ? inRows(others) : others.map((plan) => [plan]);
  const performRow = async (row: readonly TrialPlan[]): Promise<void> => {
    for (const plan of row) if (!signal.aborted) await perform(plan);
  };
  await performAll(rows, width, performRow, signal, new Gate(), beyond);
  if (alone.length > 0)
    progress.note(`${trials(alone.length)} alone on the machine, one after another, up to a minute each`);
  const performAlone = (plan: TrialPlan): Promise<void> => {
    progress.running(plan.header.id);
    return perform(plan);
  };
  await performAll(alone, 1, performAlone, signal);
  if (how.again && lagged.length > 0) {
    progress.more(lagged.length, `${trials(lagged.length)} once more, one after another, since the machine lagged`);
    await performAll(lagged.map(onceMore), 1, performAlone, signal);
  }
  return failed;
}

/** Trials that follow one another, so that the adapters that one has started serve the next; the others each by itself. */
function inRows(plans: readonly TrialPlan[]): readonly (readonly TrialPlan[])[] {
  const nameOf = ({ header, service, scenario }: TrialPlan): string =>
    scenario.severalInstances === true ? `${service.name} ${scenario.name}` : header.id;
  return [...Map.groupBy(plans, nameOf).values()];
}

function onceMore(plan: TrialPlan): TrialPlan {
  const { id } = plan.header;
  return { ...plan, header: { ...plan.header, id: `${id}/again`, again: id } };
}

export const trials = (n: number): string => (n === 1 ? '1 trial' : `${String(n)} trials`);
