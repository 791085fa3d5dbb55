import type { LoadSummary } from '../../harness/model/load.ts';
import type { Run } from '../../harness/model/run.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { count, duration, rate } from '../figures.ts';
import { latencyRows, percentileText, verdictsUnderLoad, type LatencyRow } from '../percentiles.ts';
import { paragraph, scrolling, table, verdictTag, type Section } from './components.ts';
import { curve, legend } from './curve.ts';
import { html, type Markup } from './markup.ts';

/** Latency under load, of the flows that were driven in an open loop; one at least. */
export function load(run: Run): Section {
  const body = html`${paragraph(
    'Events arrived at their times whatever became of those before. Latency counts from the intended time to the receipt by the application, or to the reply. What was never answered counts as above every objective. Measured on this machine, beside the harness: quote ratios, not figures.',
  )}${generator(run.loads)}${run.loads.map((summary) => flowOf(run, summary))}`;
  return { id: 'load', title: 'Latency under load', body };
}

function generator(loads: readonly LoadSummary[]): Markup {
  return table({
    caption: 'What flows were driven with, and how late the generator was by itself',
    columns: [
      { title: 'Flow' },
      ...['Asked for', 'Driven', 'Warm-up', 'Late, p50', 'Late, p99', 'Late, p99.9', 'Floor, p99.9'].map((title) => ({
        title,
        numeric: true as const,
      })),
    ],
    rows: loads.map(({ flow, askedPerSecond, drivenPerSecond, warmUp, lateness, floor }) => [
      flow,
      rate(askedPerSecond),
      rate(drivenPerSecond),
      count(warmUp),
      ...[lateness.p50Ms, lateness.p99Ms, lateness.p999Ms, floor.p999Ms].map((ms) => duration(ms)),
    ]),
  });
}

const shares = [0.5, 0.9, 0.99, 0.999, 1] as const;

function flowOf(run: Run, summary: LoadSummary): Markup {
  return html`<h3 class="govuk-heading-m">${summary.flow}</h3>
    ${verdictsUnderLoad(run, summary).map(verdictOf)}
    ${summary.together.unanswered === summary.together.count ? paragraph('Nothing came: there is no curve.') : figure(summary)}
    ${table({
      caption: `Percentiles of latency on ${summary.flow}`,
      columns: [
        { title: 'Application' },
        ...['Messages', 'p50', 'p90', 'p99', 'p99.9', 'Largest', 'Above objective', 'Never came'].map((title) => ({
          title,
          numeric: true as const,
        })),
      ],
      rows: latencyRows(summary).map(rowOf),
    })}`;
}

function figure(summary: LoadSummary): Markup {
  return html`<figure class="bw-figure">
    ${scrolling(`Curves of latency on ${summary.flow}`, curve(summary))}${legend(summary)}
  </figure>`;
}

function verdictOf({ clause, verdict, reason, notes }: Verdict): Markup {
  const said = reason === '' ? notes : [reason];
  return paragraph(html`${clause} ${verdictTag(verdict)} ${said.join('; ')}`);
}

function rowOf({ who, latency }: LatencyRow): readonly string[] {
  return [
    who,
    count(latency.count),
    ...shares.map((share) => percentileText(latency, share)),
    count(latency.aboveObjective),
    count(latency.unanswered),
  ];
}
