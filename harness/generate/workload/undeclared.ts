import { crosses } from '../../model/event.ts';
import type { Message } from '../../model/flow.ts';
import { valuesAt, withValueAt, type JsonValue } from '../../model/json.ts';
import type { PlannedMessage } from '../../model/workload.ts';
import { acceptsHeader } from '../events/header-schema.ts';
import { accepts, samplePayload } from '../events/schemas.ts';

/** Of fields that nobody declared, those that the schema leaves room for. */
export function openFields(
  message: Message,
  fields: Readonly<Record<string, JsonValue>> = {},
): Record<string, JsonValue> {
  const sampled = samplePayload(message, 0);
  const declared = (place: string): boolean => valuesAt(sampled, place).length > 0;
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([place, value]) => declared(place) || accepts(message, withValueAt(sampled, place, value)),
    ),
  );
}

/** Of headers that nobody declared, those that the header schema leaves room for. */
export function openHeaders(message: Message, headers: PlannedMessage['headers'] = {}): PlannedMessage['headers'] {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name, value]) => crosses(name) || value === null || acceptsHeader(message, name, value),
    ),
  );
}
