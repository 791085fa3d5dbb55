import type { JsonValue } from '../../model/json.ts';
import { fieldAt, requiredNames } from '../schema/fields.ts';
import type { Mistakes } from '../mistakes.ts';
import type { ReadFlow } from '../service/flow.ts';
import type { ReadMessage } from '../service/message.ts';
import { child, placeAt } from '../source/reference.ts';
import { ajvValidator } from '../validate/ajv.ts';

/** The fields that an adapter fills in a refusal by itself; all others it copies from what it refuses. */
const ownFields: readonly string[] = ['code', 'reasonCodes', 'retryable'];

/** An adapter makes refusals by itself: each must be one that it can make, with every reason that it has. */
export function checkRefusals(flows: readonly ReadFlow[], mistakes: Mistakes): void {
  for (const read of flows) {
    const { flow } = read;
    if (flow.refusal === undefined) continue;
    const channel =
      flow.receipts === undefined
        ? read.replies
        : flows.find((other) => other.flow.channel === flow.receipts)?.messages;
    const refusal = channel?.find(({ name }) => name === flow.refusal);
    if (refusal === undefined) continue;
    checkFields(read, refusal, mistakes);
    checkReasons(read, refusal, reasonsOf(read), mistakes);
  }
}

function reasonsOf({ flow }: ReadFlow): readonly string[] {
  if (flow.pattern === 'request-reply') return ['invalid', 'rejected', 'unavailable'];
  return [
    ...(flow.pattern === 'claim-check' ? ['content'] : []),
    ...(flow.badInput === 'refuse' ? ['invalid', 'rejected'] : []),
  ];
}

function checkFields({ flow, messages }: ReadFlow, refusal: ReadMessage, mistakes: Mistakes): void {
  for (const name of requiredNames(refusal.payload)) {
    if (ownFields.includes(name) || messages.every((message) => requiredNames(message.payload).has(name))) continue;
    const what = `${refusal.name}, the refusal of ${flow.channel}, requires ${name}, which an adapter cannot know`;
    const next = `require only ${ownFields.join(', ')}, and fields that every message of ${flow.channel} requires`;
    mistakes.add(placeAt(child(refusal.at, 'payload')), what, next);
  }
}

function checkReasons({ flow }: ReadFlow, refusal: ReadMessage, reasons: readonly string[], mistakes: Mistakes): void {
  const code = fieldAt(refusal.payload, '/code');
  const list = fieldAt(refusal.payload, '/reasonCodes');
  const at = placeAt(child(refusal.at, 'payload'));
  if (code === undefined && list === undefined) {
    const what = `${refusal.name}, the refusal of ${flow.channel}, has no field for the reason`;
    mistakes.add(at, what, 'add code, a text, or reasonCodes, a list of texts');
    return;
  }
  const refused = reasons.filter((reason) => !allows(code, reason) || !allows(list, [reason]));
  if (refused.length === 0) return;
  const what = `${refusal.name}, the refusal of ${flow.channel}, does not allow ${refused.join(', ')} as its reason`;
  mistakes.add(at, what, `let ${code === undefined ? 'reasonCodes' : 'code'} be any of ${reasons.join(', ')}`);
}

const allows = (field: ReturnType<typeof fieldAt>, value: JsonValue): boolean =>
  field?.always.every((schema) => ajvValidator(schema)(value) === undefined) ?? true;
