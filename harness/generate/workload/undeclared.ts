import { crosses } from '../../model/event.ts';
import { messagesOf, type Flow, type Message } from '../../model/flow.ts';
import { valuesAt, withValueAt, type JsonValue } from '../../model/json.ts';
import type { PlannedMessage } from '../../model/workload.ts';
import { fieldsOf } from '../events/header-field.ts';
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

/**
 * Attributes of a planned message that an adapter can only copy, those that the contract leaves room for: one that nobody declared, and a
 * source, with escapes that a client for CloudEvents would take for its own, and capitals that one would lower.
 */
export function openAttributes(flow: Flow, { type, application }: PlannedMessage): Record<string, string> {
  const message = messagesOf(flow).find(({ name }) => name === type);
  const given = {
    'ce-source': `urn:application:${application}:Desk%2F7`,
    'ce-addedlater': 'Kept%20as%2Fit%25IS',
    'ce-added2later': 'with  two   blanks',
    'ce-addedempty': '',
    // Longer than anybody would expect, both of them.
    'ce-addedmuchlaterbysomebodyelse': 'kept '.repeat(100).trim(),
  };
  const rests = (name: string): boolean =>
    flow.parameters.some(({ location }) => location.of === 'header' && location.pointer.toLowerCase() === `/${name}`);
  return Object.fromEntries(
    Object.entries(given).filter(
      ([name, value]) =>
        message !== undefined &&
        !rests(name) &&
        fieldsOf(message, name).length === 0 &&
        acceptsHeader(message, name, value),
    ),
  );
}
