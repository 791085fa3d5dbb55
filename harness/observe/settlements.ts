import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';

import { barrierSequence, parseAckSubject, parseAckVerb } from '../model/acknowledgement.ts';
import { advisorySubjects, parseAdvisory } from '../model/advisory.ts';
import type { Service } from '../model/flow.ts';
import { applicationOfConsumer, consumersOfReceiver, latencySubject } from '../model/names.ts';
import { trouble, type Observation } from './observation.ts';

/**
 * Listens to the acknowledgements of the receivers' consumers and to what the server reports of them and of answered requests.
 * Plain subscriptions: nothing waits for them, and none is on a subject that requests or replies travel on.
 */
export function listenToSettlements(
  connection: NatsConnection,
  service: Service,
  see: (observed: (observation: Observation) => void) => void,
): readonly Subscription[] {
  const listen = (subject: string, take: (observation: Observation, message: Msg) => void): Subscription =>
    connection.subscribe(subject, {
      callback: (error, message) => {
        see((observation) => {
          if (error === null) take(observation, message);
          else trouble(observation, `observer of ${subject}`, error);
        });
      },
    });
  return [
    ...ackSubjects(service).map((subject) => listen(subject, acknowledged)),
    ...advisorySubjects.map((subject) => listen(subject, reported)),
    ...service.flows
      .filter((flow) => flow.pattern === 'request-reply')
      .map((flow) => listen(latencySubject(flow), reported)),
  ];
}

/** Both forms of each consumer's acknowledgement subject; the bus's own consumers are left out. */
function ackSubjects(service: Service): readonly string[] {
  return service.flows.flatMap((flow) =>
    flow.receivers
      .flatMap((receiver) => (flow.stream === undefined ? [] : consumersOfReceiver(flow, receiver)))
      .flatMap(({ name }) => [`$JS.ACK.${flow.stream ?? ''}.${name}.>`, `$JS.ACK.*.*.${flow.stream ?? ''}.${name}.>`]),
  );
}

function acknowledged({ history, now, service, artefacts }: Observation, message: Msg): void {
  const at = now();
  const info = parseAckSubject(message.subject);
  if (info === undefined || info.sequence === barrierSequence) return;
  const flow = service.flows.find((candidate) => candidate.stream === info.stream);
  const verb = parseAckVerb(Buffer.from(message.data).toString('utf8'));
  if (verb.reason !== '') artefacts.add('advisory', verb.reason);
  history.append('acknowledgement', {
    at,
    stream: info.stream,
    consumer: info.consumer,
    application: (flow && applicationOfConsumer(flow, info.consumer)) ?? '',
    sequence: info.sequence,
    consumerSequence: info.consumerSequence,
    deliveries: info.deliveries,
    ...verb,
  });
}

function reported({ history, now, artefacts }: Observation, message: Msg): void {
  const at = now();
  const body = Buffer.from(message.data).toString('utf8');
  const { kind, stream, consumer, sequence, deliveries, reason, status } = parseAdvisory(body);
  artefacts.add('advisory', body);
  history.append('advisory', { at, kind, stream, consumer, sequence, deliveries, reason, status });
}
