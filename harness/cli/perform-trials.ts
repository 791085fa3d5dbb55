import { directEndpoints } from '../adapters/direct.ts';
import type { OnStart } from '../adapters/launch/launcher.ts';
import type { StartedBus } from '../bus/runtime/runtime.ts';
import { createCheck, createValidators } from '../contracts/index.ts';
import { timestamp } from '../engine/clock.ts';
import type { Launch } from '../engine/endpoint.ts';
import { Gate } from '../engine/gate.ts';
import { performAll } from '../engine/schedule.ts';
import { performTrial } from '../engine/trial.ts';
import type { JournalTrial } from '../evidence/journal-reader.ts';
import type { JournalWriter } from '../evidence/journal-writer.ts';
import { judgeTrial } from '../evidence/judge.ts';
import type { Service } from '../model/flow.ts';
import type { Unobserved } from '../model/verdict.ts';
import type { TrialPlan } from '../../scenarios/plan.ts';
import type { ProgressLine } from './progress.ts';
import type { Relaying } from './relaying.ts';

/** Hears of a run while it is performed: of adapters that start, and of each trial as it ends. */
export interface Watch {
  readonly onStart?: OnStart;
  readonly onTrial?: (trial: JournalTrial) => void;
  /** Trials of a scenario that go ahead together, each of whose waits has this limit; what they show decides whether the others follow. */
  readonly first?: { readonly scenario: string; readonly limitMs: number; readonly goOn: () => boolean };
}

/** Performs the trials of a run side by side, and writes each to the journal as it ends. */
export async function performTrials(
  prepared: {
    readonly relaying: Relaying;
    readonly services: readonly Service[];
    readonly plans: readonly TrialPlan[];
  },
  bus: StartedBus,
  journal: JournalWriter,
  how: {
    readonly progress: ProgressLine;
    readonly width: number;
    readonly launch: (service: Service) => Launch | undefined;
    readonly watch: Watch;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { relaying, services, plans } = prepared;
  const { progress, width, signal } = how;
  const checks = new Map(services.map((service) => [service.name, createCheck(service)]));
  const validators = new Map(
    await Promise.all(services.map(async (service) => [service.name, await createValidators(service)] as const)),
  );
  // Somebody else's bus has one account: one trial after another.
  const sideBySide = bus.runtime === 'external' ? 1 : width;
  const perform = async (plan: TrialPlan, limitMs = Infinity): Promise<void> => {
    const { header, service, flow, scenario } = plan;
    const made = scenario.workload(service, flow, header.seed);
    const workload = { ...made, limitMs: Math.min(made.limitMs, limitMs) };
    const { relays, unobserved } = relaying.of(service.name, workload);
    const unseen: readonly Unobserved[] = bus.runtime === 'external' ? ['answers', ...unobserved] : unobserved;
    const startedHeader = { ...header, startedAt: timestamp(), ...(unseen.length === 0 ? {} : { unobserved: unseen }) };
    const number = journal.begin(startedHeader);
    const launch = how.launch(service);
    const { history, epochMs, durationMs } = await performTrial({
      service,
      flow,
      workload,
      bus,
      validators: known(validators, service.name),
      endpoints: directEndpoints(service, known(checks, service.name)),
      ...(relays === undefined ? {} : { relays }),
      ...(launch === undefined ? {} : { launch }),
      signal,
    });
    if (signal.aborted) return;
    const trial = { header: startedHeader, history, end: { durationMs, epochMs } };
    journal.end(number, history, trial.end);
    progress.trial(judgeTrial(services, trial), durationMs);
    how.watch.onTrial?.(trial);
  };
  const { together = [], alone = [] } = Object.groupBy(plans, ({ scenario }) =>
    scenario.alone === true ? 'alone' : 'together',
  );
  // The first one goes ahead: its verdict is there in a second, where side by side with many it would take several.
  const { first } = how.watch;
  const ahead =
    first === undefined ? together.slice(0, 1) : together.filter(({ scenario }) => scenario.name === first.scenario);
  await performAll(ahead, sideBySide, (plan) => perform(plan, first?.limitMs), signal);
  if (first?.goOn() === false) return;
  const others = together.filter((plan) => !ahead.includes(plan));
  await performAll(others, sideBySide, (plan) => perform(plan), signal, new Gate());
  if (alone.length > 0)
    progress.note(`${trials(alone.length)} with the machine to themselves, one after another, up to a minute each`);
  const performAlone = (plan: TrialPlan): Promise<void> => {
    progress.running(plan.header.id);
    return perform(plan);
  };
  await performAll(alone, 1, performAlone, signal);
}

function known<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new RangeError(`service ${name} was not prepared`);
  return value;
}

export const trials = (n: number): string => (n === 1 ? '1 trial' : `${String(n)} trials`);
