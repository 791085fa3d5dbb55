import type { Run, ServiceSummary, TrialSummary } from '../../harness/model/run.ts';
import { count, counted, duration } from '../figures.ts';
import { details, table, type Section } from './components.ts';
import { html, nothing, type Content, type Markup } from './markup.ts';

/** Services with the digests of their contracts, flows, and the trials that ran on them. */
export function tested(run: Run): Section {
  const { services } = run.header;
  const trouble = run.trials.filter(({ problems, complete }) => problems.length > 0 || !complete);
  return {
    id: 'tested',
    title: 'What was tested',
    body: html`${contracts(services)}${flows(services)}${trouble.length === 0 ? nothing : troubles(trouble)}${details(
      `All ${counted(run.trials.length, 'trial')}`,
      trials(run.trials),
    )}`,
  };
}

function contracts(services: readonly ServiceSummary[]): Markup {
  return table({
    caption: 'Services and their contracts',
    columns: [{ title: 'Service' }, { title: 'Version' }, { title: 'Document' }, { title: 'SHA-256 of the contract' }],
    rows: services.map(({ name, title, version, document, digest }) => [
      html`${name} <span class="bw-plain">${title}</span>`,
      version,
      document,
      html`<code class="bw-digest">${digest}</code>`,
    ]),
  });
}

function flows(services: readonly ServiceSummary[]): Markup {
  return table({
    caption: 'Flows',
    columns: [
      { title: 'Flow' },
      { title: 'Pattern' },
      { title: 'Delivery' },
      { title: 'From' },
      { title: 'To' },
      { title: 'Peak a second', numeric: true },
    ],
    rows: services.flatMap((service) =>
      service.flows.map((flow) => [
        html`${flow.id} <span class="bw-plain">${flow.title}</span>`,
        flow.pattern,
        flow.delivery,
        flow.senders.join(', '),
        flow.receivers.join(', '),
        Number.isInteger(flow.peakPerSecond) ? count(flow.peakPerSecond) : flow.peakPerSecond.toPrecision(2),
      ]),
    ),
  });
}

function troubles(trials: readonly TrialSummary[]): Markup {
  return table({
    caption: 'Trials with trouble in the harness',
    columns: [{ title: 'Trial' }, { title: 'Trouble' }],
    rows: trials.map(({ id, problems, complete }) => [
      id,
      [...(complete ? [] : ['it did not end']), ...problems].map(
        (text): Content => html`<span class="bw-line">${text}</span>`,
      ),
    ]),
  });
}

function trials(all: readonly TrialSummary[]): Markup {
  const byScenario = [...Map.groupBy(all, ({ scenario }) => scenario)];
  return html`${byScenario.map(([scenario, of]) =>
    table({
      caption: `${scenario}: ${of[0]?.title ?? ''}`,
      columns: [
        { title: 'Flow' },
        { title: 'Clauses it can decide' },
        { title: 'Sent', numeric: true },
        { title: 'Handed over', numeric: true },
        { title: 'Took', numeric: true },
      ],
      rows: of.map(({ flow, clauses, sends, deliveries, durationMs }) => [
        flow,
        clauses.join(', '),
        count(sends),
        count(deliveries),
        duration(durationMs),
      ]),
    }),
  )}`;
}
