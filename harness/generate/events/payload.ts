import type { Flow, Message } from '../../model/flow.ts';
import { isJsonObject, valuesAt, withValueAt, type JsonValue } from '../../model/json.ts';
import { ruleHolds } from '../../model/rules.ts';
import { notOfSubjects, subjectOf } from '../../model/subject.ts';
import type { PlannedMessage, Violation } from '../../model/workload.ts';
import { seedOf } from '../random.ts';
import { shortest } from './body.ts';
import { overlay } from './overlay.ts';
import { breakings, closeBreakings } from './break-rule.ts';
import { fulfil } from './fulfil.ts';
import { withManifest } from './manifest.ts';
import { misreadAt } from './misread.ts';
import { accepts, brokenPayload, faultsOf, samplePayload, samplePayloadWith, smallestPayload } from './schemas.ts';

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
export function payloadOf(
  planned: PlannedMessage,
  flow: Flow,
  message: Message,
  headers: Headers,
  mostBytes: number,
): MadePayload | undefined {
  const prepare = (payload: JsonValue): JsonValue =>
    fulfil(asTokens(withOverrides(payload, planned, message), flow), message.rules, headers);
  const fits = (payload: JsonValue): boolean => Buffer.byteLength(shortest(payload)) <= mostBytes;
  const { violation } = planned;
  const source = sourceOf(planned, message);
  if (violation?.kind === 'schema' && violation.misread === undefined)
    return brokenBySchema(planned, message, violation, prepare, fits);
  const holding = (payload: JsonValue): readonly boolean[] =>
    message.rules.map((rule) => ruleHolds(rule, payload, headers));
  const isAs = (wanted: readonly boolean[]) => (payload: JsonValue) =>
    accepts(source, payload) &&
    holding(payload).every((holds, index) => holds === wanted[index]) &&
    fits(payload) &&
    (!flow.messages.includes(message) || subjectOf(flow, headers, payload) !== undefined);
  const valid = isAs(message.rules.map(() => true));
  if (violation?.kind === 'schema') return misreadOf(planned, message, violation, prepare, valid);
  const asPlanned =
    violation?.kind === 'rule' ? isAs(message.rules.map((_, index) => index !== violation.rule)) : valid;
  for (let draw = 0; draw <= mostDraws; draw++) {
    const least = draw === mostDraws || (draw === 0 && planned.smallest === true);
    const drawn = least ? smallestPayload(source) : samplePayload(source, planned.payloadSeed + draw);
    const base = prepare(drawn);
    if (!valid(base)) continue;
    const rule = violation?.kind === 'rule' ? message.rules[violation.rule] : undefined;
    const payload =
      rule === undefined || violation?.kind !== 'rule'
        ? base
        : [
            ...(violation.closely === true ? closeBreakings(base, rule) : []),
            ...breakings(base, rule, anotherPayload(message, planned, draw)),
          ].find(asPlanned);
    if (payload !== undefined) return { payload, keeps: asPlanned };
  }
  return undefined;
}

/** The message with the schema that the workload draws from. */
function sourceOf({ within }: PlannedMessage, message: Message): Message {
  return within === undefined ? message : { ...message, payload: within.schema, schemaDigest: within.digest };
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
  fits: (payload: JsonValue) => boolean,
): MadePayload | undefined {
  const as = (faults: string) => (payload: JsonValue) =>
    faultsOf(message, payload).join('\n') === faults && fits(payload);
  let drawn: MadePayload | undefined;
  for (let draw = 0; draw < mostBrokenDraws; draw++) {
    const broken = brokenPayload(message, violation, planned.payloadSeed + draw);
    const keeps = as(faultsOf(message, broken).join('\n'));
    const payload = isJsonObject(broken) ? attempts(broken, violation.path, prepare).find(keeps) : undefined;
    if (payload !== undefined) return { payload, keeps };
    if (drawn === undefined || (!fits(drawn.payload) && fits(broken))) drawn = { payload: broken, keeps };
  }
  return drawn;
}

/** A valid payload in which one text is written so that a misreading of its schema alone takes it. */
function misreadOf(
  { payloadSeed }: PlannedMessage,
  message: Message,
  violation: Extract<Violation, { readonly kind: 'schema' }>,
  prepare: (payload: JsonValue) => JsonValue,
  valid: (payload: JsonValue) => boolean,
): MadePayload | undefined {
  const { misread, path } = violation;
  if (misread === undefined) return undefined;
  const textOf = (payload: JsonValue): JsonValue => valuesAt(payload, path)[0] ?? null;
  for (let draw = 0; draw < mostDraws; draw++) {
    const drawn = samplePayloadWith(message, violation, payloadSeed + draw);
    const base = drawn === undefined ? undefined : prepare(drawn);
    if (base === undefined || !valid(base)) continue;
    const payload = misreadAt(message, violation, misread, base);
    if (payload === undefined) continue;
    const keeps = (changed: JsonValue): boolean =>
      textOf(changed) === textOf(payload) && valid(withValueAt(changed, path, textOf(base)));
    return { payload, keeps };
  }
  return undefined;
}

/** The broken payload with all that the workload sets; and that with the broken value put back. */
function attempts(broken: JsonValue, path: string, prepare: (payload: JsonValue) => JsonValue): readonly JsonValue[] {
  const prepared = prepare(broken);
  const value = path === '' ? undefined : valuesAt(broken, path)[0];
  return value === undefined ? [prepared] : [prepared, withValueAt(prepared, path, value)];
}

const anotherPayload = (message: Message, planned: PlannedMessage, draw: number): JsonValue =>
  samplePayload(message, seedOf(planned.payloadSeed + draw, 'another'));

/** The overrides of the workload, and the manifest of a bundle, put into a payload. */
function withOverrides(payload: JsonValue, planned: PlannedMessage, message: Message): JsonValue {
  const whole = planned.contains === undefined ? payload : overlay(payload, planned.contains);
  let value = planned.contents === undefined ? whole : withManifest(whole, planned.contents, message);
  for (const [place, override] of Object.entries(planned.payload)) value = withValueAt(value, place, override);
  return value;
}

/** Texts that fill a part of the subject, without what cannot stand there. */
function asTokens(payload: JsonValue, flow: Flow): JsonValue {
  let value = payload;
  for (const { location } of flow.parameters) {
    const text = location.of === 'payload' ? valuesAt(payload, location.pointer)[0] : undefined;
    if (typeof text === 'string' && notOfSubjects.test(text))
      value = withValueAt(
        value,
        location.pointer,
        Array.from(text, (character) => (notOfSubjects.test(character) ? 'x' : character)).join(''),
      );
  }
  return value;
}
