import { Problem } from '../../model/errors.ts';
import type { Flow, Message, Service } from '../../model/flow.ts';
import { messagesOf } from '../../model/flow.ts';
import { valuesAt, withValueAt, isJsonObject, type JsonValue } from '../../model/json.ts';
import type { PlannedEvent, PlannedEvents } from '../../model/planned.ts';
import { NONE } from '../../model/table.ts';
import type { PlannedMessage, Workload } from '../../model/workload.ts';
import { randomFrom } from '../random.ts';
import { invalid, sample } from '../schema/index.ts';
import { bodyOf } from './body.ts';
import { withCanaries } from './canaries.ts';
import { contentOf, digestOf } from './content.ts';
import { breakRule, fulfil } from './fulfil.ts';
import { headersOf, violateHeader } from './headers.ts';
import { accepts, samplePayload } from './schemas.ts';

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
  return {
    list,
    uncovered: uncoveredOf(list),
    identify: (source, id, body) => {
      const candidates = byId.get(`${source} ${id}`) ?? [];
      const same = body === undefined ? undefined : candidates.find((built) => Buffer.compare(built.event.body, body) === 0);
      return (same ?? candidates[0])?.index ?? NONE;
    },
    content: (message, item) => {
      const spec = workload.messages[message]?.contents?.[item];
      if (spec === undefined) throw new RangeError(`message ${String(message)} has no content ${String(item)}`);
      return contentOf(spec);
    },
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
  const headers = headersOf(planned, flow, message, epochMs, random);
  const prepare = (payload: JsonValue): JsonValue => fulfil(withOverrides(payload, planned), message.rules, headers);
  const base = baseOf(planned, message, prepare);
  const valid = (payload: JsonValue): boolean => accepts(message, payload);
  const marked = withCanaries(base, flow, message, valid, random);
  const payload = fulfil(marked.payload, message.rules, headers);
  if (!valid(payload)) throw notMade(planned, 'no valid payload came of its schema, its rules and what the workload sets');
  const { violation } = planned;
  const broken = violation === undefined ? payload : violate(planned, message, payload, prepare);
  return {
    index,
    message: planned,
    event: {
      headers: violation?.kind === 'header' ? violateHeader(headers, violation.header, violation.how) : headers,
      body: bodyOf(broken, violation?.kind === 'size' ? flow.maxBytes + 1 : planned.bodyBytes, random),
    },
    canaries: marked.canaries,
    uncovered: marked.uncovered,
  };
}

/** Draws of a payload until it is valid with what the workload sets, and has the field whose rule is to be broken. */
const mostDraws = 200;

function baseOf(planned: PlannedMessage, message: Message, prepare: (value: JsonValue) => JsonValue): JsonValue {
  const { violation } = planned;
  const rule = violation?.kind === 'rule' ? message.rules[violation.rule] : undefined;
  for (let draw = 0; draw < mostDraws; draw++) {
    const base = prepare(samplePayload(message, planned.payloadSeed + draw));
    if (accepts(message, base) && (rule === undefined || breakRule(base, rule) !== undefined)) return base;
  }
  throw notMade(planned, 'no valid payload came of its schema, its rules and what the workload sets');
}

function violate(planned: PlannedMessage, message: Message, payload: JsonValue, prepare: (value: JsonValue) => JsonValue): JsonValue {
  const violation = planned.violation;
  if (violation?.kind === 'rule') {
    const rule = message.rules[violation.rule];
    const broken = rule === undefined ? undefined : breakRule(payload, rule);
    if (broken === undefined) throw notMade(planned, `rule ${String(violation.rule)} cannot be broken in this payload`);
    return broken;
  }
  if (violation?.kind !== 'schema') return payload;
  const [value] = sample(invalid({ schema: message.payload }, violation), planned.payloadSeed, 1);
  if (value === undefined) throw notMade(planned, `nothing breaks ${violation.keyword} at ${violation.path}`);
  // What the rules set may repair what was broken; then the value goes out as it was generated.
  const made = value as JsonValue;
  const prepared = isJsonObject(made) ? prepare(made) : made;
  return accepts(message, prepared) ? made : prepared;
}

/** The overrides of the workload, and the manifest of a bundle, put into a payload. */
function withOverrides(payload: JsonValue, planned: PlannedMessage): JsonValue {
  let value = payload;
  if (planned.contents !== undefined) {
    const items = valuesAt(payload, '/manifest/*');
    value = withValueAt(
      value,
      '/manifest',
      planned.contents.map((content, at) => ({
        ...(items[at % Math.max(1, items.length)] as Record<string, JsonValue>),
        name: `item-${String(at)}.bin`,
        bytes: content.bytes,
        sha256: digestOf(content),
      })),
    );
  }
  for (const [place, override] of Object.entries(planned.payload)) value = withValueAt(value, place, override);
  return value;
}

function typeOf(planned: PlannedMessage, service: Service): { flow: Flow; message: Message } {
  const flow = service.flows.find((candidate) => candidate.id === planned.flow);
  const message = flow && messagesOf(flow).find((candidate) => candidate.name === planned.type);
  if (flow === undefined || message === undefined) throw notMade(planned, `${planned.flow} has no such message`);
  return { flow, message };
}

function notMade(planned: PlannedMessage, why: string): Problem {
  return new Problem('harness', `cannot make a ${planned.type} (payload seed ${String(planned.payloadSeed)}): ${why}`, {
    next: `look at the schema and the x-rules of ${planned.type}: is there a value that meets both?`,
  });
}
