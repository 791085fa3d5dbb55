import { parseTime, type CloudEvent } from '../../model/event.ts';
import type { Memory } from '../../patterns/memory.ts';
import { nameOf } from '../../patterns/newest.ts';
import { standardSteps, type Steps } from '../../patterns/steps.ts';
import type { Defect } from '../defect.ts';
import { header, lookups, settlingBeforeTelling } from './changes.ts';

const status = 'unit-state/status';
const positions = 'unit-state/positions';

const timeOf = (event: CloudEvent): number => parseTime(header(event, 'ce-time')) ?? Number.NaN;
const secondOf = (time: number): number => Math.floor(time / 1000);

/** A receiver for which the newest value is the one that its application took last. */
function newestTaken(): Partial<Steps> {
  const { recall, memoryOf } = lookups();
  const taken = new WeakMap<Memory, Map<string, number>>();
  return {
    recall,
    remember: (memory, event) => {
      const newest = taken.get(memory) ?? new Map<string, number>();
      taken.set(memory, newest.set(nameOf(event), timeOf(event)));
      standardSteps.remember(memory, event);
    },
    outdated: (_newest, event) => {
      const memory = memoryOf(event);
      const newest = memory === undefined ? undefined : taken.get(memory)?.get(nameOf(event));
      return newest !== undefined && timeOf(event) < newest;
    },
  };
}

/** A sender that starts again where another publish came between, and takes whatever it finds for newer. */
function supersededTheSecondTime(): Partial<Steps> {
  const asked = new WeakSet<CloudEvent>();
  return {
    superseded: (event, last) => {
      const again = asked.has(event);
      asked.add(event);
      return again || standardSteps.superseded(event, last);
    },
  };
}

/** Faults of last values. */
export const ofLastValues: readonly Defect[] = [
  {
    name: 'older-value-handed-over',
    title: 'hands over a value that is older than the newest one',
    clause: 'ORD-4',
    flow: positions,
    scenario: 'out-of-order',
    breaks: { steps: { outdated: () => false } },
  },
  {
    name: 'publishes-values-unguarded',
    title: 'compares a value with the last one, and does not have the bus do so',
    clause: 'ORD-4',
    flow: status,
    scenario: 'out-of-order',
    breaks: { steps: { expectedSequence: () => undefined } },
  },
  {
    name: 'acknowledges-before-its-notice',
    title: 'acknowledges a value that is older while the notice of it is still on its way',
    clause: 'DLQ-4',
    flow: status,
    scenario: 'out-of-order',
    breaks: { steps: settlingBeforeTelling },
  },
  {
    name: 'drops-values-of-the-same-time',
    title: 'drops a value that is as old as the newest: its own repeat after a failure',
    clause: 'DEL-3',
    flow: status,
    scenario: 'retried',
    breaks: { steps: { outdated: (newest, event) => newest !== undefined && timeOf(event) <= newest } },
  },
  {
    name: 'looks-at-seconds-only',
    title: 'drops what is newer by less than a second',
    clause: 'DLQ-4',
    flow: status,
    scenario: 'out-of-order',
    breaks: {
      steps: { outdated: (newest, event) => newest !== undefined && secondOf(timeOf(event)) <= secondOf(newest) },
    },
  },
  {
    name: 'bears-half-a-second',
    title: 'hands over what is older by less than half a second',
    clause: 'ORD-4',
    flow: positions,
    scenario: 'out-of-order',
    breaks: { steps: { outdated: (newest, event) => newest !== undefined && timeOf(event) < newest - 500 } },
  },
  {
    name: 'supersedes-within-a-second',
    title: 'refuses as superseded what is newer by less than a second',
    clause: 'ORD-4',
    flow: status,
    scenario: 'out-of-order',
    breaks: { steps: { superseded: (event, last) => secondOf(timeOf(event)) <= secondOf(timeOf(last)) } },
  },
  {
    name: 'takes-what-is-as-new',
    title: 'publishes another value of the time of the last one',
    clause: 'ORD-4',
    flow: status,
    scenario: 'out-of-order',
    breaks: { steps: { superseded: (event, last) => timeOf(event) < timeOf(last) } },
  },
  {
    name: 'supersedes-the-newest',
    title: 'refuses as superseded whatever follows the first value',
    clause: 'ORD-4',
    flow: status,
    scenario: 'happy-flow',
    breaks: { steps: { superseded: () => true } },
  },
  {
    name: 'hides-superseded-values',
    title: 'drops an older value without a notice',
    clause: 'DLQ-4',
    flow: status,
    scenario: 'out-of-order',
    breaks: {
      steps: {
        notice: (event, reason) => (reason === 'superseded' ? undefined : standardSteps.notice(event, reason)),
      },
    },
  },
  {
    name: 'newest-is-what-was-taken',
    title: 'hands over what is older than a value that its application has not taken yet',
    clause: 'ORD-4',
    flow: status,
    scenario: 'out-of-order',
    breaks: { steps: newestTaken() },
  },
  {
    name: 'gives-up-when-overtaken',
    title: 'refuses as superseded a value that an older one has overtaken on its way to the bus',
    clause: 'ORD-4',
    flow: positions,
    scenario: 'out-of-order',
    breaks: { steps: supersededTheSecondTime() },
  },
];
