import type { CloudEvent } from '../../model/event.ts';
import { standardSteps, type Steps } from '../../patterns/steps.ts';
import type { Defect } from '../defect.ts';

const inLowerCase = (event: CloudEvent): CloudEvent => ({
  ...event,
  headers: Object.fromEntries(Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value])),
});

const namesInAnyCase: Partial<Steps> = {
  check: (check, flow, event) => check(flow, inLowerCase(event)),
  carry: (event, way) => standardSteps.carry(inLowerCase(event), way),
};

/** Faults of reading names and values as a language or its libraries do, where the contract asks for something else. */
export const reading: readonly Defect[] = [
  {
    name: 'reads-names-in-any-case',
    title: 'takes headers on the bus for attributes whatever the case of their names',
    clause: 'SCH-2',
    flow: 'custody-task/tasks',
    scenario: 'invalid-injected',
    breaks: { steps: namesInAnyCase },
  },
  {
    name: 'reads-names-of-replies-in-any-case',
    title: 'takes headers of replies for attributes whatever the case of their names',
    clause: 'SCH-2',
    flow: 'records-check/vehicle-checks',
    scenario: 'forged-replies',
    breaks: { steps: namesInAnyCase },
  },
];
