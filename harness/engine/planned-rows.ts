import { anonymousPlace, declaredNames } from '../model/declared.ts';
import { parseTime } from '../model/event.ts';
import { messagesOf, type Flow, type Message, type Service } from '../model/flow.ts';
import type { HistoryBuilder, RowOf } from '../model/history.ts';
import { isJsonObject, type JsonSchema, type JsonValue } from '../model/json.ts';
import { subjectOf } from '../model/subject.ts';
import type { PlannedEvent, PlannedEvents } from '../model/planned.ts';
import type { PlannedMessage, Violation } from '../model/workload.ts';

/** Journals the workload's messages, without content. */
export function journalPlanned(
  history: HistoryBuilder,
  service: Service,
  planned: PlannedEvents,
  epochMs: number,
): void {
  for (const event of planned.list) {
    const flow = service.flows.find((candidate) => candidate.id === event.message.flow);
    const { headers, body } = event.event;
    const since = (header: string): number => (parseTime(headers[header]) ?? Number.NaN) - epochMs;
    history.append('planned', {
      flow: event.message.flow,
      type: event.message.type,
      source: headers['ce-source'] ?? '',
      id: event.message.id,
      application: event.message.application,
      key: event.message.key,
      sequence: event.message.sequence,
      time: since('ce-time'),
      expires: since('ce-expirytime'),
      bytes: body.length,
      violation: violationOf(flow, event.message),
      role: flow?.replies.some((reply) => reply.name === event.message.type) === true ? 'reply' : 'event',
      correlation: headers['ce-correlationid'] ?? '',
      causation: headers['ce-causationid'] ?? '',
      classification: headers['ce-classification'] ?? '',
      trace: headers['traceparent'] ?? '',
      subject: flow === undefined ? '' : plannedSubject(flow, event),
      contents: event.message.contents?.length ?? 0,
      ...oddities(flow, event),
    });
  }
  for (const field of planned.uncovered) history.append('uncovered', field);
}

/** The subject of an event by its contract; of one too broken to have a subject, the nearest that its stream takes. */
export function plannedSubject(flow: Flow, event: PlannedEvent): string {
  const subject = subjectOf(flow, event.event.headers, payloadOf(event.event.body));
  if (subject !== undefined) return subject;
  // Where a parameter's value is what is wrong: any token will do, so that the message still reaches its consumers.
  const filters = flow.receivers[0]?.filter ?? {};
  return flow.parameters.reduce((at, parameter) => {
    const value =
      parameter.location.of === 'header'
        ? event.event.headers[parameter.location.pointer.slice(1).toLowerCase()]
        : undefined;
    return at.replace(`{${parameter.name}}`, value ?? filters[parameter.name]?.[0] ?? 'none');
  }, flow.address);
}

/** What of an event an adapter may stumble over although its contract allows it. */
function oddities(
  flow: Flow | undefined,
  { event, message }: PlannedEvent,
): Pick<RowOf<'planned'>, 'unknownField' | 'nonAscii'> {
  const payload = payloadOf(event.body);
  const contract = contractOf(flow, message.type);
  if (contract === undefined || !isJsonObject(payload)) return { unknownField: 'unknown', nonAscii: 'unknown' };
  const declared = declaredNames(contract.payload);
  const unknown = Object.keys(payload).some((name) => !declared.has(name));
  const ascii = /^\p{ASCII}*$/u.test(JSON.stringify(payload));
  return { unknownField: unknown ? 'yes' : 'no', nonAscii: ascii ? 'no' : 'yes' };
}

function contractOf(flow: Flow | undefined, type: string): Message | undefined {
  return flow && messagesOf(flow).find((candidate) => candidate.name === type);
}

/** '' for a valid message; a bundle whose content is not what its manifest says is broken as a whole. */
function violationOf(flow: Flow | undefined, { type, violation, contents }: PlannedMessage): string {
  if (violation !== undefined) return violationText(violation, contractOf(flow, type)?.payload ?? true);
  const item = contents?.findIndex((content) => content.fault !== undefined) ?? -1;
  return item < 0 ? '' : `content:${contents?.[item]?.fault ?? ''}:${String(item)}`;
}

function violationText(violation: Violation, schema: JsonSchema): string {
  switch (violation.kind) {
    case 'schema':
      return [`schema:${violation.keyword}:${anonymousPlace(schema, violation.path)}`, violation.misread ?? []]
        .flat()
        .join(':');
    case 'json':
      return `schema:json:${violation.how}`;
    case 'rule':
      return `rule:${String(violation.rule)}`;
    case 'header':
      return `header:${violation.header}:${violation.how}`;
    case 'size':
      return 'size';
  }
}

function payloadOf(body: Uint8Array): JsonValue {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as JsonValue;
  } catch {
    return null;
  }
}
