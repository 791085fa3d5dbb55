import type { Flow, Message, Receiver } from '../../model/flow.ts';
import type { JsonValue } from '../../model/json.ts';
import { overlay } from '../events/overlay.ts';
import { accepts, smallestPayload } from '../events/schemas.ts';
import { wantedOf } from './filters.ts';

/** Two types that a receiver gets, and what a payload of the first holds so that it is one of the second too; undefined where there are none. */
export function oneBody(
  flow: Flow,
  to: Receiver,
): { readonly first: Message; readonly second: Message; readonly contains: JsonValue } | undefined {
  // A subject that rests on the payload is not that of the other type for sure.
  if (flow.parameters.some(({ location }) => location.of === 'payload')) return undefined;
  const types = wantedOf(flow, to, 'ce-type');
  const wanted = flow.messages.filter(({ name }) => types?.includes(name) ?? true);
  for (const first of wanted) {
    for (const second of wanted) {
      if (first === second || !second.rules.every((rule) => isAmong(first, rule))) continue;
      const contains = smallestPayload(second);
      const both = overlay(smallestPayload(first), contains);
      if (accepts(first, both) && accepts(second, both)) return { first, second, contains };
    }
  }
  return undefined;
}

const isAmong = (message: Message, rule: unknown): boolean =>
  message.rules.some((other) => JSON.stringify(other) === JSON.stringify(rule));
