import type { Flow } from '../model/flow.ts';
import type { History } from '../model/history.ts';
import type { Latency } from '../model/run.ts';
import { quantile } from '../model/quantile.ts';
import { codeOf, fact, NONE } from '../model/table.ts';
import type { JournalTrial } from './journal-reader.ts';

/** The scenario whose latencies are those of a flow in ordinary running: no other one disturbs it. */
const quietScenario = 'happy-flow';

/**
 * Latency from the intended send to the receiving application's first receipt, for each flow and receiving application;
 * for a request the time until its reply.
 */
export function latenciesOf(flows: readonly Flow[], trials: readonly JournalTrial[]): readonly Latency[] {
  return flows.flatMap((flow) => {
    const samples = new Map<string, number[]>();
    for (const trial of trials) {
      if (trial.header.flow !== flow.id || trial.header.scenario !== quietScenario) continue;
      const { texts } = trial.history;
      const lists = new Map<number, number[]>();
      const add = (application: number, ms: number): void => {
        const list = lists.get(application);
        if (list === undefined) lists.set(application, [ms]);
        else list.push(ms);
      };
      if (flow.pattern === 'request-reply') roundTrips(trial.history, add);
      else receipts(trial.history, add);
      for (const [application, list] of lists) {
        const name = texts.at(application);
        samples.set(name, (samples.get(name) ?? []).concat(list));
      }
    }
    return [...samples].map(([application, list]) =>
      percentiles(flow, application, Float64Array.from(list).toSorted()),
    );
  });
}

function percentiles(flow: Flow, application: string, sorted: Float64Array): Latency {
  const at = (share: number): number => quantile(sorted, share);
  return {
    flow: flow.id,
    application,
    count: sorted.length,
    p50Ms: at(0.5),
    p90Ms: at(0.9),
    p99Ms: at(0.99),
    maxMs: at(1),
    objectiveMs: flow.p99Ms,
  };
}

function roundTrips(history: History, add: (application: number, ms: number) => void): void {
  const { columns, length } = history.send;
  for (let row = 0; row < length; row++) {
    if (columns.status[row] !== 200) continue;
    add(columns.application[row] ?? 0, (columns.done[row] ?? 0) - (columns.intended[row] ?? 0));
  }
}

function receipts(history: History, add: (application: number, ms: number) => void): void {
  const { send, delivery } = history;
  const intended = new Float64Array(history.planned.length).fill(Number.NaN);
  for (let row = 0; row < send.length; row++) {
    const message = send.columns.message[row] ?? NONE;
    if (Number.isNaN(intended[message] ?? 0)) intended[message] = send.columns.intended[row] ?? 0;
  }
  const effect = codeOf(fact, 'yes');
  for (let row = 0; row < delivery.length; row++) {
    const from = intended[delivery.columns.message[row] ?? NONE];
    if (delivery.columns.effect[row] !== effect || from === undefined || Number.isNaN(from)) continue;
    add(delivery.columns.application[row] ?? 0, (delivery.columns.at[row] ?? 0) - from);
  }
}
