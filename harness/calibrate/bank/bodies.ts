import { payloadOf } from '../../model/payload.ts';
import { standardSteps } from '../../patterns/steps.ts';
import type { Defect } from '../defect.ts';
import { carrying, header, overlooking, textOf } from './changes.ts';

const incidents = 'incident-lifecycle/incidents';
const tasks = 'custody-task/tasks';
const hits = 'anpr-hit/hits';

/** Faults of what an adapter does with a body, and of what it takes for one. */
export const ofBodies: readonly Defect[] = [
  {
    name: 'line-end-after-body',
    title: 'ends the body with a line end',
    clause: 'ENV-2',
    flow: tasks,
    scenario: 'happy-flow',
    breaks: {
      steps: carrying('to-bus', (event) => ({ ...event, body: Buffer.concat([event.body, Buffer.from('\n')]) })),
    },
  },
  {
    name: 'composes-accents',
    title: 'composes accents anew in the body (NFC)',
    clause: 'ENV-2',
    flow: tasks,
    scenario: 'unknown-fields',
    breaks: {
      steps: carrying('to-bus', (event) => ({ ...event, body: Buffer.from(textOf(event).normalize('NFC')) })),
    },
  },
  {
    name: 'trims-body',
    title: 'cuts white space off the begin and the end of the body',
    clause: 'ENV-2',
    flow: tasks,
    scenario: 'happy-flow',
    breaks: { steps: carrying('to-bus', (event) => ({ ...event, body: Buffer.from(textOf(event).trim()) })) },
  },
  {
    name: 'hands-over-body-again-written',
    title: 'hands over the body as it would write it itself',
    clause: 'SCH-5',
    flow: hits,
    scenario: 'unknown-fields',
    breaks: {
      steps: carrying('to-application', (event) => ({ ...event, body: Buffer.from(JSON.stringify(payloadOf(event))) })),
    },
  },
  {
    name: 'asserts-no-formats',
    title: 'checks the schema without its formats',
    clause: 'SCH-1',
    flow: tasks,
    scenario: 'invalid-sent',
    breaks: { steps: overlooking('to-bus', /format/) },
  },
  {
    name: 'refuses-one-type',
    title: 'refuses every event of one type, which is valid',
    clause: 'SCH-1',
    flow: incidents,
    scenario: 'happy-flow',
    breaks: {
      steps: {
        check: (check, flow, event, way) =>
          way === 'to-bus' && header(event, 'ce-type') === 'IncidentClosed'
            ? { reason: 'invalid', detail: 'unknown' }
            : standardSteps.check(check, flow, event, way),
      },
    },
  },
  {
    name: 'counts-characters',
    title: 'counts the characters of a body in place of its bytes',
    clause: 'SCH-4',
    flow: incidents,
    scenario: 'size-limits',
    breaks: {
      steps: {
        check: (check, flow, event, way) => {
          const failure = standardSteps.check(check, flow, event, way);
          return failure?.reason === 'too-large' && textOf(event).length <= flow.maxBytes ? undefined : failure;
        },
      },
    },
  },
  {
    name: 'refuses-at-the-limit',
    title: 'refuses bodies of exactly the limit',
    clause: 'SCH-4',
    flow: incidents,
    scenario: 'size-limits',
    breaks: {
      steps: {
        check: (check, flow, event, way) =>
          event.body.length === flow.maxBytes
            ? { reason: 'too-large', detail: 'size' }
            : standardSteps.check(check, flow, event, way),
      },
    },
  },
];
