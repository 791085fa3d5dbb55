import type { Run } from '../../harness/model/run.ts';
import { count, duration } from '../figures.ts';
import { paragraph, table, type Section } from './components.ts';
import { html } from './markup.ts';

export function latency(run: Run): Section {
  const numeric = ['Messages', 'p50', 'p90', 'p99', 'Largest', 'Objective for p99'];
  const body =
    run.latencies.length === 0
      ? paragraph('No latency was measured.')
      : html`${paragraph('From the time at which a message was meant to be sent to its receipt by the application, in the trial of each flow in which nothing is broken. Trials run side by side, and share this machine: quote ratios, not figures. Whether an objective holds is for the performance clauses to say.')}${table(
          {
            caption: 'Latency of each flow at each receiving application',
            captionHidden: true,
            columns: [
              { title: 'Flow' },
              { title: 'Application' },
              ...numeric.map((title) => ({ title, numeric: true as const })),
            ],
            rows: run.latencies.map((each) => [
              each.flow,
              each.application,
              count(each.count),
              ...[each.p50Ms, each.p90Ms, each.p99Ms, each.maxMs, each.objectiveMs].map((ms) => duration(ms)),
            ]),
          },
        )}`;
  return { id: 'latency', title: 'Latency', body };
}
