import type { CloudEvent } from '../../model/event.ts';
import type { Memory } from '../../patterns/memory.ts';
import { standardSteps, type Steps } from '../../patterns/steps.ts';
import type { Defect } from '../defect.ts';
import { carrying, classifying } from './changes.ts';

const tasks = 'custody-task/tasks';
const hits = 'anpr-hit/hits';
const longestValue = 256;
const longestName = 'ce-'.length + 20;

/** An adapter that reads a content type without its parameters. */
const withoutParameter = (event: CloudEvent): CloudEvent => {
  const [type = ''] = (event.headers['ce-datacontenttype'] ?? '').split(';');
  return { ...event, headers: { ...event.headers, 'ce-datacontenttype': type } };
};

const onlyHeaders = (keep: (name: string) => boolean) => (event: CloudEvent) => ({
  ...event,
  headers: Object.fromEntries(Object.entries(event.headers).filter(([name]) => keep(name))),
});

/** What is remembered of events by where they were asked about. */
function rememberingRejections(): Partial<Steps> {
  const memories = new WeakMap<CloudEvent, Memory>();
  return {
    recall: (memory, event) => {
      memories.set(event, memory);
      return standardSteps.recall(memory, event);
    },
    reason: (reason, event) => {
      if (reason === 'rejected') memories.get(event)?.remember(event);
      return standardSteps.reason(reason, event);
    },
  };
}

/** Faults that only a rare value or a rare way of things shows: one status of many, a long name, a rejection that is taken back. */
export const unusual: readonly Defect[] = [
  {
    name: 'tries-too-early-again',
    title: 'takes 425 for a failure that passes',
    clause: 'DLQ-1',
    flow: hits,
    scenario: 'rejected',
    breaks: { steps: classifying([425], 'failed') },
  },
  {
    name: 'tries-forbidden-again',
    title: 'takes 401 and 403 for failures that pass',
    clause: 'DLQ-1',
    flow: hits,
    scenario: 'rejected',
    breaks: { steps: classifying([401, 403], 'failed') },
  },
  {
    name: 'gives-up-not-implemented',
    title: 'takes 501 for a rejection',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'retried',
    breaks: { steps: classifying([501], 'rejected') },
  },
  {
    name: 'tries-no-content-again',
    title: 'takes 204 for a failure',
    clause: 'DUP-2',
    flow: tasks,
    scenario: 'retried',
    breaks: { steps: classifying([204], 'failed') },
  },
  {
    name: 'remembers-rejections',
    title: 'takes what its application has rejected for accepted, when the dead letter is put back',
    clause: 'DLQ-4',
    flow: tasks,
    scenario: 'rejected',
    breaks: { steps: rememberingRejections() },
  },
  {
    name: 'conflict-takes-its-place',
    title: 'remembers the conflicting content of an id in place of what was accepted',
    clause: 'DUP-3',
    flow: tasks,
    scenario: 'conflicts',
    breaks: {
      steps: {
        recall: (memory, event) => {
          const known = standardSteps.recall(memory, event);
          if (known === 'other') memory.remember(event);
          return known;
        },
      },
    },
  },
  {
    name: 'cuts-parameters-of-content-types',
    title: 'leaves out what stands behind the content type, and takes it for the right one',
    clause: 'ENV-1',
    flow: tasks,
    scenario: 'invalid-sent',
    breaks: {
      steps: {
        check: (check, flow, event) => check(flow, withoutParameter(event)),
        carry: (event, way) => withoutParameter(standardSteps.carry(event, way)),
      },
    },
  },
  {
    name: 'cuts-long-values',
    title: `cuts attributes after ${String(longestValue)} characters`,
    clause: 'ENV-1',
    flow: tasks,
    scenario: 'unknown-fields',
    breaks: {
      steps: carrying('to-application', (event) => ({
        ...event,
        headers: Object.fromEntries(
          Object.entries(event.headers).map(([name, value]) => [name, value.slice(0, longestValue)]),
        ),
      })),
    },
  },
  {
    name: 'drops-long-names',
    title: 'drops attributes whose names are longer than 20 characters',
    clause: 'ENV-1',
    flow: tasks,
    scenario: 'unknown-fields',
    breaks: {
      steps: carrying(
        'to-bus',
        onlyHeaders((name) => name.length <= longestName),
      ),
    },
  },
];
