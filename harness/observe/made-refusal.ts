import { parseTime } from '../model/event.ts';
import type { Flow } from '../model/flow.ts';
import type { PlannedEvents } from '../model/planned.ts';

type Headers = Readonly<Record<string, string>>;

/** A refusal that is further from now than this, in milliseconds, has not the time at which it was made: clocks of machines differ by less. */
const nowMs = 60_000;

/**
 * What is wrong with the attributes of a refusal that an adapter made, as the names of headers with a space between; '' for nothing, and
 * where nobody can say: of what is refused it has the id, the classification, the key and the trace context; the application as its source; the time now.
 */
export function faultsOfRefusal(headers: Headers, planned: PlannedEvents, flows: readonly Flow[], now: number): string {
  const id = headers['ce-causationid'] ?? '';
  const refused = planned.list.find(({ message }) => message.id === id && message.violation === undefined);
  const flow = flows.find((candidate) => candidate.id === refused?.message.flow);
  if (refused === undefined || flow === undefined || flow.refusal !== headers['ce-type']) return '';
  const sources = flow.receivers.map(({ application }) => `urn:application:${application}`);
  const wrong = {
    'ce-id': headers['ce-id'] !== `${id}-refused`,
    'ce-source': !sources.includes(headers['ce-source'] ?? ''),
    'ce-time': !(Math.abs((parseTime(headers['ce-time']) ?? Number.NaN) - now) <= nowMs),
    'ce-classification': headers['ce-classification'] !== refused.event.headers['ce-classification'],
    'ce-partitionkey': headers['ce-partitionkey'] !== refused.event.headers['ce-partitionkey'],
    traceparent: headers['traceparent'] !== refused.event.headers['traceparent'],
    tracestate: headers['tracestate'] !== refused.event.headers['tracestate'],
  };
  return Object.entries(wrong)
    .flatMap(([name, isWrong]) => (isWrong ? [name] : []))
    .join(' ');
}
