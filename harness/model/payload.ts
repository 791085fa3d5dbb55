import type { CloudEvent } from './event.ts';
import type { JsonValue } from './json.ts';

/** The payload of an event; null for a body that is not JSON in UTF-8. */
export function payloadOf(event: CloudEvent): JsonValue {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(event.body)) as JsonValue;
  } catch {
    return null;
  }
}
