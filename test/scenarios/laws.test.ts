import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createCheck } from '../../harness/contracts/index.ts';
import { newAjv } from '../../harness/contracts/validate/ajv.ts';
import { plannedSubject } from '../../harness/engine/planned-rows.ts';
import { materialise } from '../../harness/generate/events/materialise.ts';
import { messagesOf, type Flow, type Message, type Service } from '../../harness/model/flow.ts';
import type { JsonValue } from '../../harness/model/json.ts';
import type { PlannedEvent } from '../../harness/model/planned.ts';
import { ruleHolds } from '../../harness/model/rules.ts';
import { entitled } from '../../harness/model/subject.ts';
import type { Condition, Step, Workload } from '../../harness/model/workload.ts';
import { planned, services } from '../fixtures/services.ts';

const seeds = [1, 2, 3, 4, 5];
const epochMs = Date.UTC(2026, 2, 5, 14);
const checks = new Map(services.map((service) => [service.name, createCheck(service)]));

/** What the check says of an event, under the message that it was planned as. */
const checked = (service: Service, flow: Flow, { event }: PlannedEvent) => checks.get(service.name)?.(flow, event);

const payloadOf = ({ event }: PlannedEvent): JsonValue =>
  JSON.parse(Buffer.from(event.body).toString('utf8')) as JsonValue;

function isJson(body: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return true;
  } catch {
    return false;
  }
}

const messageOf = (flow: Flow, { message }: PlannedEvent): Message => {
  const found = messagesOf(flow).find(({ name }) => name === message.type);
  if (found === undefined) throw new Error(`${flow.id} has no ${message.type}`);
  return found;
};

const ajv = newAjv({ allErrors: true, validateSchema: false });
const validators = new Map<string, ReturnType<typeof ajv.compile>>();

/** Every fault of the payload schema, as `<keyword> <path>`. */
function schemaFaults(message: Message, payload: JsonValue): readonly string[] {
  const validate = validators.get(message.schemaDigest) ?? ajv.compile(message.payload);
  validators.set(message.schemaDigest, validate);
  return validate(payload) ? [] : (validate.errors ?? []).map((error) => `${error.keyword} ${error.instancePath}`);
}

/** Whether the planned fault is among those of the event. */
function hasPlannedFault(flow: Flow, event: PlannedEvent, detail: string): boolean {
  const { violation } = event.message;
  const message = messageOf(flow, event);
  switch (violation?.kind) {
    case 'schema': {
      const keyword = violation.keyword.replace(/^m(?:in|ax)Contains$/, 'contains');
      return schemaFaults(message, payloadOf(event)).includes(`${keyword} ${violation.path}`);
    }
    case 'json':
      return !isJson(event.event.body);
    case 'rule': {
      const rule = message.rules[violation.rule];
      return rule !== undefined && !ruleHolds(rule, payloadOf(event), event.event.headers);
    }
    case 'header':
      return detail.startsWith(`header ${violation.header}:`);
    case 'size':
      return event.event.body.length > flow.maxBytes;
    case undefined:
      return false;
  }
}

const digestsOf = (list: readonly PlannedEvent[]): readonly string[] =>
  list.map(({ event, canaries }) =>
    hash('sha256', Buffer.concat([Buffer.from(JSON.stringify([event.headers, canaries])), event.body])),
  );

function memo<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

const messagesNamedBy = (step: Step): readonly number[] => {
  if (step.do === 'send' || step.do === 'inject') return [step.message];
  if (step.do === 'open-loop') return step.arrivals.flatMap(({ message }) => message ?? []);
  if (step.do === 'inject-reply') return [step.message, step.request];
  return step.do === 'wait' ? messagesWaitedFor(step.for) : [];
};
const messagesWaitedFor = (condition: Condition): readonly number[] =>
  'message' in condition ? [condition.message] : [];

/** What a workload refers to that is not there. */
function danglingIn(workload: Workload, flow: Flow, service: Service): readonly string[] {
  const known = new Set(service.applications.map(({ name }) => name));
  const receivers = new Set(flow.receivers.map(({ application }) => application));
  const steps = workload.lanes.flat();
  const named = [
    ...steps.flatMap(messagesNamedBy),
    ...workload.scripts.flatMap(({ message, answers }) => [message, ...answers.flatMap(({ reply }) => reply ?? [])]),
  ];
  const lanes = steps.flatMap((step) => (step.do === 'wait' && step.for.until === 'lane' ? [step.for.lane] : []));
  return [
    ...named
      .filter((message) => workload.messages[message] === undefined)
      .map((message) => `message ${String(message)}`),
    ...lanes.filter((lane) => workload.lanes[lane] === undefined).map((lane) => `lane ${String(lane)}`),
    ...workload.scripts
      .filter(({ application }) => !receivers.has(application))
      .map(({ application }) => `receiver ${application}`),
    ...steps.flatMap((step) =>
      'application' in step && !known.has(step.application) ? [`application ${step.application}`] : [],
    ),
    ...steps.flatMap((step) =>
      step.do === 'wait' && step.for.until === 'delivered' && !receivers.has(step.for.application)
        ? [`receiver ${step.for.application}`]
        : [],
    ),
    ...Object.keys(workload.instances)
      .filter((name) => !known.has(name))
      .map((name) => `application ${name}`),
    ...workload.messages
      .filter(({ application }) => !known.has(application))
      .map(({ application }) => `application ${application}`),
  ];
}

