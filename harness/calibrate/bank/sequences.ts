import { messageIdOf } from '../../model/event.ts';
import type { Settlement } from '../../patterns/held.ts';
import { standardSteps, type Steps } from '../../patterns/steps.ts';
import type { Defect } from '../defect.ts';
import { silentAfter } from './changes.ts';

const incidents = 'incident-lifecycle/incidents';
const tasks = 'custody-task/tasks';
const hits = 'anpr-hit/hits';
const bundles = 'case-file-transfer/bundles';
const people = 'records-check/person-checks';

/** An adapter that forgets what it accepted: `accepted` is told of each id, and how to have it forgotten. */
function forgetting(accepted: (forget: () => void) => void): Partial<Steps> {
  const forgotten = new Set<string>();
  return {
    remember: (memory, event) => {
      const id = messageIdOf(event);
      forgotten.delete(id);
      accepted(() => forgotten.add(id));
      standardSteps.remember(memory, event);
    },
    recall: (memory, event) => (forgotten.has(messageIdOf(event)) ? 'unknown' : standardSteps.recall(memory, event)),
  };
}

/** What failed is acknowledged, and handed over again once the next one of its key has been. */
function behindTheNext(): Steps['handOver'] {
  const failed = new Map<string, () => Promise<Settlement>>();
  return async ({ consumer, event }, post) => {
    const name = `${consumer} ${event.headers['ce-partitionkey'] ?? ''}`;
    const settlement = await post();
    const again = failed.get(name);
    failed.delete(name);
    await again?.();
    if (settlement.do === 'retry') failed.set(name, post);
    return settlement.do === 'retry' ? { do: 'acknowledge' } : settlement;
  };
}

/** The one before is forgotten. */
function allButTheLast(): Parameters<typeof forgetting>[0] {
  let before = (): void => undefined;
  return (forget) => {
    before();
    before = forget;
  };
}

/** An adapter that settles by itself what follows on something. */
function afterwards(once: (settlement: Settlement) => boolean, then: Settlement): Partial<Steps> {
  const met = new Set<string>();
  return {
    handOver: async (held, post) => {
      const name = `${held.stream} ${held.consumer}`;
      if (met.delete(name)) return then;
      const settlement = await post();
      if (once(settlement)) met.add(name);
      return settlement;
    },
  };
}

