import type { Parameter } from '../../model/flow.ts';
import type { JsonSchema, JsonValue } from '../../model/json.ts';
import type { Mistakes } from '../mistakes.ts';
import { fieldAt } from '../schema/fields.ts';
import type { ReadFlow } from '../service/flow.ts';
import type { ReadMessage } from '../service/message.ts';
import { child, placeAt } from '../source/reference.ts';
import { ajvValidator } from '../validate/ajv.ts';

/** Says every filter, and every value of one, that no message of its flow can meet. */
export function checkFilters(flows: readonly ReadFlow[], mistakes: Mistakes): void {
  for (const read of flows) {
    for (const { application, filter } of read.flow.receivers) {
      const at = child(read.at, 'subscribers', application, 'filter');
      const names = read.flow.parameters.filter((parameter) => filter[parameter.name] !== undefined);
      const meets = (message: ReadMessage, parameter: Parameter): boolean =>
        (filter[parameter.name] ?? []).some((value) => mayHave(message, parameter, value));
      const before = mistakes.list.length;
      for (const parameter of names) {
        for (const [index, value] of (filter[parameter.name] ?? []).entries()) {
          if (read.messages.some((message) => mayHave(message, parameter, value))) continue;
          const what = `no message of ${read.flow.id} can meet the filter of ${application}: ${parameter.name} is never ${value}`;
          mistakes.add(
            placeAt(child(at, parameter.name, index)),
            what,
            'correct the value, or the schema of the field that fills the parameter',
          );
        }
      }
      if (mistakes.list.length > before || names.length === 0) continue;
      if (!read.messages.some((message) => names.every((parameter) => meets(message, parameter)))) {
        const what = `no message of ${read.flow.id} can meet the whole filter of ${application} at once`;
        mistakes.add(placeAt(at), what, 'let the values of its parameters be those of one message');
      }
    }
  }
}

/** Whether some valid message of this type can have the value, as text or as the number or truth value that it is written as. */
function mayHave(message: ReadMessage, { location }: Parameter, value: string): boolean {
  const field = fieldAt(location.of === 'header' ? message.headers : message.payload, location.pointer);
  const candidates = location.of === 'payload' ? writtenAs(value) : [value];
  if (field === undefined) return false;
  return candidates.some((candidate) => {
    const meets = (schema: JsonSchema): boolean => ajvValidator(schema)(candidate) === undefined;
    return field.always.every(meets) && (field.sometimes.length === 0 || field.sometimes.some(meets));
  });
}

function writtenAs(value: string): readonly JsonValue[] {
  const number = Number(value);
  return [
    value,
    ...(String(number) === value ? [number] : []),
    ...(value === 'true' || value === 'false' ? [value === 'true'] : []),
  ];
}