/** Messages that somebody is to be handed, by the lanes: planned ones that no step names are of no use. */
function usedIn(workload: Workload): ReadonlySet<number> {
  const replies = workload.scripts.flatMap(({ answers }) => answers.flatMap(({ reply }) => reply ?? []));
  return new Set([...workload.lanes.flat().flatMap(messagesNamedBy), ...replies]);
}

describe.each(planned)('$id', ({ service, flow, scenario }) => {
  const plan = (): readonly Workload[] => seeds.map((seed) => scenario.workload(service, flow, seed));
  const workloads = plan();
  const lists = memo(() => workloads.map((workload) => materialise(workload, service, epochMs).list));

  test('plans the same workload for the same seed, and another for another', () => {
    expect(plan()).toEqual(workloads);
    expect(new Set(workloads.map((workload) => JSON.stringify(workload))).size).toBe(seeds.length);
  });

  test('plans data that JSON holds without loss', () => {
    for (const workload of workloads) expect(JSON.parse(JSON.stringify(workload))).toStrictEqual(workload);
  });

  test('plans something to do, and refers to nothing that is not there', () => {
    for (const workload of workloads) {
      expect(usedIn(workload).size).toBeGreaterThan(0);
      expect(danglingIn(workload, flow, service)).toEqual([]);
    }
  });

  test('gives the same bytes for the same start, and every event is as it is planned', () => {
    const again = workloads.map((workload) => materialise(workload, service, epochMs).list);
    expect(again.map(digestsOf)).toEqual(lists().map(digestsOf));
    for (const list of lists()) {
      for (const event of list) {
        const { violation, bodyBytes } = event.message;
        const failure = checked(service, flow, event);
        const shown = [event.message.type, violation, failure?.detail];
        if (violation === undefined) expect(shown).toEqual([event.message.type, undefined, undefined]);
        else
          expect([shown, failure !== undefined && hasPlannedFault(flow, event, failure.detail)]).toEqual([shown, true]);
        if (bodyBytes !== undefined) expect(event.event.body.length).toBe(bodyBytes);
        if (violation?.kind === 'size') expect(failure?.reason).toBe('too-large');
      }
    }
  });

  test('marks every event’s content, and puts none of the marks in a subject or a header', () => {
    for (const list of lists()) {
      for (const event of list) {
        // Of what is no JSON nobody can say what its strings are.
        if (event.message.violation?.kind !== 'json') {
          const strings = new Set(stringsOf(payloadOf(event)));
          expect(event.canaries.filter((canary) => !strings.has(canary))).toEqual([]);
        }
        const open = [plannedSubject(flow, event), ...Object.values(event.event.headers)].join('\n');
        expect(event.canaries.filter((canary) => open.includes(canary))).toEqual([]);
      }
    }
  });

  test('sends every valid event on a subject that somebody is entitled to', () => {
    for (const list of lists()) {
      for (const event of list) {
        if (event.message.violation !== undefined) continue;
        const subject = plannedSubject(flow, event);
        const receivers = flow.receivers.filter((receiver) => entitled(flow, receiver, subject));
        expect([subject, receivers.length > 0]).toEqual([subject, true]);
      }
    }
  });
});

describe.each(planned.filter(({ flow }) => flow.pattern === 'ordered-stream'))('$id', ({ service, flow, scenario }) => {
  test('numbers each key’s events from 1 without a gap, and sends them in that order unless it is about gaps', () => {
    for (const seed of seeds) {
      const workload = scenario.workload(service, flow, seed);
      const keys = Map.groupBy(workload.messages, ({ key }) => key);
      for (const messages of keys.values()) {
        const sequences = [...new Set(messages.map(({ sequence }) => sequence))];
        // Further ahead than 31 bits hold, by design.
        if (scenario.name === 'gap' && (sequences[0] ?? 0) >= 2 ** 31) continue;
        expect(sequences).toEqual(sequences.map((_, at) => at + 1));
      }
      if (scenario.name === 'gap') continue;
      for (const lane of workload.lanes) {
        const sent = lane.flatMap((step) => (step.do === 'send' ? [workload.messages[step.message]] : []));
        for (const ofKey of Map.groupBy(sent, (message) => message?.key).values()) {
          const sequences = ofKey.map((message) => message?.sequence ?? 0);
          expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
        }
      }
    }
  });

  test('keeps a key’s events in one lane', () => {
    for (const seed of seeds) {
      const workload = scenario.workload(service, flow, seed);
      const lanes = workload.lanes.flatMap((lane, index) =>
        lane.flatMap((step) => (step.do === 'send' ? [{ key: workload.messages[step.message]?.key, index }] : [])),
      );
      for (const ofKey of Map.groupBy(lanes, ({ key }) => key).values()) {
        expect(new Set(ofKey.map(({ index }) => index)).size).toBe(1);
      }
    }
  });
});

function stringsOf(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return (Object.values(value) as readonly JsonValue[]).flatMap(stringsOf);
}
