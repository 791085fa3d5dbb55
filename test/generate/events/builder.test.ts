import { describe, expect, test } from 'vitest';
import { plannedSubject } from '../../../harness/engine/planned-rows.ts';
import { materialise } from '../../../harness/generate/events/materialise.ts';
import { WorkloadBuilder } from '../../../harness/generate/workload-builder.ts';
import { Problem } from '../../../harness/model/errors.ts';
import { entitled } from '../../../harness/model/subject.ts';
import type { Workload } from '../../../harness/model/workload.ts';
import { flows } from '../../fixtures/services.ts';

const named = (id: string) => {
  const found = flows.find(({ flow }) => flow.id === id);
  if (found === undefined) throw new Error(`no flow ${id}`);
  return found;
};
const builderFor = (id: string, seed = 1): WorkloadBuilder => {
  const { service, flow } = named(id);
  return new WorkloadBuilder(service, flow, seed);
};
const epochMs = Date.UTC(2026, 2, 5, 14);
const serviceOf = (id: string) => named(id).service;

describe.each(flows)('a message of $flow.id', ({ service, flow }) => {
  test('that is planned for a receiver is one that it is entitled to', () => {
    const build = new WorkloadBuilder(service, flow, 3);
    const wanted = flow.receivers.flatMap((receiver) =>
      build.messages(6, { to: receiver }).map((index) => ({ receiver, index })),
    );
    const { list } = materialise(build.build(), service, epochMs);
    for (const { receiver, index } of wanted) {
      const event = list[index];
      if (event === undefined) throw new Error('it was not made');
      const subject = plannedSubject(flow, event);
      expect([subject, entitled(flow, receiver, subject)]).toEqual([subject, true]);
    }
  });

  test('has an id of its own, and a time after the one before', () => {
    const build = new WorkloadBuilder(service, flow, 4);
    build.messages(20);
    const { messages } = build.build();
    expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
    const times = messages.map(({ timeMs }) => timeMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.every((time) => time < 0)).toBe(true);
  });

  test('comes again with other content under the same source and id, and each is told by its bytes', () => {
    const build = new WorkloadBuilder(service, flow, 5);
    const first = build.message();
    const second = build.conflicting(first);
    const events = materialise(build.build(), service, epochMs);
    const [one, other] = [events.list[first]?.event, events.list[second]?.event];
    if (one === undefined || other === undefined) throw new Error('they were not made');
    expect(other.headers['ce-id']).toBe(one.headers['ce-id']);
    expect(other.headers['ce-source']).toBe(one.headers['ce-source']);
    expect(Buffer.compare(other.body, one.body)).not.toBe(0);
    const identify = (body: Uint8Array | undefined): number =>
      events.identify(one.headers['ce-source'] ?? '', one.headers['ce-id'] ?? '', body);
    expect([identify(one.body), identify(other.body), identify(undefined)]).toEqual([first, second, first]);
    expect(events.identify('urn:nobody', one.headers['ce-id'] ?? '', one.body)).toBe(0xffffffff);
  });
});

describe('a workload', () => {
  test('numbers the events of each key of an ordered flow', () => {
    const build = builderFor('incident-lifecycle/incidents');
    const [one = '', two = ''] = build.keys(2);
    for (const key of [one, two, one, one, two]) build.message({ key });
    expect(build.build().messages.map(({ key, sequence }) => [key === one, sequence])).toEqual([
      [true, 1],
      [false, 1],
      [true, 2],
      [true, 3],
      [false, 2],
    ]);
  });

  test('opens an incident before it goes on with it', () => {
    const build = builderFor('incident-lifecycle/incidents', 9);
    const [key = ''] = build.keys(1);
    build.messages(6, { key });
    expect(build.build().messages[0]?.type).toBe('IncidentCreated');
  });

  test('answers each request with a reply that names it, unless the request is invalid', () => {
    const build = builderFor('records-check/vehicle-checks');
    const request = build.message();
    build.message({ violation: { kind: 'rule', rule: 0 } });
    const { messages, scripts } = build.build();
    expect(messages).toHaveLength(3);
    const reply = scripts[0]?.answers[0]?.reply ?? 0;
    expect(scripts).toHaveLength(named('records-check/vehicle-checks').flow.receivers.length);
    expect(messages[reply]?.headers['ce-causationid']).toBe(messages[request]?.id);
  });

  test('keeps the last script of an application for a message', () => {
    const build = builderFor('anpr-hit/hits');
    const message = build.message();
    build.script('control-room', message, { status: 500 }).script('control-room', message, { status: 200 });
    expect(build.build().scripts).toEqual([{ application: 'control-room', message, answers: [{ status: 200 }] }]);
  });

  test('knows how large the bundles are that their manifests tell of', async () => {
    const build = builderFor('case-file-transfer/bundles');
    const message = build.message();
    const events = materialise(build.build(), serviceOf('case-file-transfer/bundles'), epochMs);
    const body = JSON.parse(Buffer.from(events.list[message]?.event.body ?? []).toString('utf8')) as {
      manifest: { bytes: number }[];
    };
    expect(body.manifest.length).toBeGreaterThan(0);
    for (const [item, { bytes }] of body.manifest.entries()) {
      let sent = 0;
      for await (const chunk of events.content(message, item)) sent += chunk.length;
      expect(sent).toBe(bytes);
    }
    expect(() => events.content(message, 99)).toThrow(RangeError);
  });

  test('is refused with the payload seed where no payload can be what it asks for', () => {
    const build = builderFor('anpr-hit/hits');
    build.message({ type: 'AnprHit', payload: { '/priority': 'none' } });
    const materialised = (workload: Workload): unknown => {
      try {
        return materialise(workload, serviceOf('anpr-hit/hits'), epochMs);
      } catch (cause) {
        return cause;
      }
    };
    const problem = materialised(build.build()) as Problem;
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ kind: 'harness' });
    expect(problem.message).toMatch(/^cannot make a AnprHit \(payload seed -?\d+\)/);
  });
});
