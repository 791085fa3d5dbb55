import { randomUUID } from 'node:crypto';
import type { CloudEvent } from '../../model/event.ts';
import { payloadOf } from '../../model/payload.ts';
import { noReply } from '../../patterns/outcome.ts';
import { standardSteps, type Steps, type Way } from '../../patterns/steps.ts';
import type { Defect } from '../defect.ts';
import { classifying, header, withHeaders, withMembers } from './changes.ts';

const vehicles = 'records-check/vehicle-checks';
const people = 'records-check/person-checks';

const isReply = (event: CloudEvent): boolean => header(event, 'ce-type').endsWith('Reply');

/** An adapter that changes replies on one of their ways. */
const carryingReplies = (onlyWay: Way, change: (reply: CloudEvent) => CloudEvent): Partial<Steps> => ({
  carry: (event, way) => {
    const carried = standardSteps.carry(event, way);
    return way === onlyWay && isReply(event) ? change(carried) : carried;
  },
});

/** Faults of asking and answering. */
export const ofRequests: readonly Defect[] = [
  {
    name: 'answers-unchecked-requests',
    title: 'hands over requests that break their schema',
    clause: 'SCH-2',
    flow: people,
    scenario: 'invalid-injected',
    breaks: {
      steps: { check: (check, flow, event, way) => (way === 'to-application' ? undefined : check(flow, event)) },
    },
  },
  {
    name: 'hands-unchecked-replies-to-callers',
    title: 'hands replies to their callers without a check',
    clause: 'SCH-2',
    flow: vehicles,
    scenario: 'forged-replies',
    breaks: {
      steps: {
        check: (check, flow, event, way) =>
          way === 'to-application' && isReply(event) ? undefined : check(flow, event),
      },
    },
  },
  {
    name: 'one-inbox-for-all-instances',
    title: 'waits for replies where every instance of it does',
    clause: 'SEC-4',
    flow: vehicles,
    scenario: 'second-instance',
    breaks: { steps: { inboxToken: () => 'replies' } },
  },
  {
    name: 'refuses-for-a-broken-connection',
    title: 'refuses a request as rejected when the connection to its application breaks before the answer',
    clause: 'REP-1',
    flow: vehicles,
    scenario: 'answer-kinds',
    breaks: { steps: classifying([0], 'rejected') },
  },
  {
    name: 'answers-expired-requests',
    title: 'hands over requests past their deadline',
    clause: 'DEL-6',
    flow: vehicles,
    scenario: 'expired-requests',
    breaks: { steps: { expired: () => false } },
  },
  {
    name: 'hides-expired-requests',
    title: 'drops requests past their deadline without a notice',
    clause: 'DEL-6',
    flow: vehicles,
    scenario: 'expired-requests',
    breaks: {
      steps: { notice: (event, reason) => (reason === 'expired' ? undefined : standardSteps.notice(event, reason)) },
    },
  },
  {
    name: 'asks-past-the-deadline',
    title: 'puts requests on the bus that are past their deadline',
    clause: 'DEL-6',
    flow: vehicles,
    scenario: 'expired-requests',
    breaks: {
      steps: { expired: (event, now, way) => way === 'to-application' && standardSteps.expired(event, now, way) },
    },
  },
  {
    name: 'answers-after-the-deadline',
    title: 'tells the caller long after the deadline that there is no reply',
    clause: 'REP-1',
    flow: vehicles,
    // Nobody answers in time there: elsewhere the answering adapter may give its own refusal at the very deadline.
    scenario: 'late-replies',
    breaks: {
      steps: {
        answerAfter: async (asking) => {
          const answer = await asking;
          // The time by which it is late is the defect itself.
          if (answer.status === 504) await new Promise((resolve) => setTimeout(resolve, 2500));
          return answer;
        },
      },
    },
  },
  {
    name: 'tells-no-reply-always',
    title: 'tells every caller that there is no reply',
    clause: 'REP-1',
    flow: vehicles,
    scenario: 'happy-flow',
    breaks: {
      steps: {
        answerAfter: async (asking) => {
          await asking;
          return { status: 504, reason: 'no-reply' };
        },
      },
    },
  },
  {
    name: 'one-reason-for-all-refusals',
    title: 'says of every refusal that the application is unavailable',
    clause: 'REP-1',
    flow: vehicles,
    scenario: 'answer-kinds',
    breaks: { steps: { refusal: (draft) => withMembers(draft, { code: 'unavailable', retryable: true }) } },
  },
  {
    name: 'takes-failure-for-rejection-of-request',
    title: 'says that a request was rejected when its application only failed',
    clause: 'REP-1',
    flow: people,
    scenario: 'answer-kinds',
    breaks: { steps: { classify: (status) => (status >= 200 && status < 300 ? 'accepted' : 'rejected') } },
  },
  {
    name: 'takes-timeouts-of-applications-for-rejections',
    title: 'says that a request was rejected when its application had no time for it (408, 429)',
    clause: 'REP-1',
    flow: vehicles,
    scenario: 'answer-kinds',
    breaks: { steps: classifying([408, 429], 'rejected') },
  },
  {
    name: 'takes-redirects-for-rejections',
    title: 'says that a request was rejected when its application answered with a redirect',
    clause: 'REP-1',
    flow: people,
    scenario: 'answer-kinds',
    breaks: { steps: classifying([302], 'rejected') },
  },
  {
    name: 'silent-without-an-event',
    title: 'sends nothing where the application answers 200 without an event',
    clause: 'REP-1',
    flow: vehicles,
    scenario: 'answer-kinds',
    breaks: {
      steps: {
        replied: (status, event) =>
          status === 200 && event === undefined ? undefined : standardSteps.replied(status, event),
      },
    },
  },
  {
    name: 'any-2xx-is-a-reply',
    title: 'sends the event of a 201 or 202 as the reply',
    clause: 'REP-1',
    flow: people,
    scenario: 'answer-kinds',
    breaks: { steps: { replied: (_status, event) => event ?? 'unavailable' } },
  },
  {
    name: 'gives-up-at-half-time',
    title: 'waits for a reply for half of the time that the request has',
    clause: 'REP-1',
    flow: vehicles,
    scenario: 'late-replies',
    breaks: { steps: { waitForReply: (leftMs) => leftMs / 2 } },
  },
  {
    name: 'gives-up-after-a-misdirected-reply',
    title: 'tells the caller that there is no reply as soon as a misdirected one has come',
    clause: 'REP-1',
    flow: vehicles,
    scenario: 'misdirected-replies',
    breaks: { steps: { unfit: (asked) => asked.answer(noReply) } },
  },
  {
    name: 'gives-up-after-an-invalid-reply',
    title: 'tells the caller that there is no reply as soon as an invalid one has come',
    clause: 'REP-1',
    flow: people,
    scenario: 'forged-replies',
    breaks: { steps: { unfit: (asked) => asked.answer(noReply) } },
  },
  {
    name: 'refusal-of-another-correlation',
    title: 'refuses under a correlation of its own',
    clause: 'ENV-4',
    flow: vehicles,
    scenario: 'answer-kinds',
    breaks: { steps: { refusal: (draft) => withHeaders(draft, { 'ce-correlationid': 'adapter' }) } },
  },
  {
    name: 'refusal-of-an-id-by-chance',
    title: 'refuses under an id of its own, another one each time',
    clause: 'ENV-2',
    flow: vehicles,
    scenario: 'answer-kinds',
    breaks: { steps: { refusal: (draft) => withHeaders(draft, { 'ce-id': randomUUID() }) } },
  },
  {
    name: 'refusal-of-another-source',
    title: 'refuses in its own name and not in that of its application',
    clause: 'ENV-2',
    flow: people,
    scenario: 'answer-kinds',
    breaks: { steps: { refusal: (draft) => withHeaders(draft, { 'ce-source': 'urn:busworthy:adapter' }) } },
  },
  {
    name: 'refusal-below-its-marking',
    title: 'refuses under the lowest classification',
    clause: 'ENV-5',
    flow: vehicles,
    scenario: 'answer-kinds',
    breaks: { steps: { refusal: (draft) => withHeaders(draft, { 'ce-classification': 'OFFICIAL' }) } },
  },
  {
    name: 'refusal-of-the-time-of-its-request',
    title: 'writes the time of the request on its refusal',
    clause: 'ENV-3',
    flow: people,
    scenario: 'answer-kinds',
    breaks: {
      steps: { refusal: (draft, refused) => withHeaders(draft, { 'ce-time': header(refused, 'ce-time') }) },
    },
  },
  {
    name: 'reply-of-another-correlation',
    title: 'gives replies a correlation of its own',
    clause: 'ENV-4',
    flow: vehicles,
    scenario: 'happy-flow',
    breaks: { steps: carryingReplies('to-bus', (reply) => withHeaders(reply, { 'ce-correlationid': 'adapter' })) },
  },
  {
    name: 'reply-of-another-id',
    title: 'gives replies an id of its own',
    clause: 'ENV-2',
    flow: vehicles,
    scenario: 'happy-flow',
    breaks: {
      steps: carryingReplies('to-bus', (reply) => withHeaders(reply, { 'ce-id': `adapter-${header(reply, 'ce-id')}` })),
    },
  },
  {
    name: 'reply-of-another-time',
    title: 'writes its own time on replies',
    clause: 'ENV-3',
    flow: vehicles,
    scenario: 'happy-flow',
    breaks: {
      steps: carryingReplies('to-bus', (reply) => withHeaders(reply, { 'ce-time': '2020-01-01T00:00:00Z' })),
    },
  },
  {
    name: 'reply-again-written',
    title: 'hands the caller a reply as it would write it itself',
    clause: 'ENV-2',
    flow: people,
    scenario: 'happy-flow',
    breaks: {
      steps: carryingReplies('to-application', (reply) => ({
        ...reply,
        body: Buffer.from(JSON.stringify(payloadOf(reply), undefined, 1)),
      })),
    },
  },
  {
    name: 'reply-to-the-wrong-caller',
    title: 'gives a reply to whoever asked on that token, whatever it is a reply to',
    clause: 'REP-2',
    flow: vehicles,
    scenario: 'misdirected-replies',
    breaks: { steps: { repliesTo: () => true } },
  },
  {
    name: 'hides-misdirected-replies',
    title: 'drops a misdirected reply without a word',
    clause: 'REP-2',
    flow: vehicles,
    scenario: 'misdirected-replies',
    breaks: {
      steps: {
        notice: (event, reason) => (reason === 'misdirected' ? undefined : standardSteps.notice(event, reason)),
      },
    },
  },
  {
    name: 'hides-late-replies',
    title: 'drops a late reply without a word',
    clause: 'REP-2',
    flow: people,
    scenario: 'late-replies',
    breaks: { steps: { notice: () => undefined } },
  },
  {
    name: 'waits-where-nobody-answers',
    title: 'does not hear that nobody answers, and waits for the deadline',
    clause: 'REP-3',
    flow: vehicles,
    scenario: 'no-responder',
    breaks: { steps: { nobodyAnswers: () => false } },
  },
];
