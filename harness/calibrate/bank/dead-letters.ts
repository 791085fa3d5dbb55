import { busStreams } from '../../model/names.ts';
import type { DeadLetter } from '../../bus/steps.ts';
import { standardBusSteps } from '../../bus/steps.ts';
import type { Defect } from '../defect.ts';
import { accepted, busStream, settling, withHeaders, without } from './changes.ts';

const tasks = 'custody-task/tasks';
const hits = 'anpr-hit/hits';

/** A router that stores something else of a dead letter. */
const storing = (change: (letter: DeadLetter) => readonly DeadLetter[]): Defect['breaks'] => ({
  busSteps: { deadLetter: change },
});

/** Faults of the dead-letter router. */
export const ofDeadLetters: readonly Defect[] = [
  {
    name: 'dead-letter-of-another-application',
    title: 'the router files every dead letter under one application',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'rejected',
    breaks: storing((letter) => [{ ...letter, application: 'forensic' }]),
  },
  {
    name: 'dead-letter-copied-to-another-application',
    title: 'the router files a dead letter under another application as well',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'rejected',
    breaks: storing((letter) => [letter, { ...letter, application: 'forensic' }]),
  },
  {
    name: 'dead-letter-without-correlation',
    title: 'the router stores a dead letter without its correlation',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'rejected',
    breaks: storing((letter) => [
      { ...letter, message: { ...letter.message, ...without(letter.message, 'ce-correlationid') } },
    ]),
  },
  {
    name: 'dead-letter-of-another-id',
    title: 'the router gives a dead letter an id of its own',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'rejected',
    breaks: storing((letter) => [
      { ...letter, message: { ...letter.message, ...withHeaders(letter.message, { 'ce-id': 'dead' }) } },
    ]),
  },
  {
    name: 'dead-letter-without-body',
    title: 'the router stores the headers of a dead letter alone',
    clause: 'DLQ-1',
    flow: hits,
    scenario: 'rejected',
    breaks: storing((letter) => [{ ...letter, message: { ...letter.message, body: new Uint8Array() } }]),
  },
  {
    name: 'dead-letter-of-another-reason',
    title: 'the router calls every dead letter exhausted',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'rejected',
    breaks: storing((letter) => [{ ...letter, reason: 'exhausted' }]),
  },
  {
    name: 'dead-letters-of-exhausted-only',
    title: 'the router keeps what is exhausted, and loses what is rejected',
    clause: 'DLQ-4',
    flow: tasks,
    scenario: 'rejected',
    breaks: {
      busSteps: {
        deadLettered: (flow, reason) => reason === 'exhausted' && standardBusSteps.deadLettered(flow, reason),
      },
    },
  },
  {
    name: 'dead-letters-of-rejected-only',
    title: 'the router keeps what is rejected, and loses what is exhausted',
    clause: 'DLQ-1',
    flow: hits,
    scenario: 'exhausted',
    breaks: {
      busSteps: {
        deadLettered: (flow, reason) => reason !== 'exhausted' && standardBusSteps.deadLettered(flow, reason),
      },
    },
  },
  {
    name: 'dead-letters-let-go',
    title: 'the dead-letter stream keeps the newest of each application only',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'rejected',
    breaks: { topology: busStream(busStreams.deadLetters, { maxMessagesPerSubject: 1 }) },
  },
  {
    name: 'dead-letter-of-what-was-acknowledged',
    title: 'the router counts a termination that comes after the acknowledgement',
    clause: 'DLQ-4',
    flow: tasks,
    scenario: 'happy-flow',
    breaks: {
      busSteps: { settles: () => true },
      steps: settling(accepted, (held) => {
        held.acknowledge();
        held.terminate('rejected');
      }),
    },
  },
];
