import { payloadOf } from '../../model/payload.ts';
import { standardSteps } from '../../patterns/steps.ts';
import type { Defect } from '../defect.ts';
import { accepted, carrying, classifying, settling, someText } from './changes.ts';

const incidents = 'incident-lifecycle/incidents';
const tasks = 'custody-task/tasks';

/** Faults of an adapter that receives. */
export const receiving: readonly Defect[] = [
  {
    name: 'acknowledges-before-effect',
    title: 'acknowledges before its application has taken the event',
    clause: 'DEL-3',
    flow: tasks,
    scenario: 'crash',
    breaks: {
      steps: {
        handOver: async (held, post) => {
          held.acknowledge();
          // Long enough for the acknowledgement to leave before a crash.
          await new Promise((resolve) => setTimeout(resolve, 50));
          return await post();
        },
      },
    },
  },
  {
    name: 'takes-in-unchecked',
    title: 'hands over events that break their schema',
    clause: 'SCH-2',
    flow: incidents,
    scenario: 'invalid-injected',
    breaks: {
      steps: { check: (check, flow, event, way) => (way === 'to-application' ? undefined : check(flow, event)) },
    },
  },
  {
    name: 'takes-in-broken-rules',
    title: 'hands over events that break a rule of their contract',
    clause: 'SCH-3',
    flow: tasks,
    scenario: 'invalid-injected',
    breaks: {
      steps: {
        check: (check, flow, event, way) => {
          const failure = check(flow, event);
          return way === 'to-application' && failure?.detail.startsWith('rule') === true ? undefined : failure;
        },
      },
    },
  },
  {
    name: 'drops-body-accents',
    title: 'hands over text outside ASCII with its accents lost',
    clause: 'SCH-5',
    flow: 'anpr-hit/hits',
    scenario: 'unknown-fields',
    breaks: {
      steps: carrying('to-application', (event) => ({
        ...event,
        body: Buffer.from(
          Buffer.from(event.body)
            .toString('utf8')
            .replaceAll(/[^\p{ASCII}]|\\u[0-9a-f]{4}/gu, '?'),
        ),
      })),
    },
  },
  {
    name: 'drops-unknown-fields',
    title: 'hands over only the fields that it knows',
    clause: 'SCH-5',
    flow: incidents,
    scenario: 'unknown-fields',
    breaks: {
      steps: carrying('to-application', (event) => {
        const { addedLater: _later, addedLaterToo: _too, ...known } = payloadOf(event) as Record<string, unknown>;
        return { ...event, body: Buffer.from(JSON.stringify(known)) };
      }),
    },
  },
  {
    name: 'hands-over-without-causation',
    title: 'does not tell its application what caused the event',
    clause: 'ENV-4',
    flow: incidents,
    scenario: 'happy-flow',
    breaks: {
      steps: carrying('to-application', ({ headers: { 'ce-causationid': _causation, ...headers }, body }) => ({
        headers,
        body,
      })),
    },
  },
  {
    name: 'no-memory',
    title: 'keeps no memory of what its application has accepted',
    clause: 'DUP-2',
    flow: tasks,
    scenario: 'duplicates',
    breaks: { steps: { recall: () => 'unknown' } },
  },
  {
    name: 'acknowledges-unhanded',
    title: 'acknowledges every third message of a flow that promises at most once, and hands none of these over',
    clause: 'DEL-3',
    flow: 'anpr-hit/reads',
    scenario: 'happy-flow',
    breaks: {
      steps: {
        handOver: (held, post) => (held.sequence % 3 === 0 ? Promise.resolve({ do: 'acknowledge' }) : post()),
      },
    },
  },
  {
    name: 'leaves-unacknowledged',
    title: 'acknowledges nothing where the contract promises at most once',
    clause: 'DEL-3',
    flow: 'anpr-hit/reads',
    scenario: 'happy-flow',
    breaks: { steps: settling(accepted, () => undefined) },
  },
  {
    name: 'hands-over-twice',
    title: 'hands every event over twice',
    clause: 'DUP-2',
    flow: 'anpr-hit/hits',
    scenario: 'happy-flow',
    breaks: {
      steps: {
        handOver: async (_held, post) => {
          await post();
          return await post();
        },
      },
    },
  },
  {
    name: 'memory-of-ids-alone',
    title: 'takes other content under a known id for a repeat',
    clause: 'DUP-3',
    flow: tasks,
    scenario: 'conflicts',
    breaks: {
      steps: { recall: (memory, event) => (standardSteps.recall(memory, event) === 'unknown' ? 'unknown' : 'same') },
    },
  },
  {
    name: 'no-back-off',
    title: 'asks for a failed event again at once',
    clause: 'DLQ-2',
    flow: tasks,
    scenario: 'retried',
    breaks: { steps: { delay: () => undefined } },
  },
  {
    name: 'gives-no-reason',
    title: 'gives a message up without saying why',
    clause: 'DLQ-1',
    flow: 'anpr-hit/hits',
    scenario: 'rejected',
    breaks: { steps: { reason: () => '' } },
  },
  {
    name: 'takes-500-for-rejection',
    title: 'gives a message up when its application only fails for now',
    clause: 'DEL-3',
    flow: tasks,
    scenario: 'retried',
    breaks: { steps: { classify: (status) => (status >= 200 && status < 300 ? 'accepted' : 'rejected') } },
  },
  {
    name: 'takes-a-broken-connection-for-rejection',
    title: 'gives a message up when the connection to its application breaks before the answer',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'retried',
    breaks: { steps: classifying([0], 'rejected') },
  },
  {
    name: 'tries-rejected-again',
    title: 'tries again what its application has rejected for good',
    clause: 'DLQ-1',
    flow: incidents,
    scenario: 'rejected',
    breaks: { steps: { classify: (status) => (status >= 200 && status < 300 ? 'accepted' : 'failed') } },
  },
  {
    name: 'accepts-rejection',
    title: 'acknowledges what its application has rejected',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'rejected',
    breaks: {
      steps: {
        settle: (held, settlement, delayMs, reason) => {
          if (settlement.do === 'terminate') held.acknowledge();
          else standardSteps.settle(held, settlement, delayMs, reason);
        },
      },
    },
  },
  {
    name: 'ignores-expiry',
    title: 'hands over what has expired',
    clause: 'DEL-6',
    flow: 'anpr-hit/hits',
    scenario: 'expiry',
    breaks: { steps: { expired: () => false } },
  },
  {
    name: 'content-in-reason',
    title: 'quotes the message in the reason for giving it up',
    clause: 'AUD-2',
    flow: tasks,
    scenario: 'canaries',
    breaks: { steps: { reason: (reason, event) => `${reason} ${someText(event)}` } },
  },
  {
    name: 'content-in-notice',
    title: 'reports the body along with the notice',
    clause: 'AUD-2',
    flow: tasks,
    scenario: 'canaries',
    breaks: {
      steps: {
        notice: (event, reason) => ({ headers: { ...event.headers, Reason: reason }, body: event.body }),
      },
    },
  },
];
