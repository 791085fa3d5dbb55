import type { Flow, Message, Receiver } from '../../model/flow.ts';
import { valuesAt, type JsonValue } from '../../model/json.ts';
import { samplePayload } from '../events/schemas.ts';
import type { Random } from '../random.ts';

/** Headers by which a filter may ask for what the workload plans otherwise. */
const plannedHeaders: readonly string[] = ['ce-type', 'ce-partitionkey'];

/** The values that a receiver's filter wants of a header that is a part of the address; undefined where it wants none. */
export function wantedOf(flow: Flow, receiver: Receiver | undefined, header: string): readonly string[] | undefined {
  const parameter = flow.parameters.find(({ location }) => location.pointer.toLowerCase() === `/${header}`);
  return parameter === undefined ? undefined : receiver?.filter[parameter.name];
}

/** The receivers whose filter, where it names keys, lets a key through. */
export const receiversOf = (flow: Flow, key: string): readonly Receiver[] =>
  flow.receivers.filter((receiver) => wantedOf(flow, receiver, 'ce-partitionkey')?.includes(key) ?? true);

/** Payload fields that the receiver's filter asks for. */
export function filteredFields(
  flow: Flow,
  receiver: Receiver,
  message: Message,
  random: Random,
): Record<string, JsonValue> {
  const fields: Record<string, JsonValue> = {};
  for (const parameter of flow.parameters) {
    const values = receiver.filter[parameter.name];
    if (parameter.location.of !== 'payload' || values === undefined) continue;
    const value = random.pick(values);
    const sampled = valuesAt(samplePayload(message, 0), parameter.location.pointer)[0];
    fields[parameter.location.pointer] =
      typeof sampled === 'number' ? Number(value) : typeof sampled === 'boolean' ? value === 'true' : value;
  }
  return fields;
}

/** Headers that the receiver's filter asks for, beside type and key. */
export function filteredHeaders(flow: Flow, receiver: Receiver, random: Random): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { name, location } of flow.parameters) {
    const values = receiver.filter[name];
    const header = location.pointer.slice(1).toLowerCase();
    if (location.of !== 'header' || values === undefined || plannedHeaders.includes(header)) continue;
    headers[header] = random.pick(values);
  }
  return headers;
}
