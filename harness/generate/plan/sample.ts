import fc from 'fast-check';
import type { Flow } from '../../model/flow.ts';
import { plans, type Plan } from './plan.ts';

/** The plan of a seed. */
export function planFrom(flow: Flow, seed: number): Plan {
  const [plan] = fc.sample(plans(flow), { seed, numRuns: 1 });
  if (plan === undefined) throw new RangeError('no plan was drawn');
  return plan;
}
