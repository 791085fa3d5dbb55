import { standardSteps } from '../../patterns/steps.ts';
import type { Defect } from '../defect.ts';
import { accepted, settling } from './changes.ts';

const incidents = 'incident-lifecycle/incidents';
const hits = 'anpr-hit/hits';
const tasks = 'custody-task/tasks';

/** Faults that only what an adapter says to the bus shows, or a connection that is lost. */
export const onTheWire: readonly Defect[] = [
  {
    name: 'repeats-under-a-new-id',
    title: 'publishes again under another message id, so that the bus stores it again',
    clause: 'DEL-2',
    flow: incidents,
    scenario: 'lost-acknowledgements',
    breaks: {
      steps: {
        messageId: (event, repeat) =>
          `${standardSteps.messageId(event, repeat) ?? ''}${repeat === 0 ? '' : ` ${String(repeat)}`}`,
      },
    },
  },
  {
    name: 'repeats-without-an-id',
    title: 'publishes without a message id, and again without one',
    clause: 'DEL-2',
    flow: hits,
    scenario: 'lost-acknowledgements',
    breaks: { steps: { messageId: () => undefined } },
  },
  {
    name: 'takes-silence-for-stored',
    title: 'tells its application that an event is stored when no acknowledgement came',
    clause: 'DEL-2',
    flow: hits,
    scenario: 'lost-acknowledgements',
    breaks: {
      steps: {
        patience: (flow) => ({ ...standardSteps.patience(flow), repeats: 0 }),
        answerTo: (outcome) =>
          outcome.kind === 'unacknowledged' ? { status: 202, reason: 'stored' } : standardSteps.answerTo(outcome),
      },
    },
  },
  {
    name: 'takes-lasting-silence-for-stored',
    title:
      'publishes as often as it may, and then tells its application that the event is stored, though no acknowledgement came',
    clause: 'DEL-2',
    flow: tasks,
    scenario: 'lost-acknowledgements',
    breaks: {
      steps: {
        answerTo: (outcome) =>
          outcome.kind === 'unacknowledged' ? { status: 202, reason: 'stored' } : standardSteps.answerTo(outcome),
      },
    },
  },
  {
    name: 'gives-up-on-silence',
    title: 'refuses an event for good when no acknowledgement came',
    clause: 'DEL-2',
    flow: 'unit-state/status',
    scenario: 'lost-acknowledgements',
    breaks: {
      steps: {
        patience: (flow) => ({ ...standardSteps.patience(flow), repeats: 0 }),
        answerTo: (outcome) =>
          outcome.kind === 'unacknowledged' ? { status: 422, reason: 'invalid' } : standardSteps.answerTo(outcome),
      },
    },
  },
  {
    name: 'fails-with-500',
    title: 'answers 500 in place of 503 and 504',
    clause: 'DEL-1',
    flow: incidents,
    scenario: 'lost-acknowledgements',
    breaks: {
      steps: {
        answerTo: (outcome) => {
          const answer = standardSteps.answerTo(outcome);
          return answer.status >= 500 ? { ...answer, status: 500 } : answer;
        },
      },
    },
  },
  {
    name: 'never-repeats',
    title: 'tells its application at once that an acknowledgement is missing, and leaves the repeating to it',
    clause: 'DEL-2',
    flow: hits,
    scenario: 'lost-acknowledgements',
    breaks: { steps: { patience: (flow) => ({ ...standardSteps.patience(flow), repeats: 0 }) } },
  },
  {
    name: 'repeats-after-a-second',
    title: 'publishes again after a second without an acknowledgement',
    clause: 'DEL-2',
    flow: hits,
    scenario: 'lost-acknowledgements',
    breaks: { steps: { patience: (flow) => ({ ...standardSteps.patience(flow), waitMs: 1000 }) } },
  },
  {
    name: 'repeats-at-most-once',
    title: 'publishes again what its flow promises at most once',
    clause: 'DEL-5',
    flow: 'unit-state/positions',
    scenario: 'restart-sender',
    breaks: { steps: { patience: (flow) => ({ ...standardSteps.patience(flow), repeats: 3 }) } },
  },
  {
    name: 'well-without-one-consumer',
    title: 'says that it is well while nothing is known of one of its consumers',
    clause: 'LIF-3',
    flow: 'incident-lifecycle/incidents',
    scenario: 'slow-start',
    breaks: { steps: { well: () => Promise.resolve() } },
  },
  {
    name: 'well-too-early',
    title: 'says that it is well once it is connected, whether it has found what it reads or not',
    clause: 'LIF-3',
    flow: tasks,
    scenario: 'slow-start',
    breaks: { steps: { well: () => Promise.resolve() } },
  },
  {
    name: 'acknowledges-the-second-time',
    title: 'leaves what its application took to the ack wait, and acknowledges it when it comes again',
    clause: 'DLQ-4',
    flow: hits,
    scenario: 'lost-settlements',
    breaks: {
      steps: settling(accepted, (held) => {
        if (held.deliveries > 1) held.acknowledge();
      }),
    },
  },
  {
    name: 'holds-past-the-ack-wait',
    title: 'waits for its application without an end, while the bus gives the item to another',
    clause: 'DEL-4',
    flow: tasks,
    scenario: 'holder-crash',
    breaks: { steps: { timeLimit: (flow) => (flow.ackWaitMs ?? 0) * 3 } },
  },
  {
    name: 'ack-wait-too-long',
    title: 'the bus waits twice as long as declared before it gives an item to another',
    clause: 'DEL-4',
    flow: tasks,
    scenario: 'holder-crash',
    breaks: {
      topology: (topology) => ({
        ...topology,
        consumers: topology.consumers.map((consumer) => ({ ...consumer, ackWaitMs: consumer.ackWaitMs * 2 })),
      }),
    },
  },
];
