import { afterAll, beforeAll, expect, test } from 'vitest';

import { startProcess } from '../../harness/bus/runtime/process.ts';
import type { StartedBus } from '../../harness/bus/runtime/runtime.ts';
import { failureIn, minimise } from '../../harness/explore/minimise.ts';
import { Stage, type Performance } from '../../harness/explore/stage.ts';
import { WorkloadBuilder } from '../../harness/generate/workload-builder.ts';
import { receiversOf } from '../../harness/generate/workload/filters.ts';
import type { Workload } from '../../harness/model/workload.ts';
import { sizeOf } from '../../harness/shrink/events.ts';
import { flows } from '../fixtures/services.ts';

const { signal } = new AbortController();
const found = flows.find(({ flow }) => flow.id === 'incident-lifecycle/incidents');
if (found === undefined) throw new Error('there is no such flow');
const { service, flow } = found;

let bus: StartedBus;
beforeAll(async () => {
  bus = await startProcess();
});
afterAll(() => bus[Symbol.asyncDispose]());

/** Hundreds of messages on dozens of keys, of which one is refused twice for the time being; and an adapter that is away for a while. */
function volume(keys: number, each: number): Performance {
  const build = new WorkloadBuilder(service, flow, 11);
  const all = build.keys(keys);
  const messages = all.flatMap((key) => Array.from({ length: each }, () => build.message({ key })));
  const refused = messages[Math.floor(messages.length / 2)] ?? 0;
  const receiver = receiversOf(flow, build.planned(refused).key)[0]?.application ?? '';
  build.script(receiver, refused, { status: 500 }, { status: 500 }, { status: 200 });
  build.sendInLanes(messages);
  const application = flow.receivers.map((each) => each.application).find((name) => name !== receiver) ?? '';
  build.lane({ do: 'stop', application, instance: 0 }, { do: 'start', application, instance: 0 });
  const header = { id: 'volume', flow: flow.id, scenario: 'property', title: '', clauses: [], seed: 11 };
  return { header, service, flow, workload: build.build() };
}

test('what fails under volume is performed again with the keys and faults concerned alone, and shrunk from there', async () => {
  const healthy = new Stage({ services: [service], bus });
  // An adapter that takes the third delivery of anything for taken.
  const stage = healthy.with({
    breaks: {
      steps: { handOver: (held, post) => (held.deliveries === 3 ? Promise.resolve({ do: 'acknowledge' }) : post()) },
    },
  });
  const performance = volume(40, 6);
  expect(performance.workload.messages.length).toBe(240);
  const trial = await stage.perform(performance, signal);
  expect(failureIn(stage, trial, 'DEL-3')?.failed).toBeGreaterThan(0);
  const steps: Workload[] = [];
  const budget = { runs: 100, ms: 40_000 };
  const { minimised } = await minimise(
    { performance, trial, clause: 'DEL-3' },
    { stage, healthy, width: 4, budget, signal, onProgress: (workload) => void steps.push(workload) },
  );
  // The very first step leaves all other keys out, and what befalls adapters that have nothing to do with it goes on from there.
  expect(steps[0]?.messages.length).toBeLessThanOrEqual(6);
  expect(minimised.before).toEqual({ messages: 240, events: 2 });
  expect(sizeOf(minimised.workload)).toEqual({ messages: 1, events: 0 });
  expect(minimised.rate.failed).toBe(minimised.rate.tried);
  expect(minimised.control).toBe(true);
});
