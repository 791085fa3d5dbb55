import type { Msg } from '@nats-io/transport-node';

import { NONE } from '../model/table.ts';
import type { DeliveryInfo } from '../model/acknowledgement.ts';
import { deadLetterHeaders } from '../model/dead-letter.ts';
import type { Flow } from '../model/flow.ts';
import { originalSubject, publishedSubject, replayedFor } from '../model/names.ts';
import { storedFacts, type FactSteps } from './facts.ts';
import { eventOf, headersOf, outsideOf } from './headers.ts';
import { faultsOfRefusal } from './made-refusal.ts';
import { faultsOfNotice } from './notice.ts';
import { plannedIndex, type Observation } from './observation.ts';

const says = (holds: boolean): 'no' | 'yes' => (holds ? 'yes' : 'no');

/** A message in a flow's stream. */
export function observeStored(observation: Observation, flow: Flow, message: Msg, info: DeliveryInfo): void {
  const { planned, service, validators, facts, history, now, epochMs, scanner, artefacts, witness } = observation;
  const event = eventOf(message);
  const { headers, body } = event;
  const index = plannedIndex(observation, headers, body);
  const subject = publishedSubject(flow, message.subject);
  witness?.saw({ where: 'stored', message: index, subject, event });
  const headerText = outsideOf('', headers);
  artefacts.add('subject', message.subject);
  artefacts.add('header', headerText);
  history.append('stored', {
    at: now(),
    stream: info.stream,
    sequence: info.sequence,
    subject: originalSubject(message.subject),
    replayFor: replayedFor(message.subject) ?? '',
    flow: flow.id,
    message: index,
    id: headers['ce-id'] ?? '',
    source: headers['ce-source'] ?? '',
    type: headers['ce-type'] ?? '',
    key: headers['ce-partitionkey'] ?? '',
    messageId: headers['Nats-Msg-Id'] ?? '',
    bytes: body.length,
    storedAt: info.storedAtMs - epochMs,
    ...storedFacts(facts, validators, planned.list[index], flow, event, subject),
    ...(index === NONE
      ? {
          chainIntact: chainOfOwn(observation, headers),
          refusalFaults: faultsOfRefusal(event, planned, service.flows, epochMs + now()),
        }
      : {}),
    canary: says(scanner.hit(`${message.subject}\n${headerText}`)),
  });
}

/** Whether what an adapter made itself names an event of the workload as its cause, and has that one's correlation. */
function chainOfOwn({ planned, facts }: Observation, headers: Event['headers']): 'no' | 'yes' {
  const id = headers['ce-causationid'] ?? '';
  const cause = planned.list.find(({ message }) => message.id === id)?.event.headers;
  if (cause === undefined) return 'no';
  const expected = { 'ce-causationid': id, 'ce-correlationid': cause['ce-correlationid'] ?? '' };
  return says(facts.sameChain(expected, headers));
}

/** A dead letter. Its body is the message's own and may hold content; nothing around it may. */
export function observeDeadLetter(observation: Observation, message: Msg, info: DeliveryInfo): void {
  const { planned, facts, history, now, scanner, artefacts, service } = observation;
  const { headers, body } = eventOf(message);
  const index = plannedIndex(observation, headers, body);
  const outside = outsideOf(message.subject, headers);
  artefacts.add('dead-letter', outside);
  const stream = headers[deadLetterHeaders.stream] ?? '';
  history.append('deadLetter', {
    at: now(),
    sequence: info.sequence,
    stream,
    streamSequence: Number(headers[deadLetterHeaders.sequence] ?? 0),
    flow: service.flows.find((flow) => flow.stream === stream)?.id ?? '',
    application: headers[deadLetterHeaders.application] ?? '',
    message: index,
    id: headers['ce-id'] ?? '',
    source: headers['ce-source'] ?? '',
    reason: headers[deadLetterHeaders.reason] ?? '',
    attempts: Number(headers[deadLetterHeaders.attempts] ?? 0),
    ...intactAs(facts, planned.list[index]?.event, { headers, body }),
    canary: says(scanner.hit(outside)),
  });
}

type Event = { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array };

function intactAs(facts: FactSteps, expected: Event | undefined, found: Event) {
  if (expected === undefined) return { bodyIntact: 'unknown', headersIntact: 'unknown' } as const;
  return {
    bodyIntact: says(facts.sameBody(expected.body, found.body)),
    headersIntact: says(facts.sameHeaders(expected.headers, found.headers)),
  };
}

/** What an adapter reports. */
export function observeNotice(observation: Observation, message: Msg): void {
  const { history, now, scanner, artefacts, planned, service } = observation;
  const headers = headersOf(message);
  const text = `${outsideOf(message.subject, headers)}\n${Buffer.from(message.data).toString('utf8')}`;
  artefacts.add('notice', text);
  history.append('notice', {
    at: now(),
    application: message.subject.split('.')[1] ?? '',
    id: headers['ce-id'] ?? '',
    source: headers['ce-source'] ?? '',
    message: plannedIndex(observation, headers),
    reason: headers['Reason'] ?? '',
    bytes: message.data.length,
    canary: says(scanner.hit(text)),
    faults: faultsOfNotice(headers, planned, service.flows),
  });
}
