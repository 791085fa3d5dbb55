import { payloadOf } from '../../model/payload.ts';
import { standardSteps } from '../../patterns/steps.ts';
import type { Defect } from '../defect.ts';
import { carrying, overlooking, someText, withHeaders, without } from './changes.ts';

const incidents = 'incident-lifecycle/incidents';

/** Faults of an adapter that sends. */
export const sending: readonly Defect[] = [
  {
    name: 'no-message-id',
    title: 'publishes without a message id, so that the bus cannot tell a repeat',
    clause: 'DUP-1',
    flow: incidents,
    scenario: 'duplicates',
    breaks: { steps: { messageId: () => undefined } },
  },
  {
    name: 'new-event-id',
    title: 'gives the event an id of its own',
    clause: 'ENV-2',
    flow: incidents,
    scenario: 'happy-flow',
    breaks: {
      steps: carrying('to-bus', (event) => withHeaders(event, { 'ce-id': `adapter-${event.headers['ce-id'] ?? ''}` })),
    },
  },
  {
    name: 'one-id-for-all-refusals',
    title: 'gives every refusal the same id',
    clause: 'ENV-2',
    flow: 'records-check/vehicle-checks',
    scenario: 'answer-kinds',
    breaks: { steps: { refusal: (draft) => withHeaders(draft, { 'ce-id': 'refusal' }) } },
  },
  {
    name: 'takes-conflict-for-repeat',
    title: 'answers 202 to other content under an id that is stored',
    clause: 'DUP-3',
    flow: incidents,
    scenario: 'conflicts',
    breaks: { steps: { sameContent: () => true } },
  },
  {
    name: 'answers-before-stored',
    title: 'answers 202 without waiting for the bus, to what the bus refuses',
    clause: 'DEL-1',
    flow: incidents,
    scenario: 'happy-flow',
    breaks: {
      steps: { answerAfter: () => Promise.resolve({ status: 202, reason: 'stored' }), subject: () => 'nowhere' },
    },
  },
  {
    name: 'sends-unchecked',
    title: 'publishes events that break their schema',
    clause: 'SCH-1',
    flow: incidents,
    scenario: 'invalid-sent',
    breaks: { steps: { check: (check, flow, event, way) => (way === 'to-bus' ? undefined : check(flow, event)) } },
  },
  {
    name: 'sends-with-broken-rules',
    title: 'checks the schema and not the rules of what it sends',
    clause: 'SCH-3',
    flow: 'custody-task/tasks',
    scenario: 'invalid-sent',
    breaks: {
      steps: {
        check: (check, flow, event, way) => {
          const failure = check(flow, event);
          return way === 'to-bus' && failure?.detail.startsWith('rule') === true ? undefined : failure;
        },
      },
    },
  },
  {
    name: 'takes-time-without-offset',
    title: 'publishes times without an offset',
    clause: 'ENV-3',
    flow: 'anpr-hit/hits',
    scenario: 'invalid-sent',
    breaks: { steps: overlooking('to-bus', /ce-time/) },
  },
  {
    name: 'takes-any-classification',
    title: 'publishes events above the ceiling of the flow',
    clause: 'ENV-5',
    flow: 'custody-task/tasks',
    scenario: 'invalid-sent',
    breaks: { steps: overlooking('to-bus', /ce-classification/) },
  },
  {
    name: 'takes-no-dataschema',
    title: 'publishes events whose header says nothing of their schema',
    clause: 'ENV-1',
    flow: 'case-file-transfer/batches',
    scenario: 'invalid-sent',
    breaks: { steps: overlooking('to-bus', /ce-dataschema/) },
  },
  {
    name: 'sends-expired',
    title: 'publishes an event that had expired before its application sent it',
    clause: 'DEL-6',
    flow: 'anpr-hit/hits',
    scenario: 'expiry',
    breaks: {
      steps: { expired: (event, now, way) => way === 'to-application' && standardSteps.expired(event, now, way) },
    },
  },
  {
    name: 'size-limit-off-by-one',
    title: 'publishes bodies of one byte more than the limit',
    clause: 'SCH-4',
    flow: 'incident-lifecycle/incidents',
    scenario: 'size-limits',
    breaks: {
      steps: {
        check: (check, flow, event) => (event.body.length === flow.maxBytes + 1 ? undefined : check(flow, event)),
      },
    },
  },
  {
    name: 'rewrites-time',
    title: 'writes the time again, in its own way',
    clause: 'ENV-3',
    flow: incidents,
    scenario: 'happy-flow',
    breaks: {
      steps: carrying('to-bus', (event) =>
        withHeaders(event, { 'ce-time': new Date(event.headers['ce-time'] ?? '').toISOString().replace('.000Z', 'Z') }),
      ),
    },
  },
  {
    name: 'drops-correlation',
    title: 'publishes a correlation id of its own',
    clause: 'ENV-4',
    flow: 'unit-state/status',
    scenario: 'happy-flow',
    breaks: { steps: carrying('to-bus', (event) => withHeaders(event, { 'ce-correlationid': 'adapter' })) },
  },
  {
    name: 'drops-trace',
    title: 'leaves the trace context out',
    clause: 'ENV-6',
    flow: 'custody-task/tasks',
    scenario: 'trace-context',
    breaks: { steps: carrying('to-bus', (event) => without(event, 'traceparent')) },
  },
  {
    name: 'writes-body-again',
    title: 'reads the body and writes it again, instead of copying its bytes',
    clause: 'ENV-2',
    flow: 'anpr-hit/hits',
    scenario: 'unknown-fields',
    breaks: {
      steps: carrying('to-bus', (event) => ({ ...event, body: Buffer.from(JSON.stringify(payloadOf(event))) })),
    },
  },
  {
    name: 'content-in-header',
    title: 'puts content of the payload into a header, for the sake of routing',
    clause: 'ENV-7',
    flow: 'anpr-hit/hits',
    scenario: 'canaries',
    breaks: { steps: carrying('to-bus', (event) => withHeaders(event, { 'ce-subject': someText(event) })) },
  },
  {
    name: 'registration-mark-in-subject',
    title: 'puts the vehicle registration mark into the subject',
    clause: 'ENV-7',
    flow: 'anpr-hit/hits',
    scenario: 'canaries',
    breaks: {
      steps: {
        subject: (flow, event) =>
          standardSteps.subject(flow, event)?.replace(/[^.]+$/, (payloadOf(event) as { vrm?: string }).vrm ?? 'none'),
      },
    },
  },
  {
    name: 'older-value-published',
    title: 'publishes a value that is older than the last one',
    clause: 'ORD-4',
    flow: 'unit-state/status',
    scenario: 'out-of-order',
    breaks: { steps: { superseded: () => false, outdated: () => false } },
  },
];
