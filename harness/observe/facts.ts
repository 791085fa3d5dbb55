import { crosses, parseTime, requiredAttributes, type CloudEvent } from '../model/event.ts';
import { classifications, type Flow } from '../model/flow.ts';
import type { RowOf } from '../model/history.ts';
import type { JsonValue } from '../model/json.ts';
import type { PlannedEvent } from '../model/planned.ts';
import { subjectOf } from '../model/subject.ts';
import type { Fact } from '../model/table.ts';
import type { Validators } from './validators.ts';

type Headers = Readonly<Record<string, string>>;

/** The comparisons and judgements that facts are made of. A calibration replaces one to see whether a wrong fact is noticed. */
export interface FactSteps {
  readonly sameBody: (expected: Uint8Array, found: Uint8Array) => boolean;
  /** Every header that crosses, and no other one that would. */
  readonly sameHeaders: (expected: Headers, found: Headers) => boolean;
  readonly sameChain: (expected: Headers, found: Headers) => boolean;
  readonly sameTrace: (expected: Headers, found: Headers) => boolean;
  /** Times as they were written, to the character. */
  readonly sameTimes: (expected: Headers, found: Headers) => boolean;
  /** Whether a header has no business on the bus: it does not cross, and is not the server's own. */
  readonly foreign: (name: string) => boolean;
  readonly sameSubject: (expected: string | undefined, found: string) => boolean;
  readonly envelopeFault: (headers: Headers) => string | undefined;
  readonly timeFault: (headers: Headers) => string | undefined;
  readonly classificationFault: (flow: Flow, headers: Headers) => string | undefined;
  readonly payloadFault: (fault: string | undefined) => string | undefined;
  readonly ruleFault: (fault: string | undefined) => string | undefined;
}

const chain = ['ce-correlationid', 'ce-causationid'] as const;
const trace = ['traceparent', 'tracestate'] as const;
const times = ['ce-time', 'ce-expirytime'] as const;
const sameOf = (names: readonly string[]) => (expected: Headers, found: Headers) =>
  names.every((name) => expected[name] === found[name]);

