import type { Defect } from '../defect.ts';

/** Observers that see wrongly: what checkers rest upon must itself be able to fail. */
export const ofTheFacts: readonly Defect[] = [
  {
    name: 'fact-body-never-the-same',
    title: 'the comparison of bodies finds a difference where there is none',
    clause: 'ENV-2',
    flow: 'incident-lifecycle/incidents',
    scenario: 'unknown-fields',
    breaks: { factSteps: { sameBody: () => false } },
  },
  {
    name: 'fact-chain-never-the-same',
    title: 'the comparison of correlation and causation finds a difference where there is none',
    clause: 'ENV-4',
    flow: 'custody-task/tasks',
    scenario: 'happy-flow',
    breaks: { factSteps: { sameChain: () => false } },
  },
  {
    name: 'fact-valid-is-invalid',
    title: 'the judgement of payloads finds a fault in what is valid',
    clause: 'SCH-1',
    flow: 'unit-state/status',
    scenario: 'happy-flow',
    breaks: { factSteps: { payloadFault: () => 'schema:type:' } },
  },
  {
    name: 'fact-subject-never-right',
    title: 'the comparison of subjects finds a difference where there is none',
    clause: 'DEL-3',
    flow: 'anpr-hit/hits',
    scenario: 'happy-flow',
    breaks: { factSteps: { sameSubject: () => false } },
  },
];
