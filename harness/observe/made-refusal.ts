import { isDeepStrictEqual } from 'node:util';
import { parseTime, type CloudEvent } from '../model/event.ts';
import type { Flow } from '../model/flow.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { PlannedEvents } from '../model/planned.ts';
import { payloadOf } from '../model/payload.ts';

/** A refusal that is further from now than this, in milliseconds, has not the time at which it was made: clocks of machines differ by less. */
const nowMs = 60_000;

/** Members of a refusal that its adapter fills itself. */
const ownMembers: readonly string[] = ['code', 'reasonCodes', 'retryable'];

/**
 * What is wrong with a refusal that an adapter made, as the names of headers and members of its payload (`/retryable`, and `/copies` for those
 * that it copies) with a space between; '' for nothing, and where nobody can say: of what is refused it has the id, the classification, the key, the
 * trace context and the members of the same name; the application as its source; the time now; `retryable` where nobody was there to answer.
 */
export function faultsOfRefusal(
  refusal: CloudEvent,
  planned: PlannedEvents,
  flows: readonly Flow[],
  now: number,
): string {
  const { headers } = refusal;
  const id = headers['ce-causationid'] ?? '';
  const refused = planned.list.find(({ message }) => message.id === id && message.violation === undefined);
  const flow = flows.find((candidate) => candidate.id === refused?.message.flow);
  if (refused === undefined || flow === undefined || flow.refusal !== headers['ce-type']) return '';
  const [said, copied] = [membersOf(refusal), membersOf(refused.event)];
  const sources = flow.receivers.map(({ application }) => `urn:application:${application}`);
  const wrong = {
    'ce-id': headers['ce-id'] !== `${id}-refused`,
    'ce-source': !sources.includes(headers['ce-source'] ?? ''),
    'ce-time': !(Math.abs((parseTime(headers['ce-time']) ?? Number.NaN) - now) <= nowMs),
    'ce-classification': headers['ce-classification'] !== refused.event.headers['ce-classification'],
    'ce-partitionkey': headers['ce-partitionkey'] !== refused.event.headers['ce-partitionkey'],
    traceparent: headers['traceparent'] !== refused.event.headers['traceparent'],
    tracestate: headers['tracestate'] !== refused.event.headers['tracestate'],
    '/retryable': said['retryable'] !== undefined && (said['retryable'] === true) !== (said['code'] === 'unavailable'),
    '/copies': Object.entries(said).some(
      ([name, value]) =>
        !ownMembers.includes(name) && Object.hasOwn(copied, name) && !isDeepStrictEqual(value, copied[name]),
    ),
  };
  return Object.entries(wrong)
    .flatMap(([name, isWrong]) => (isWrong ? [name] : []))
    .join(' ');
}

function membersOf(event: CloudEvent): JsonObject {
  const payload = payloadOf(event);
  return isJsonObject(payload) ? payload : {};
}
