import type { Message } from '../../model/flow.ts';
import { valuesAt } from '../../model/json.ts';
import type { Random } from '../random.ts';
import { samplePayload } from './schemas.ts';

/** The fields of the payload that must equal a header, as JSON Pointers. */
export function fieldsOf(message: Message, header: string): readonly string[] {
  return message.rules.flatMap((rule) => (rule.rule === 'equals-header' && rule.header === header ? [rule.field] : []));
}

/** A fresh valid value of the first of them, as text; undefined where there is none. */
export function drawField(message: Message, header: string, random: Random): string | undefined {
  const [field] = fieldsOf(message, header);
  if (field === undefined) return undefined;
  const value = valuesAt(samplePayload(message, random.seed()), field)[0];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