export const standardFactSteps: FactSteps = {
  sameBody: (expected, found) => Buffer.compare(expected, found) === 0,
  sameHeaders: (expected, found) =>
    sameOf([...Object.keys(expected), ...Object.keys(found)].filter(crosses))(expected, found),
  sameChain: sameOf(chain),
  sameTrace: sameOf(trace),
  sameTimes: sameOf(times),
  foreign: (name) => !crosses(name) && !/^nats-/i.test(name),
  sameSubject: (expected, found) => expected === found,
  envelopeFault: (headers) => {
    const absent = requiredAttributes.find((name) => (headers[name] ?? '') === '');
    if (absent !== undefined) return `header:${absent}`;
    if (headers['ce-specversion'] !== '1.0') return 'header:ce-specversion';
    const uri = (['ce-source', 'ce-dataschema'] as const).find(
      (name) => !/^[^\s<>"{}|\\^`]+$/.test(headers[name] ?? ''),
    );
    return uri === undefined ? undefined : `header:${uri}`;
  },
  timeFault: (headers) => {
    if (parseTime(headers['ce-time']) === undefined) return 'header:ce-time';
    const expiry = headers['ce-expirytime'];
    return expiry !== undefined && parseTime(expiry) === undefined ? 'header:ce-expirytime' : undefined;
  },
  classificationFault: (flow, headers) => {
    const level = classifications.findIndex((word) => word === headers['ce-classification']);
    return level < 0 || level > classifications.indexOf(flow.classification) ? 'header:ce-classification' : undefined;
  },
  payloadFault: (fault) => fault,
  ruleFault: (fault) => fault,
};

export type DeliveredFacts = Pick<
  RowOf<'delivery'>,
  'bodyIntact' | 'headersIntact' | 'chainIntact' | 'traceIntact' | 'timeIntact' | 'valid'
>;

/** What is made of an event that was handed to an application. `planned` is the event as it should be; undefined for what nobody planned. */
export function deliveredFacts(
  steps: FactSteps,
  validators: Validators,
  planned: PlannedEvent | undefined,
  event: CloudEvent,
): DeliveredFacts {
  const { validity } = judge(steps, validators, event);
  const compared = intact(steps, planned?.event, event);
  const leaked = planned !== undefined && carriesForeign(steps, planned.event.headers, event.headers);
  return { ...compared, ...(leaked ? { headersIntact: 'no' } : {}), valid: validity };
}

/** Whether one of the headers that were to stay behind came along; what a client adds of its own is no business of the contract. */
function carriesForeign(steps: FactSteps, sent: Headers, found: Headers): boolean {
  const names = new Set(Object.keys(found).map((name) => name.toLowerCase()));
  return Object.keys(sent).some((name) => steps.foreign(name) && names.has(name.toLowerCase()));
}

/** What is said of an event by itself. */
type OwnFacts = Pick<
  RowOf<'stored'>,
  'envelope' | 'dataschema' | 'timeFormat' | 'classification' | 'headersValid' | 'validA' | 'validB' | 'rules' | 'fault'
>;

export type StoredFacts = OwnFacts &
  Pick<
    RowOf<'stored'>,
    'bodyIntact' | 'headersIntact' | 'noneForeign' | 'subjectIntact' | 'chainIntact' | 'traceIntact' | 'timeIntact'
  >;

/** What is made of an event as a stream holds it. `subject` is the one it was published on. */
export function storedFacts(
  steps: FactSteps,
  validators: Validators,
  planned: PlannedEvent | undefined,
  flow: Flow,
  event: CloudEvent,
  subject: string,
): StoredFacts {
  const { facts, payload } = judge(steps, validators, event, flow);
  const expected = payload === undefined ? undefined : subjectOf(flow, event.headers, payload);
  return {
    ...facts,
    ...intact(steps, planned?.event, event),
    noneForeign: says(!Object.keys(event.headers).some(steps.foreign)),
    subjectIntact: says(steps.sameSubject(expected, subject)),
  };
}

/** How an event compares with the one that was sent; unknown where none was. */
function intact(steps: FactSteps, expected: CloudEvent | undefined, found: CloudEvent): Omit<DeliveredFacts, 'valid'> {
  if (expected === undefined) {
    return {
      bodyIntact: 'unknown',
      headersIntact: 'unknown',
      chainIntact: 'unknown',
      traceIntact: 'unknown',
      timeIntact: 'unknown',
    };
  }
  return {
    bodyIntact: says(steps.sameBody(expected.body, found.body)),
    headersIntact: says(steps.sameHeaders(expected.headers, found.headers)),
    chainIntact: says(steps.sameChain(expected.headers, found.headers)),
    traceIntact: says(steps.sameTrace(expected.headers, found.headers)),
    timeIntact: says(steps.sameTimes(expected.headers, found.headers)),
  };
}

interface Judged {
  readonly facts: OwnFacts;
  readonly validity: Fact;
  /** Undefined for a body that is no JSON. */
  readonly payload: JsonValue | undefined;
}

/** Everything that the contract asks of an event, each with its own fact; `fault` is the first that is wrong. */
function judge(steps: FactSteps, validators: Validators, event: CloudEvent, onFlow?: Flow): Judged {
  const { headers, body } = event;
  const found = validators.find(headers['ce-type'] ?? '');
  const flow = onFlow ?? found?.flow;
  const message = found?.message;
  const payload = parseBody(body);
  const withPayload = (judgement: (value: JsonValue) => string | undefined): string | undefined =>
    payload === undefined ? 'schema:json:' : judgement(payload);
  const unknownType = message === undefined ? 'header:ce-type' : undefined;

  const faults = {
    size: flow !== undefined && body.length > flow.maxBytes ? 'size' : undefined,
    envelope: steps.envelopeFault(headers) ?? unknownType,
    dataschema:
      message !== undefined && headers['ce-dataschema'] === message.dataschema ? undefined : 'header:ce-dataschema',
    timeFormat: steps.timeFault(headers),
    classification: flow === undefined ? unknownType : steps.classificationFault(flow, headers),
    headersValid: message === undefined ? unknownType : validators.headerFault(message, headers),
    validA:
      message === undefined
        ? unknownType
        : steps.payloadFault(withPayload((value) => validators.payloadFault(message, value))),
    validB:
      message === undefined
        ? unknownType
        : steps.payloadFault(withPayload((value) => validators.payloadFaultAgain(message, value))),
    rules:
      message === undefined
        ? unknownType
        : steps.ruleFault(withPayload((value) => validators.ruleFault(message, headers, value))),
  };
  const fault = Object.values(faults).find((candidate) => candidate !== undefined) ?? '';
  const { size: _size, ...named } = faults;
  const facts = Object.fromEntries(Object.entries(named).map(([name, wrong]) => [name, says(wrong === undefined)]));
  return { facts: { ...(facts as Omit<OwnFacts, 'fault'>), fault }, validity: says(fault === ''), payload };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parseBody(body: Uint8Array): JsonValue | undefined {
  try {
    return JSON.parse(utf8.decode(body)) as JsonValue;
  } catch {
    return undefined;
  }
}

const says = (holds: boolean): Fact => (holds ? 'yes' : 'no');