/** Faults that no single message shows: each takes a sequence of what happens. */
export const inSequence: readonly Defect[] = [
  {
    name: 'gives-up-at-the-third-delivery',
    title: 'gives a message up as rejected at its third delivery, whatever the contract allows',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'exhausted',
    breaks: {
      steps: {
        handOver: (held, post) =>
          held.deliveries >= 3 ? Promise.resolve({ do: 'terminate', reason: 'rejected' }) : post(),
      },
    },
  },
  {
    name: 'acknowledges-the-last-attempt',
    title: 'acknowledges the last attempt however it ended, so that nothing becomes a dead letter',
    clause: 'DLQ-4',
    flow: hits,
    scenario: 'exhausted',
    breaks: {
      steps: {
        settle: (held, settlement, delayMs, reason) => {
          if (settlement.do === 'retry' && held.deliveries >= 3) held.acknowledge();
          else standardSteps.settle(held, settlement, delayMs, reason);
        },
      },
    },
  },
  {
    name: 'silent-after-the-second-failure',
    title: 'gives a message back after its first failure, and says nothing after its second',
    clause: 'DLQ-2',
    flow: tasks,
    scenario: 'exhausted',
    breaks: { steps: silentAfter(2) },
  },
  {
    name: 'takes-redelivery-for-done',
    title: 'acknowledges what is delivered again, as if a crash always came after the effect',
    clause: 'DEL-3',
    flow: tasks,
    scenario: 'crash',
    breaks: {
      steps: {
        handOver: (held, post) => (held.deliveries > 1 ? Promise.resolve({ do: 'acknowledge' }) : post()),
      },
    },
  },
  {
    name: 'gives-up-what-was-in-hand-at-a-crash',
    title: 'gives up what is delivered again, as if another had failed with it',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'crash',
    breaks: {
      steps: {
        handOver: (held, post) =>
          held.deliveries > 1 ? Promise.resolve({ do: 'terminate', reason: 'rejected' }) : post(),
      },
    },
  },
  {
    name: 'skips-a-redelivered-sequence',
    title: 'takes a sequence that is delivered again after a crash for one of the past',
    clause: 'DLQ-4',
    flow: incidents,
    scenario: 'crash',
    breaks: {
      steps: {
        handOver: (held, post) => (held.deliveries > 1 ? Promise.resolve({ do: 'acknowledge' }) : post()),
      },
    },
  },
  {
    name: 'puts-a-failed-event-at-the-back',
    title: 'acknowledges an event that failed, and hands it over once more behind the next ones of its key',
    clause: 'ORD-1',
    flow: incidents,
    scenario: 'retried',
    breaks: {
      steps: {
        follows: () => 'next',
        handOver: behindTheNext(),
      },
    },
  },
  {
    name: 'memory-of-the-last-one',
    title: 'knows the last event that it handed over, and none before',
    clause: 'DUP-2',
    flow: tasks,
    scenario: 'duplicates',
    breaks: { steps: forgetting(allButTheLast()) },
  },
  {
    name: 'memory-of-a-second',
    title: 'forgets what was accepted after a second: a duplicate past the dedupe window is new to it',
    clause: 'DUP-2',
    flow: hits,
    scenario: 'duplicates',
    breaks: { steps: forgetting((forget) => setTimeout(forget, 1000).unref()) },
  },
  {
    name: 'takes-its-own-repeat-for-a-conflict',
    title: 'raises a conflict when its own repeat is acknowledged as a duplicate',
    clause: 'DUP-3',
    flow: incidents,
    scenario: 'lost-acknowledgements',
    breaks: { steps: { sameContent: () => false } },
  },
  {
    name: 'skips-one-after-a-failure',
    title: 'acknowledges unseen what comes next, once its application has failed',
    clause: 'DLQ-4',
    flow: tasks,
    scenario: 'exhausted',
    breaks: { steps: afterwards(({ do: what }) => what === 'retry', { do: 'acknowledge' }) },
  },
  {
    name: 'rejects-one-after-a-failure',
    title: 'gives up what comes after a message that its application failed with',
    clause: 'DLQ-1',
    flow: hits,
    scenario: 'retried',
    breaks: { steps: afterwards(({ do: what }) => what === 'retry', { do: 'terminate', reason: 'rejected' }) },
  },
  {
    name: 'refuses-the-first-bad-bundle-alone',
    title: 'tells the sender of the first bundle whose contents are wrong, and of none after',
    clause: 'DLQ-1',
    flow: bundles,
    scenario: 'broken-bundles',
    breaks: {
      steps: (() => {
        let told = 0;
        return { refuses: (flow, reason) => standardSteps.refuses(flow, reason) && told++ === 0 };
      })() satisfies Partial<Steps>,
    },
  },
  {
    name: 'first-reply-to-the-first-caller',
    title:
      'gives each reply to whoever has waited longest, in the belief that answers come in the order of their questions',
    clause: 'REP-2',
    flow: people,
    scenario: 'answer-kinds',
    breaks: { steps: { asker: (waiting) => [...waiting.values()][0], repliesTo: () => true } },
  },
  {
    name: 'forgets-a-consumer-when-it-reconnects',
    title: 'reads no more, after a reconnection, what it read before',
    clause: 'LIF-2',
    flow: tasks,
    scenario: 'cut-off',
    breaks: { steps: { resume: () => Promise.resolve() } },
  },
  {
    name: 'forgets-one-partition-when-it-reconnects',
    title: 'reads, after a reconnection, every partition but those of an even number',
    clause: 'LIF-2',
    flow: incidents,
    scenario: 'cut-off',
    breaks: { steps: { resume: (again, consumer) => (/[02468]$/.test(consumer) ? Promise.resolve() : again()) } },
  },
  {
    name: 'drops-what-was-in-hand-at-its-end',
    title: 'ends without finishing what it has in hand',
    clause: 'LIF-1',
    flow: tasks,
    scenario: 'restart-subscriber',
    breaks: { steps: { finish: () => Promise.resolve() } },
  },
  {
    name: 'one-inbox-for-all-its-lives',
    title: 'listens for replies to the same inbox in every process',
    clause: 'SEC-4',
    flow: 'records-check/vehicle-checks',
    scenario: 'restart-sender',
    breaks: { steps: { inboxToken: () => 'replies' } },
  },
];
