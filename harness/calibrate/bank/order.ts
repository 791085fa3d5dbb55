import { standardSteps } from '../../patterns/steps.ts';
import type { Defect } from '../defect.ts';
import { givenUpAs, header, settling } from './changes.ts';

const incidents = 'incident-lifecycle/incidents';
const hits = 'anpr-hit/hits';

/** Faults of order: gaps and poison. */
export const ofOrder: readonly Defect[] = [
  {
    name: 'ignores-gap',
    title: 'goes on over a gap in the sequence',
    clause: 'ORD-2',
    flow: incidents,
    scenario: 'gap',
    breaks: {
      steps: {
        follows: (last, event) => (standardSteps.follows(last, event) === 'past' ? 'past' : 'next'),
      },
    },
  },
  {
    name: 'order-lost-by-parallel-work',
    title: 'works on several events of a key at once, and does not look at their sequence',
    clause: 'ORD-1',
    flow: incidents,
    scenario: 'retried',
    breaks: {
      steps: { inHand: () => 16, follows: () => 'next' },
      topology: (topology) => ({
        ...topology,
        consumers: topology.consumers.map((consumer) => ({ ...consumer, maxAckPending: 1000 })),
      }),
    },
  },
  {
    name: 'poison-blocks-every-key',
    title: 'tries a failing event again and again before it takes anything else',
    clause: 'ORD-3',
    flow: incidents,
    scenario: 'poison',
    breaks: {
      steps: {
        inHand: () => 1,
        handOver: async (held, post) => {
          for (let tries = held.deliveries === 1 ? 30 : 1; tries > 0; tries--) {
            const settlement = await post();
            if (settlement.do !== 'retry') return settlement;
            held.working();
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
          return { do: 'retry' };
        },
      },
    },
  },
  {
    name: 'compares-sequences-as-text',
    title: 'compares sequences as texts, so that 10 comes before 9',
    clause: 'ORD-2',
    flow: incidents,
    scenario: 'gap',
    breaks: {
      steps: {
        follows: (last, event) => {
          if (header(event, 'ce-sequence') <= String(last)) return 'past';
          return Number(header(event, 'ce-sequence')) === last + 1 ? 'next' : 'gap';
        },
      },
    },
  },
  {
    name: 'never-advances',
    title: 'does not store what it has handed over, and parks all that follows',
    clause: 'ORD-2',
    flow: incidents,
    scenario: 'happy-flow',
    breaks: { steps: { advance: () => Promise.resolve() } },
  },
  {
    name: 'acknowledges-before-its-state',
    title: 'acknowledges an event while its sequence is still on its way to the state bucket',
    clause: 'ORD-2',
    flow: incidents,
    scenario: 'lost-settlements',
    breaks: {
      steps: {
        advance: (store, event) => {
          store(Number(header(event, 'ce-sequence'))).catch(() => undefined);
          return Promise.resolve();
        },
      },
    },
  },
  {
    name: 'hands-over-what-is-kept',
    title: 'hands over again, once it has started anew, what its state says was taken',
    clause: 'DUP-2',
    flow: incidents,
    scenario: 'lost-settlements',
    breaks: {
      steps: {
        follows: (last, event) => {
          const follows = standardSteps.follows(last, event);
          return follows === 'past' ? 'next' : follows;
        },
      },
    },
  },
  {
    name: 'forgets-what-was-not-acknowledged',
    title: 'forgets what it has accepted once its connection ends, and hands it over again',
    clause: 'DUP-2',
    flow: hits,
    scenario: 'lost-settlements',
    breaks: { steps: { recall: () => 'unknown' } },
  },
  {
    name: 'acknowledges-across-gap',
    title: 'acknowledges what comes after a gap, without handing it over',
    clause: 'ORD-2',
    flow: incidents,
    scenario: 'gap',
    breaks: { steps: settling(givenUpAs('gap'), (held) => held.acknowledge()) },
  },
  {
    name: 'tries-across-gap',
    title: 'tries what comes after a gap again and again, in place of parking it',
    clause: 'ORD-2',
    flow: incidents,
    scenario: 'gap',
    breaks: { steps: settling(givenUpAs('gap'), (held) => held.refuse(100)) },
  },
  {
    name: 'begins-anywhere',
    title: 'takes whatever of a key comes first for its beginning',
    clause: 'ORD-2',
    flow: incidents,
    scenario: 'gap',
    breaks: {
      steps: { follows: (last, event) => (last === 0 ? 'next' : standardSteps.follows(last, event)) },
    },
  },
  {
    name: 'bears-gaps-of-one',
    title: 'goes on where a single event is missing',
    clause: 'ORD-2',
    flow: incidents,
    scenario: 'gap',
    breaks: {
      steps: {
        follows: (last, event) =>
          Number(header(event, 'ce-sequence')) === last + 2 ? 'next' : standardSteps.follows(last, event),
      },
    },
  },
  {
    name: 'refuses-neighbours-of-poison',
    title: 'gives up what lies behind a failing event in its partition',
    clause: 'ORD-3',
    flow: incidents,
    scenario: 'poison',
    breaks: {
      steps: (() => {
        const poisoned = new Set<string>();
        return {
          handOver: async (held, post) => {
            if (poisoned.has(held.consumer) && held.deliveries === 1) return { do: 'terminate', reason: 'rejected' };
            const settlement = await post();
            if (settlement.do !== 'acknowledge') poisoned.add(held.consumer);
            return settlement;
          },
        } satisfies Defect['breaks']['steps'];
      })(),
    },
  },
];
