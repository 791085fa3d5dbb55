import type { Flow } from '../model/flow.ts';
import type { PlannedEvents } from '../model/planned.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * What is wrong with the headers of a notice of an event of the workload, as their names with a space between; '' for nothing, and where it
 * is of no such event: it has every attribute as the event has it, or one of several with its id, and no id by which the bus would take one
 * that is repeated for a duplicate. Of a reply nobody can say: its causation is that of whoever asked.
 */
export function faultsOfNotice(headers: Headers, planned: PlannedEvents, flows: readonly Flow[]): string {
  const replies = new Set(flows.flatMap((flow) => flow.replies.map(({ name }) => name)));
  const own = planned.list
    .filter(({ event }) => !replies.has(event.headers['ce-type'] ?? ''))
    .map(({ event }) => event.headers)
    .filter((event) => event['ce-id'] === headers['ce-id'] && event['ce-source'] === headers['ce-source']);
  if (own.length === 0) return '';
  const attributes = new Set(own.flatMap((event) => Object.keys(event)).filter((name) => name.startsWith('ce-')));
  const wrong = [...attributes].filter((name) => !own.some((event) => event[name] === headers[name]));
  return [...wrong, ...(headers['Nats-Msg-Id'] === undefined ? [] : ['Nats-Msg-Id'])].join(' ');
}
