import { standardSteps } from '../../patterns/steps.ts';
import type { Defect } from '../defect.ts';
import { accepted, classifying, givenUpAs, settling, silentAfter } from './changes.ts';

const tasks = 'custody-task/tasks';
const hits = 'anpr-hit/hits';
const hourMs = 3_600_000;
/** As the contract of the tasks has it. */
const taskAttempts = 5;

/** Faults of what becomes of an event: attempts, delays, expiry, and the reasons for giving it up. */
export const ofGivingUp: readonly Defect[] = [
  {
    name: 'gives-up-unavailable',
    title: 'gives a message up when its application is unavailable',
    clause: 'DEL-3',
    flow: tasks,
    scenario: 'retried',
    breaks: { steps: classifying([503], 'rejected') },
  },
  {
    name: 'gives-up-too-many-requests',
    title: 'takes 429 for a rejection',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'retried',
    breaks: { steps: classifying([429], 'rejected') },
  },
  {
    name: 'gives-up-on-timeout',
    title: 'gives a message up whose application does not answer in time',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'slow-application',
    breaks: { steps: classifying([0, 408, 504], 'rejected') },
  },
  {
    name: 'acknowledges-on-timeout',
    title: 'acknowledges a message whose application does not answer in time',
    clause: 'DLQ-4',
    flow: tasks,
    scenario: 'slow-application',
    breaks: { steps: classifying([0, 408, 504], 'accepted') },
  },
  {
    name: 'tries-gone-again',
    title: 'takes 410 for a failure that passes',
    clause: 'DLQ-1',
    flow: hits,
    scenario: 'rejected',
    breaks: { steps: classifying([410], 'failed') },
  },
  {
    name: 'tries-again-in-place',
    title: 'tries again at once, before the bus counts another attempt',
    clause: 'DLQ-2',
    flow: tasks,
    scenario: 'retried',
    breaks: {
      steps: {
        handOver: async (_held, post) => {
          const first = await post();
          return first.do === 'retry' ? await post() : first;
        },
      },
    },
  },
  {
    name: 'back-off-does-not-grow',
    title: 'waits as long before every attempt as before the second',
    clause: 'DLQ-2',
    flow: tasks,
    scenario: 'exhausted',
    breaks: { steps: { delay: (flow) => flow.backoffMs[0] } },
  },
  {
    name: 'silent-at-the-last-attempt',
    title: 'says nothing of the last attempt, and leaves it to the ack wait',
    clause: 'DLQ-2',
    flow: tasks,
    scenario: 'exhausted',
    breaks: { steps: silentAfter(taskAttempts) },
  },
  {
    name: 'back-off-too-short',
    title: 'waits for less than the declared back-off',
    clause: 'DLQ-2',
    flow: tasks,
    scenario: 'retried',
    breaks: { steps: { delay: (flow, attempt) => Math.floor((standardSteps.delay(flow, attempt) ?? 0) * 0.85) } },
  },
  {
    name: 'other-reason',
    title: 'calls invalid what its application has rejected',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'rejected',
    breaks: { steps: { reason: (reason) => (reason === 'rejected' ? 'invalid' : reason) } },
  },
  {
    name: 'calls-invalid-rejected',
    title: 'calls rejected what its application never saw',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'invalid-injected',
    breaks: { steps: { reason: (reason) => (reason === 'invalid' ? 'rejected' : reason) } },
  },
  {
    name: 'reason-of-its-own',
    title: 'gives a reason in words of its own',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'rejected',
    breaks: { steps: { reason: (reason) => `${reason}: status 422` } },
  },
  {
    name: 'gives-up-what-was-taken',
    title: 'ends as rejected what its application has taken',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'happy-flow',
    breaks: { steps: settling(accepted, (held) => held.terminate('rejected')) },
  },
  {
    name: 'acknowledges-invalid',
    title: 'acknowledges in silence what breaks its contract',
    clause: 'DLQ-4',
    flow: tasks,
    scenario: 'invalid-injected',
    breaks: { steps: settling(givenUpAs('invalid'), (held) => held.acknowledge()) },
  },
  {
    name: 'tries-invalid-again',
    title: 'asks again for what breaks its contract',
    clause: 'DLQ-2',
    flow: tasks,
    scenario: 'invalid-injected',
    breaks: { steps: settling(givenUpAs('invalid'), (held) => held.refuse(100)) },
  },
  {
    name: 'clock-an-hour-ahead',
    title: 'calls expired what has an hour to live',
    clause: 'DEL-6',
    flow: hits,
    scenario: 'happy-flow',
    breaks: {
      steps: {
        expired: (event, now, way) => standardSteps.expired(event, now + (way === 'to-application' ? hourMs : 0), way),
      },
    },
  },
  {
    name: 'clock-a-second-ahead',
    title: 'calls expired what has a second to live',
    clause: 'DEL-6',
    flow: hits,
    scenario: 'expiry',
    breaks: {
      steps: {
        expired: (event, now, way) => standardSteps.expired(event, now + (way === 'to-application' ? 1000 : 0), way),
      },
    },
  },
  {
    name: 'clock-an-hour-behind',
    title: 'hands over for an hour what has expired',
    clause: 'DEL-6',
    flow: hits,
    scenario: 'expiry',
    breaks: { steps: { expired: (event, now, way) => standardSteps.expired(event, now - hourMs, way) } },
  },
  {
    name: 'acknowledges-expired',
    title: 'acknowledges in silence what has expired',
    clause: 'DEL-6',
    flow: hits,
    scenario: 'expiry',
    breaks: { steps: settling(givenUpAs('expired'), (held) => held.acknowledge()) },
  },
  {
    name: 'hands-over-at-most-once-twice',
    title: 'hands over twice what is to travel at most once',
    clause: 'DEL-5',
    flow: 'anpr-hit/reads',
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
];
