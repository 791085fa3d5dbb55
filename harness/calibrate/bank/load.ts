import { setTimeout as delay } from 'node:timers/promises';
import type { Held, Settlement } from '../../patterns/held.ts';
import { standardSteps, type Steps } from '../../patterns/steps.ts';
import type { Defect } from '../defect.ts';

const reads = 'anpr-hit/reads';

/** An adapter that does something else with one message in so many. */
const nowAndThen = (
  every: number,
  handOver: (held: Held, post: () => Promise<Settlement>) => Promise<Settlement>,
): Partial<Steps> => {
  let handled = 0;
  return {
    handOver: (held, post) => (++handled % every === 0 ? handOver : standardSteps.handOver)(held, post),
  };
};

/** Faults that show only once there is much to do, or once there is enough to see the tail. */
export const underLoad: readonly Defect[] = [
  {
    name: 'one-at-a-time',
    title:
      'works on one message at a time, and takes 5 ms over each: too slow for the peak and a half, fast enough below',
    clause: 'PER-1',
    flow: reads,
    scenario: 'load-briefly',
    breaks: {
      steps: {
        inHand: () => 1,
        handOver: async (_held, post) => {
          await delay(5);
          return post();
        },
      },
    },
  },
  {
    name: 'stalls-now-and-then',
    title: 'takes longer than the objective over one message in forty',
    clause: 'PER-1',
    flow: reads,
    scenario: 'load-briefly',
    breaks: {
      steps: nowAndThen(40, async (_held, post) => {
        await delay(1200);
        return post();
      }),
    },
  },
  {
    name: 'sheds-load',
    title: 'acknowledges one message in thirty without handing it over',
    clause: 'PER-1',
    flow: reads,
    scenario: 'load-briefly',
    breaks: { steps: nowAndThen(30, () => Promise.resolve({ do: 'acknowledge' })) },
  },
];
