import { describe, expect, test } from 'vitest';
import type { Workload } from '../../harness/model/workload.ts';
import { planned } from '../fixtures/services.ts';

const seeds = [1, 2, 3, 4, 5];

/** A pact names who sends and who receives, and load comes from all. */
const choosing = planned.filter(({ scenario }) => scenario.alone !== true && !scenario.name.startsWith('pact-'));

/** Applications to whom something is done, or that answer as they are told to. */
const disturbed = ({ lanes, scripts }: Workload): readonly string[] => [
  ...lanes.flat().flatMap((step) => ('application' in step ? [step.application] : [])),
  ...scripts.map(({ application }) => application),
];

/** Whose adapters send; some events the harness puts on the bus itself. */
const sendersIn = ({ lanes, messages }: Workload): readonly string[] =>
  lanes.flat().flatMap((step) => (step.do === 'send' ? [messages[step.message]?.application ?? ''] : []));

const of = (those: (each: (typeof choosing)[number]) => readonly string[]) =>
  choosing.flatMap((each) => {
    const names = those(each);
    return names.length < 2 ? [] : names.map((name) => ({ ...each, name }));
  });

describe('where the adapter of one application of several is under test', () => {
  test.each(of(({ flow }) => flow.senders))(
    '$id sends through that of $name alone',
    ({ service, flow, scenario, name }) => {
      for (const seed of seeds) {
        const sends = sendersIn(scenario.workload(service, { ...flow, underTest: [name] }, seed));
        expect(sends.filter((sender) => sender !== name)).toEqual([]);
      }
    },
  );

  test.each(of(({ flow }) => flow.receivers.map(({ application }) => application)))(
    '$id does to that of $name what it does to any',
    ({ service, flow, scenario, name }) => {
      for (const seed of seeds) {
        const any = disturbed(scenario.workload(service, flow, seed));
        const isDone = flow.receivers.some(({ application }) => any.includes(application));
        const done = disturbed(scenario.workload(service, { ...flow, underTest: [name] }, seed));
        expect(done.includes(name)).toBe(isDone);
      }
    },
  );
});
