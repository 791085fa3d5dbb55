import { standingClock } from '../../engine/clock.ts';
import { standardSteps, type Note, type Steps } from '../../patterns/steps.ts';
import type { Defect } from '../defect.ts';
import { classifying, header, lookups, onlyHeaders, without } from './changes.ts';

const tasks = 'custody-task/tasks';
const hits = 'anpr-hit/hits';

function rememberingRejections(): Partial<Steps> {
  const { recall, memoryOf } = lookups();
  return {
    recall,
    reason: (reason, event) => {
      if (reason === 'rejected') memoryOf(event)?.remember(event);
      return standardSteps.reason(reason, event);
    },
  };
}

const fewHeaders = new Set(['ce-id', 'ce-source', 'ce-type', 'ce-time', 'Reason']);

/** An adapter that reports in another way. */
const noticing = (change: (note: Note) => Note): Partial<Steps> => ({
  notice: (event, reason) => {
    const note = standardSteps.notice(event, reason);
    return note === undefined ? undefined : change(note);
  },
});

function silentOfSecondReplies(): Partial<Steps> {
  const answered = new Set<string>();
  return {
    repliesTo: (request, reply) => {
      const fits = standardSteps.repliesTo(request, reply);
      if (fits) answered.add(header(request, 'ce-id'));
      return fits;
    },
    notice: (event, reason) =>
      reason === 'late' && answered.has(header(event, 'ce-causationid'))
        ? undefined
        : standardSteps.notice(event, reason),
  };
}

/** Faults that only a rare value or a rare way of things shows: one status of many, a long name, a rejection that is taken back. */
export const unusual: readonly Defect[] = [
  {
    name: 'waits-nearly-the-ack-wait',
    title: 'waits for its application for nine tenths of the ack wait',
    clause: 'DUP-2',
    flow: tasks,
    scenario: 'slow-application',
    breaks: { steps: { timeLimit: (flow) => (flow.ackWaitMs ?? 0) * 0.9 } },
  },
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
    name: 'notices-with-few-attributes',
    title: 'leaves out of a notice what is not id, source, type and time',
    clause: 'DLQ-4',
    flow: tasks,
    scenario: 'conflicts',
    breaks: { steps: noticing((note) => onlyHeaders(note, (name) => fewHeaders.has(name))) },
  },
  {
    name: 'notices-with-message-id',
    title: 'gives a notice an id by which the bus takes the next one for a duplicate',
    clause: 'DLQ-4',
    flow: tasks,
    scenario: 'conflicts',
    breaks: {
      steps: noticing((note) => ({
        ...note,
        headers: { ...note.headers, 'Nats-Msg-Id': note.headers['ce-id'] ?? '' },
      })),
    },
  },
  {
    name: 'drops-readings-at-its-end',
    title: 'ends without finishing what it has in hand of a flow that promises delivery at most once',
    clause: 'LIF-1',
    flow: 'anpr-hit/reads',
    scenario: 'restart-subscriber',
    breaks: { steps: { finish: () => Promise.resolve() } },
  },
  {
    name: 'drops-requests-at-its-end',
    title: 'ends without finishing the request that it has in hand',
    clause: 'LIF-1',
    flow: 'records-check/vehicle-checks',
    scenario: 'restart-subscriber',
    breaks: { steps: { finish: () => Promise.resolve() } },
  },
  {
    name: 'refuses-without-trace',
    title: 'makes refusals without the trace context of what they refuse',
    clause: 'ENV-6',
    flow: 'records-check/vehicle-checks',
    scenario: 'answer-kinds',
    breaks: { steps: { refusal: (draft) => without(draft, 'traceparent') } },
  },
  {
    name: 'says-nothing-of-second-replies',
    title: 'drops a second reply to a request without a notice',
    clause: 'REP-2',
    flow: 'records-check/vehicle-checks',
    scenario: 'misdirected-replies',
    breaks: { steps: silentOfSecondReplies() },
  },
  {
    name: 'expiry-before-the-check',
    title: 'says of an event that has expired, and is invalid besides, that it has expired',
    clause: 'DLQ-1',
    flow: hits,
    scenario: 'expiry',
    breaks: {
      steps: {
        check: (check, flow, event, way) =>
          way === 'to-application' && standardSteps.expired(event, standingClock().wall(), way)
            ? undefined
            : check(flow, event),
      },
    },
  },
];
