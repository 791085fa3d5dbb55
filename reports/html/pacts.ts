import type { PactSummary } from '../../harness/model/pact.ts';
import type { Run } from '../../harness/model/run.ts';
import { count } from '../figures.ts';
import { paragraph, table, type Section } from './components.ts';
import { html } from './markup.ts';

/** Which message of which provider each consumer has a pact about, and what was found on both sides. */
export function pacts(run: Run): Section {
  const list = run.pacts ?? [];
  const covered = list.filter(({ interaction }) => interaction !== undefined).length;
  const body = html`${paragraph(
    `${count(covered)} interactions; ${count(list.length - covered)} messages reach a consumer without a pact about them. The messages of providers are drawn from their contract, or given by a provider application where one was asked, and never taken from a pact. What is pending is judged and does not count.`,
  )}${table({
    caption: 'Pacts by flow, message and consumer',
    captionHidden: true,
    columns: [
      { title: 'Flow' },
      { title: 'Message' },
      { title: 'Consumer' },
      { title: 'Provider' },
      { title: 'Interaction' },
      { title: 'Provider’s messages as expected' },
      { title: 'Put before the consumer', numeric: true },
    ],
    rows: list.map((each) => [each.flow, each.message, each.consumer, each.provider, ...found(each)]),
  })}`;
  return { id: 'pacts', title: 'Contracts of consumers', body };
}

function found({ interaction }: PactSummary): readonly string[] {
  if (interaction === undefined) return ['no pact', '', ''];
  const { description, pending, held, asked, judged, source, tried } = interaction;
  const of = source === 'application' ? ', asked of the application' : '';
  return [
    `${description}${pending ? ' (pending)' : ''}`,
    judged === 0 ? 'none judged' : `${count(held)} of ${count(asked)}${of}`,
    count(tried),
  ];
}
