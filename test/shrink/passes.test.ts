import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Step, Workload } from '../../harness/model/workload.ts';
import { sizeOf } from '../../harness/shrink/events.ts';
import { keepMessages, ownMessages } from '../../harness/shrink/keep.ts';
import { passes } from '../../harness/shrink/passes.ts';
import { planned } from '../fixtures/services.ts';

const workloads = planned.map(({ id, service, flow, scenario }) => ({
  id,
  workload: scenario.workload(service, flow, 3),
}));

const messagesOf = (step: Step): readonly number[] => {
  if (step.do === 'send' || step.do === 'inject') return [step.message];
  if (step.do === 'inject-reply') return [step.message, step.request];
  if (step.do === 'open-loop') return step.arrivals.flatMap(({ message }) => message ?? []);
  return step.do === 'wait' && 'message' in step.for ? [step.for.message] : [];
};

/** What a workload names and does not have. */
function dangling({ messages, lanes, scripts, wire = [] }: Workload): readonly string[] {
  const named = [
    ...lanes.flat().flatMap(messagesOf),
    ...scripts.flatMap(({ message, answers }) => [message, ...answers.flatMap(({ reply }) => reply ?? [])]),
    ...wire.map(({ message }) => message),
  ];
  const waited = lanes
    .flat()
    .flatMap((step) => (step.do === 'wait' && step.for.until === 'lane' ? [step.for.lane] : []));
  return [
    ...named.filter((message) => messages[message] === undefined).map((message) => `message ${String(message)}`),
    ...waited.filter((lane) => lanes[lane] === undefined).map((lane) => `lane ${String(lane)}`),
  ];
}

/** Starts of an instance that runs, and ends of one that does not, lane by lane in turn. */
function impossible({ lanes, instances }: Workload): readonly string[] {
  const up = new Map<string, boolean>();
  return lanes.flat().flatMap((step) => {
    if (step.do !== 'start' && step.do !== 'stop' && step.do !== 'crash') return [];
    const name = `${step.application} ${String(step.instance)}`;
    const was = up.get(name) ?? step.instance < (instances[step.application] ?? 1);
    up.set(name, step.do === 'start');
    return was === (step.do === 'start') ? [`${step.do} of ${name}`] : [];
  });
}

const small = workloads.filter(({ workload }) => workload.messages.length < 200);

describe('a simpler workload', () => {
  test.each(small)(
    'of $id names nothing that it has not, and each instance lives a life that it can have',
    ({ workload }) => {
      expect(impossible(workload)).toEqual([]);
      for (const pass of passes) {
        for (const simpler of pass(workload)) {
          expect(dangling(simpler)).toEqual([]);
          expect(impossible(simpler)).toEqual([]);
          expect(JSON.parse(JSON.stringify(simpler))).toStrictEqual(simpler);
        }
      }
    },
  );

  test.each(small)('of $id is no larger, and another one', ({ workload }) => {
    const { messages, events } = sizeOf(workload);
    for (const pass of passes) {
      for (const simpler of pass(workload)) {
        const size = sizeOf(simpler);
        expect(size.messages).toBeLessThanOrEqual(messages);
        expect(size.events).toBeLessThanOrEqual(events);
      }
    }
  });
});

describe('some of the messages of a workload', () => {
  test.each(small)(
    'of $id are what they were, with their replies and whoever was to be told of them',
    ({ workload }) => {
      const own = ownMessages(workload);
      fc.assert(
        fc.property(fc.subarray([...own], { minLength: 1 }), (some) => {
          const kept = keepMessages(workload, new Set(some));
          expect(dangling(kept)).toEqual([]);
          const ids = new Set(some.map((message) => workload.messages[message]?.id));
          const left = kept.messages.filter(({ id }) => ids.has(id));
          expect(left.length).toBeGreaterThanOrEqual(some.length);
          expect(ownMessages(kept).length).toBe(some.length);
        }),
        { numRuns: 20 },
      );
    },
  );

  test('close up in the order of their key, and a gap that was planned stays', () => {
    const gap = workloads.find(({ id }) => id === 'incident-lifecycle/incidents/gap')?.workload;
    const key = gap?.messages[0]?.key;
    const own = [...(gap?.messages.entries() ?? [])].filter(([, message]) => message.key === key).map(([at]) => at);
    if (gap === undefined) throw new Error('no such scenario');
    const sequences = (kept: readonly number[]) =>
      keepMessages(gap, new Set(kept)).messages.map(({ sequence }) => sequence);
    expect(sequences(own)).toEqual([1, 2, 3, 4, 5]);
    expect(sequences(own.slice(2))).toEqual([1, 2, 3]);
    expect(sequences([own[0] ?? 0, own[3] ?? 0])).toEqual([1, 2]);
  });
});
