import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { materialise } from '../../harness/generate/events/materialise.ts';
import { partitionOf } from '../../harness/generate/partition.ts';
import { anew, namesOf } from '../../harness/generate/workload/anew.ts';
import { wantedOf } from '../../harness/generate/workload/filters.ts';
import type { Flow } from '../../harness/model/flow.ts';
import { property } from '../../scenarios/property.ts';
import { flows } from '../fixtures/services.ts';

const each = flows.map(({ service, flow }) => ({ id: flow.id, service, flow }));
const epochMs = Date.UTC(2026, 2, 5, 14);
const named = (flow: Flow): readonly string[] =>
  flow.receivers.flatMap((receiver) => wantedOf(flow, receiver, 'ce-partitionkey') ?? []);

describe('a workload performed anew', () => {
  test.each(each)('has other ids and keys of $id, and is the same but for these', ({ service, flow }) => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (seed, again) => {
        const workload = property.workload(service, flow, seed);
        const other = anew(workload, service, again);
        const before = new Set(namesOf(workload));
        expect(namesOf(other).filter((name) => before.has(name) && !named(flow).includes(name))).toEqual([]);
        expect(namesOf(other).length).toBe(namesOf(workload).length);
        // Who has a name in common before has it in common afterwards.
        const groups = ({ messages }: typeof workload) =>
          messages.map(({ id, key }) => [
            messages.findIndex((one) => one.id === id),
            messages.findIndex((one) => one.key === key),
          ]);
        expect(groups(other)).toEqual(groups(workload));
        const steps = (list: typeof workload.lanes) => list.map((lane) => lane.map((step) => step.do));
        expect(steps(other.lanes)).toEqual(steps(workload.lanes));
        expect(materialise(other, service, epochMs).list.length).toBe(workload.messages.length);
        expect(anew(workload, service, again)).toEqual(other);
      }),
      // The second seed is one that the first workload draws from as well.
      { numRuns: 8, examples: [[-13, 8]] },
    );
  });

  test.each(each.filter(({ flow }) => flow.pattern === 'ordered-stream'))(
    'keeps each key of $id in its partition',
    ({ service, flow }) => {
      const { partitions = 1 } = flow;
      for (let seed = 1; seed <= 20; seed++) {
        const workload = property.workload(service, flow, seed);
        const other = anew(workload, service, seed);
        const places = ({ messages }: typeof workload) => messages.map(({ key }) => partitionOf(key, partitions));
        expect(places(other)).toEqual(places(workload));
      }
    },
  );
});
