import { planFrom } from '../harness/generate/plan/sample.ts';
import { realise } from '../harness/generate/plan/realise.ts';
import type { Scenario } from '../harness/model/scenario.ts';

/**
 * Any workload that a flow allows, from its seed. It is no part of a run: `busworthy explore` performs as many as it is told to. It
 * claims nothing, since nobody knows beforehand what it will put to the test; what it breaks is broken all the same.
 */
export const property: Scenario = {
  name: 'property',
  title: 'Any workload: messages, keys, sizes, duplicates, broken ones, answers, crashes and restarts by chance',
  clauses: [],
  applies: () => true,
  workload: (service, flow, seed) => realise(planFrom(flow, seed), service, flow),
};
