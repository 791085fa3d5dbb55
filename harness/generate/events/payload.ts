import type { Message } from '../../model/flow.ts';
import { isJsonObject, valuesAt, withValueAt, type JsonValue } from '../../model/json.ts';
import { ruleHolds } from '../../model/rules.ts';
import type { PlannedMessage, Violation } from '../../model/workload.ts';
import { breakings } from './break-rule.ts';
import { digestOf } from './content.ts';
import { fulfil } from './fulfil.ts';
import { accepts, brokenPayload, faultsOf, samplePayload } from './schemas.ts';

type Headers = Readonly<Record<string, string>>;

/** Draws of a payload until it is what the workload plans, with all that it sets; and of a broken one. */
const mostDraws = 200;
const mostBrokenDraws = 24;

export interface MadePayload {
  readonly payload: JsonValue;
  /** Whether a changed payload is still as planned: valid, or broken in the same way. */
  readonly keeps: (changed: JsonValue) => boolean;
}

/** A payload as the workload plans it: valid, or broken in the one planned way. Undefined where none was found. */
export function payloadOf(planned: PlannedMessage, message: Message, headers: Headers): MadePayload | undefined {
  const prepare = (payload: JsonValue): JsonValue => fulfil(withOverrides(payload, planned), message.rules, headers);
  const { violation } = planned;
  if (violation?.kind === 'schema') return brokenBySchema(planned, message, violation, prepare);
  const holding = (payload: JsonValue): readonly boolean[] =>
    message.rules.map((rule) => ruleHolds(rule, payload, headers));
  const isAs = (wanted: readonly boolean[]) => (payload: JsonValue) =>
    accepts(message, payload) && holding(payload).every((holds, index) => holds === wanted[index]);
  const valid = isAs(message.rules.map(() => true));
  const asPlanned =
    violation?.kind === 'rule' ? isAs(message.rules.map((_, index) => index !== violation.rule)) : valid;
  for (let draw = 0; draw < mostDraws; draw++) {
    const base = prepare(samplePayload(message, planned.payloadSeed + draw));
    if (!valid(base)) continue;
    const rule = violation?.kind === 'rule' ? message.rules[violation.rule] : undefined;
    const payload = rule === undefined ? base : breakings(base, rule).find(asPlanned);
    if (payload !== undefined) return { payload, keeps: asPlanned };
  }
  return undefined;
}

/**
 * A payload that breaks one keyword, and holds as much of what the workload sets as does not mend it. Where nothing of that
 * can be set, the payload as it was drawn.
 */
function brokenBySchema(
  planned: PlannedMessage,
  message: Message,
  violation: Extract<Violation, { readonly kind: 'schema' }>,
  prepare: (payload: JsonValue) => JsonValue,
): MadePayload | undefined {
  const as = (faults: string) => (payload: JsonValue) => faultsOf(message, payload).join('\n') === faults;
  let drawn: MadePayload | undefined;
  for (let draw = 0; draw < mostBrokenDraws; draw++) {
    const broken = brokenPayload(message, violation, planned.payloadSeed + draw);
    const keeps = as(faultsOf(message, broken).join('\n'));
    const payload = isJsonObject(broken) ? attempts(broken, violation.path, prepare).find(keeps) : undefined;
    if (payload !== undefined) return { payload, keeps };
    drawn ??= { payload: broken, keeps };
  }
  return drawn;
}

/** The broken payload with all that the workload sets; and that with the broken value put back. */
function attempts(broken: JsonValue, path: string, prepare: (payload: JsonValue) => JsonValue): readonly JsonValue[] {
  const prepared = prepare(broken);
  const value = path === '' ? undefined : valuesAt(broken, path)[0];
  return value === undefined ? [prepared] : [prepared, withValueAt(prepared, path, value)];
}

/** The overrides of the workload, and the manifest of a bundle, put into a payload. */
function withOverrides(payload: JsonValue, planned: PlannedMessage): JsonValue {
  let value = payload;
  if (planned.contents !== undefined) {
    const items = valuesAt(payload, '/manifest/*').filter((item) => isJsonObject(item));
    value = withValueAt(
      value,
      '/manifest',
      planned.contents.map((content, at) => ({
        ...items[at % Math.max(1, items.length)],
        name: `item-${String(at)}.bin`,
        bytes: content.bytes,
        sha256: digestOf(content),
      })),
    );
  }
  for (const [place, override] of Object.entries(planned.payload)) value = withValueAt(value, place, override);
  return value;
}
