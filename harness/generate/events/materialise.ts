import { Problem } from '../../model/errors.ts';
import type { Flow, Message, Service } from '../../model/flow.ts';
import { messagesOf } from '../../model/flow.ts';
import type { PlannedEvent, PlannedEvents } from '../../model/planned.ts';
import { NONE } from '../../model/table.ts';
import type { PlannedContent, PlannedMessage, Workload } from '../../model/workload.ts';
import { randomFrom, type Random } from '../random.ts';
import { bodyOf, rewritten, spoilt } from './body.ts';
import { withCanaries } from './canaries.ts';
import { contentOf, digestOf } from './content.ts';
import { headersOf, violateHeader } from './headers.ts';
import { payloadOf, type MadePayload } from './payload.ts';

/** Sets of headers that are tried with a payload. */
const mostAttempts = 4;

interface Built extends PlannedEvent {
  readonly uncovered: readonly string[];
}

/** The events of a workload with their bytes; the same workload, service and start give the same bytes. */
export function materialise(workload: Workload, service: Service, epochMs: number): PlannedEvents {
  const list = workload.messages.map((message, index) => build(message, index, service, epochMs));
  const byId = new Map<string, Built[]>();
  for (const built of list) {
    const id = `${built.event.headers['ce-source'] ?? ''} ${built.message.id}`;
    byId.set(id, [...(byId.get(id) ?? []), built]);
  }
  const contentSpec = (message: number, item: number): PlannedContent => {
    const spec = workload.messages[message]?.contents?.[item];
    if (spec === undefined) throw new RangeError(`message ${String(message)} has no content ${String(item)}`);
    return spec;
  };
  return {
    list,
    uncovered: uncoveredOf(list),
    identify: (source, id, body, type) => {
      const candidates = byId.get(`${source} ${id}`) ?? [];
      const same = body === undefined ? [] : candidates.filter((built) => Buffer.compare(built.event.body, body) === 0);
      return (same.find(({ message }) => message.type === type) ?? same[0] ?? candidates[0])?.index ?? NONE;
    },
    content: (message, item) => contentOf(contentSpec(message, item)),
    contentDigest: (message, item) => digestOf(contentSpec(message, item)),
    contentSpec: (message, item) => workload.messages[message]?.contents?.[item],
  };
}

function uncoveredOf(list: readonly Built[]): PlannedEvents['uncovered'] {
  const places = new Map<string, { type: string; path: string }>();
  for (const { message, uncovered } of list) {
    for (const path of uncovered) places.set(`${message.type} ${path}`, { type: message.type, path });
  }
  return [...places.values()];
}

function build(planned: PlannedMessage, index: number, service: Service, epochMs: number): Built {
  const { flow, message } = typeOf(planned, service);
  const random = randomFrom(planned.payloadSeed);
  const { violation } = planned;
  const bytes = planned.bodyBytes ?? (violation?.kind === 'size' ? flow.maxBytes + 1 : undefined);
  const made = make(planned, flow, message, epochMs, bytes ?? flow.maxBytes, random);
  if (made === undefined)
    throw notMade(planned, 'none came of its schemas, its rules, the size limit and what the workload sets');
  const { headers } = made;
  if (planned.body !== undefined)
    return {
      index,
      message: planned,
      event: { headers, body: Buffer.from(planned.body, 'base64') },
      canaries: [],
      uncovered: [],
    };
  if (planned.bodyAs !== undefined) {
    const { bodyAs, ...alike } = planned;
    const { event } = build({ ...alike, type: bodyAs }, index, service, epochMs);
    return { index, message: planned, event: { headers, body: event.body }, canaries: [], uncovered: [] };
  }
  // What a pact is about, or holds what is given, has the values that it is about.
  const marked =
    planned.pact === undefined && planned.contains === undefined
      ? withCanaries(made, flow, message, random)
      : { payload: made.payload, canaries: [], uncovered: [] };
  return {
    index,
    message: planned,
    event: {
      headers: violation?.kind === 'header' ? violateHeader(headers, violation.header, violation.how) : headers,
      body: written(planned, bodyOf(marked.payload, bytes, random, flow.maxBytes)),
    },
    canaries: marked.canaries,
    // Of a payload that its schema does not allow, nobody can say what belongs there.
    uncovered: violation?.kind === 'schema' || violation?.kind === 'json' ? [] : marked.uncovered,
  };
}

/** The body as the workload wants it written. */
function written({ violation, rewritten: otherwise }: PlannedMessage, body: Uint8Array): Uint8Array {
  if (violation?.kind === 'json') return spoilt(body, violation.how);
  return otherwise === true ? rewritten(body) : body;
}

/** Headers and payload that go together: a rule may ask for a time that is written in one of the ways only. */
function make(
  planned: PlannedMessage,
  flow: Flow,
  message: Message,
  epochMs: number,
  mostBytes: number,
  random: Random,
): (MadePayload & { readonly headers: Record<string, string> }) | undefined {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const headers = headersOf(planned, flow, message, epochMs, random);
    const made = payloadOf(planned, flow, message, headers, mostBytes);
    if (made !== undefined) return { ...made, headers };
  }
  return undefined;
}

function typeOf(planned: PlannedMessage, service: Service): { flow: Flow; message: Message } {
  const flow = service.flows.find((candidate) => candidate.id === planned.flow);
  const message = flow && messagesOf(flow).find((candidate) => candidate.name === planned.type);
  if (flow === undefined || message === undefined) throw notMade(planned, `${planned.flow} has no such message`);
  return { flow, message };
}

function notMade(planned: PlannedMessage, why: string): Problem {
  return new Problem('harness', `cannot make a ${planned.type} (payload seed ${String(planned.payloadSeed)}): ${why}`, {
    next: `look at the schemas and the x-rules of ${planned.type}, and at maxBytes: is there a message that meets them all?`,
  });
}
