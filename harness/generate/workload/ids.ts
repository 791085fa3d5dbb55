import { Problem } from '../../model/errors.ts';
import type { Flow, Message } from '../../model/flow.ts';
import { withValueAt } from '../../model/json.ts';
import { drawField, fieldsOf } from '../events/header-field.ts';
import { acceptsHeader, drawHeader } from '../events/header-schema.ts';
import { accepts, samplePayload } from '../events/schemas.ts';
import type { Random } from '../random.ts';

/** Draws of an id until it is one that was not used before. */
const mostDraws = 1000;

export function uuid(random: Random): string {
  const hex = (digits: number): string => random.text(digits, '0123456789abcdef');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${random.pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`;
}

/** Whether a message may have the id: in its header, and in its payload where that repeats it. */
export function mayBeId(message: Message, id: string): boolean {
  const [field] = fieldsOf(message, 'ce-id');
  const fits = field === undefined || accepts(message, withValueAt(samplePayload(message, 0), field, id));
  return fits && acceptsHeader(message, 'ce-id', id);
}

/**
 * A fresh id: a UUID, or where the payload repeats the id and its schema wants another shape, such a value. A contract that has too
 * few of them is a Problem.
 */
export function freshId(flow: Flow, message: Message, random: Random, isUsed: (id: string) => boolean): string {
  for (let tries = 0; tries < mostDraws; tries++) {
    const id = uuid(random);
    if (!mayBeId(message, id)) break;
    // Another seed may draw the same ones.
    if (!isUsed(id)) return id;
  }
  const repeated = fieldsOf(message, 'ce-id').length > 0;
  for (let tries = 0; tries < mostDraws; tries++) {
    const id = repeated ? drawField(message, 'ce-id', random) : drawHeader(message, 'ce-id', random.seed());
    if (id !== undefined && acceptsHeader(message, 'ce-id', id) && !isUsed(id)) return id;
  }
  throw new Problem('contract', `${flow.id} has too few values for the ids of ${message.name}`, {
    next: `let the schemas of ${message.name} allow a ce-id of its own for every event`,
  });
}
