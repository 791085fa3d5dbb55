import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { materialise } from '../../../harness/generate/events/materialise.ts';
import { plans } from '../../../harness/generate/plan/plan.ts';
import { realise } from '../../../harness/generate/plan/realise.ts';
import { property } from '../../../scenarios/property.ts';
import { flows } from '../../fixtures/services.ts';

const epochMs = Date.UTC(2026, 2, 5, 14);
const each = flows.map(({ service, flow }) => ({ id: flow.id, service, flow }));

describe('a plan', () => {
  test.each(each)(
    'of $id becomes a workload whose every event can be made, the same each time',
    ({ service, flow }) => {
      fc.assert(
        fc.property(plans(flow), (plan) => {
          const workload = realise(plan, service, flow);
          expect(workload).toEqual(realise(plan, service, flow));
          expect(JSON.parse(JSON.stringify(workload))).toStrictEqual(workload);
          expect(materialise(workload, service, epochMs).list.length).toBe(workload.messages.length);
          expect(workload.messages.length).toBeGreaterThanOrEqual(plan.commands.length);
        }),
        { numRuns: 10 },
      );
    },
  );

  test.each(each)('of $id is drawn from its seed', ({ service, flow }) => {
    expect(property.workload(service, flow, 5)).toEqual(property.workload(service, flow, 5));
    expect(property.workload(service, flow, 5)).not.toEqual(property.workload(service, flow, 6));
  });
});
