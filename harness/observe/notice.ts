import { messageIdOf } from '../model/event.ts';
import type { Flow } from '../model/flow.ts';
import type { PlannedEvents } from '../model/planned.ts';

type Headers = Readonly<Record<string, string>>;

const noBody = new Uint8Array();

/** Source and id → the headers of the events that have them, replies left out: looked up for each notice, of which there may be many. */
const named = new WeakMap<PlannedEvents, ReadonlyMap<string, readonly { readonly headers: Headers }[]>>();

/**
 * What is wrong with the headers of a notice of an event of the workload, as their names with a space between; '' for nothing, and where it
 * is of no such event: it has every attribute as the event has it, or one of several with its id, and no id by which the bus would take one
 * that is repeated for a duplicate. Of a reply nobody can say: its causation is that of whoever asked.
 */
export function faultsOfNotice(headers: Headers, planned: PlannedEvents, flows: readonly Flow[]): string {
  const events = named.get(planned) ?? eventsByName(planned, flows);
  named.set(planned, events);
  const own = events.get(messageIdOf({ headers, body: noBody })) ?? [];
  if (own.length === 0) return '';
  const attributes = new Set(
    own.flatMap((event) => Object.keys(event.headers)).filter((name) => name.startsWith('ce-')),
  );
  const wrong = [...attributes].filter((name) => !own.some((event) => event.headers[name] === headers[name]));
  return [...wrong, ...(headers['Nats-Msg-Id'] === undefined ? [] : ['Nats-Msg-Id'])].join(' ');
}

function eventsByName(planned: PlannedEvents, flows: readonly Flow[]) {
  const replies = new Set(flows.flatMap((flow) => flow.replies.map(({ name }) => name)));
  const events = planned.list.map(({ event }) => event).filter(({ headers }) => !replies.has(headers['ce-type'] ?? ''));
  return Map.groupBy(events, (event) => messageIdOf(event));
}
