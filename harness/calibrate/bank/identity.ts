import { isDeepStrictEqual } from 'node:util';
import type { CloudEvent } from '../../model/event.ts';
import { payloadOf } from '../../model/payload.ts';
import type { Memory } from '../../patterns/memory.ts';
import { standardSteps, type Steps } from '../../patterns/steps.ts';
import type { Defect } from '../defect.ts';
import { header, settling, withHeaders } from './changes.ts';

const tasks = 'custody-task/tasks';
const completions = 'custody-task/completions';
const incidents = 'incident-lifecycle/incidents';

/** A memory of names that are not quite an event's identity, or of fewer of them. */
function remembering(nameOf: (event: CloudEvent) => string, limit = Infinity): Partial<Steps> {
  const names = new WeakMap<Memory, string[]>();
  return {
    recall: (memory, event) => ((names.get(memory) ?? []).includes(nameOf(event)) ? 'same' : 'unknown'),
    remember: (memory, event) => {
      const known = names.get(memory) ?? [];
      names.set(memory, known);
      known.push(nameOf(event));
      if (known.length > limit) known.shift();
    },
  };
}

/** Faults about which event is which: message ids, memories, repeats and conflicts. */
export const ofIdentities: readonly Defect[] = [
  {
    name: 'message-id-without-source',
    title: 'names events to the bus by their id alone, without their source',
    clause: 'DUP-3',
    flow: completions,
    scenario: 'lookalikes',
    breaks: { steps: { messageId: (event) => header(event, 'ce-id') } },
  },
  {
    name: 'message-id-in-lower-case',
    title: 'names events to the bus in lower case',
    clause: 'DUP-3',
    flow: tasks,
    scenario: 'lookalikes',
    breaks: { steps: { messageId: (event, repeat) => standardSteps.messageId(event, repeat)?.toLowerCase() } },
  },
  {
    name: 'message-id-with-a-slash',
    title: 'names events to the bus by source and id in a form of its own',
    clause: 'DUP-1',
    flow: tasks,
    scenario: 'happy-flow',
    breaks: { steps: { messageId: (event, repeat) => standardSteps.messageId(event, repeat)?.replace(' ', '/') } },
  },
  {
    name: 'message-id-is-the-key',
    title: 'names events to the bus by their key, and takes what it finds for a repeat',
    clause: 'DEL-1',
    flow: incidents,
    scenario: 'happy-flow',
    breaks: { steps: { messageId: (event) => header(event, 'ce-partitionkey'), sameContent: () => true } },
  },
  {
    name: 'message-id-of-every-publish',
    title: 'gives every publish a message id of its own',
    clause: 'DUP-1',
    flow: tasks,
    scenario: 'duplicates',
    breaks: {
      steps: (() => {
        let publishes = 0;
        return { messageId: (event: CloudEvent) => `${header(event, 'ce-id')} ${String(++publishes)}` };
      })(),
    },
  },
  {
    name: 'takes-repeat-for-conflict',
    title: 'answers 409 to an event that comes again',
    clause: 'DUP-3',
    flow: tasks,
    scenario: 'duplicates',
    breaks: { steps: { sameContent: () => false } },
  },
  {
    name: 'compares-with-its-memory-alone',
    title: 'answers for an id that is stored from its own memory, though it may read what is stored',
    clause: 'DUP-3',
    flow: incidents,
    scenario: 'second-instance',
    breaks: { steps: { readsBack: () => false } },
  },
  {
    name: 'compares-lengths',
    title: 'takes bodies of one length for the same',
    clause: 'DUP-3',
    flow: tasks,
    scenario: 'conflicts',
    breaks: { steps: { sameContent: (event, stored) => event.body.length === stored.body.length } },
  },
  {
    name: 'hides-conflicts',
    title: 'refuses other content under a known id, and tells nobody',
    clause: 'DUP-3',
    flow: incidents,
    scenario: 'conflicts',
    breaks: {
      steps: { notice: (event, reason) => (reason === 'conflict' ? undefined : standardSteps.notice(event, reason)) },
    },
  },
  {
    name: 'memory-without-source',
    title: 'remembers ids without their source',
    clause: 'DEL-3',
    flow: completions,
    scenario: 'lookalikes',
    breaks: { steps: remembering((event) => header(event, 'ce-id')) },
  },
  {
    name: 'memory-in-lower-case',
    title: 'remembers ids in lower case',
    clause: 'DLQ-4',
    flow: tasks,
    scenario: 'lookalikes',
    breaks: { steps: remembering((event) => header(event, 'ce-id').toLowerCase()) },
  },
  {
    name: 'memory-of-content',
    title: 'remembers what events said, and not which they were',
    clause: 'DEL-3',
    flow: 'anpr-hit/hits',
    scenario: 'lookalikes',
    breaks: { steps: remembering((event) => Buffer.from(event.body).toString('base64')) },
  },
  {
    name: 'memory-of-two',
    title: 'remembers the last two events only',
    clause: 'DUP-2',
    flow: tasks,
    scenario: 'duplicates',
    breaks: { steps: remembering((event) => `${header(event, 'ce-source')} ${header(event, 'ce-id')}`, 2) },
  },
  {
    name: 'memory-of-two-hundred',
    title: 'remembers the last two hundred events only',
    clause: 'DUP-2',
    flow: completions,
    scenario: 'remembered',
    breaks: { steps: remembering((event) => `${header(event, 'ce-source')} ${header(event, 'ce-id')}`, 200) },
  },
  {
    name: 'remembers-too-early',
    title: 'remembers an event before its application has taken it',
    clause: 'DLQ-4',
    flow: tasks,
    scenario: 'retried',
    breaks: {
      steps: {
        recall: (memory, event) => {
          const known = standardSteps.recall(memory, event);
          memory.remember(event);
          return known;
        },
      },
    },
  },
  {
    name: 'memory-without-type',
    title: 'takes the same body under another type for a repeat',
    clause: 'DUP-3',
    flow: 'case-file-transfer/batches',
    scenario: 'conflicts',
    breaks: {
      steps: {
        recall: (memory, event) =>
          ['BatchOpened', 'BatchClosed'].some(
            (type) => standardSteps.recall(memory, withHeaders(event, { 'ce-type': type })) === 'same',
          )
            ? 'same'
            : standardSteps.recall(memory, event),
      },
    },
  },
  {
    name: 'hands-over-conflicts',
    title: 'hands over other content under a known id',
    clause: 'DUP-3',
    flow: tasks,
    scenario: 'conflicts',
    breaks: {
      steps: {
        recall: (memory, event) => (standardSteps.recall(memory, event) === 'same' ? 'same' : 'unknown'),
      },
    },
  },
  {
    name: 'gives-duplicates-up',
    title: 'gives up as a conflict what its application has taken before',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'duplicates',
    breaks: {
      steps: {
        recall: (memory, event) => (standardSteps.recall(memory, event) === 'unknown' ? 'unknown' : 'other'),
      },
    },
  },
  {
    name: 'skips-unseen',
    title: 'takes a few events for known that it never handed over',
    clause: 'DLQ-4',
    flow: incidents,
    scenario: 'happy-flow',
    breaks: {
      steps: {
        recall: (memory, event) =>
          header(event, 'ce-sequence') === '2' ? 'same' : standardSteps.recall(memory, event),
      },
    },
  },
  {
    name: 'never-acknowledges',
    title: 'asks for events again that its application has taken, until they are given up',
    clause: 'DLQ-4',
    flow: tasks,
    scenario: 'happy-flow',
    breaks: {
      steps: settling(
        (settlement) => settlement.do === 'acknowledge',
        (held) => held.refuse(100),
      ),
    },
  },
  {
    name: 'compares-what-bodies-say',
    title: 'takes a body that says the same in another writing for a repeat',
    clause: 'DUP-3',
    flow: 'anpr-hit/hits',
    scenario: 'conflicts',
    breaks: {
      steps: {
        sameContent: (event, stored) =>
          header(event, 'ce-type') === header(stored, 'ce-type') &&
          isDeepStrictEqual(payloadOf(event), payloadOf(stored)),
      },
    },
  },
];
