import { keywordValues } from '../schema/fields.ts';
import type { Mistakes } from '../mistakes.ts';
import { child, placeAt } from '../source/reference.ts';
import type { ReadFlow } from './flow.ts';

/** Payloads are open at their top: a field that a later minor version adds is ignored, and does not break a receiver. */
export function checkPayloads(flows: readonly ReadFlow[], mistakes: Mistakes): void {
  for (const { messages, replies } of flows) {
    for (const message of [...messages, ...replies]) {
      for (const keyword of ['additionalProperties', 'unevaluatedProperties']) {
        if (!keywordValues(message.payload, '', keyword).includes(false)) continue;
        const what = `the payload of ${message.name} is closed: ${keyword} is false at its top`;
        mistakes.add(
          placeAt(child(message.at, 'payload')),
          what,
          'delete it: an unknown optional field is ignored, not refused',
        );
      }
    }
  }
}
