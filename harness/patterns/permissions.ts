import { Problem } from '../model/errors.ts';
import { flowOf, receives, sends, type Flow, type Service } from '../model/flow.ts';
import { consumersOfReceiver, keyValueStream, noticeSubject, objectStream } from '../model/names.ts';
import { wildcardOf } from '../model/subject.ts';
import type { UserSpec } from '../model/topology.ts';

/**
 * How long after the declared expiry its answerer may still publish on a request's reply subject, in milliseconds: a request may have a
 * deadline of its own that is longer, and on a busy machine its answer takes that long.
 */
const replyGraceMs = 15_000;

/** One user an application, allowed what its part in each flow needs and nothing else. */
export function usersOf(service: Service): readonly UserSpec[] {
  return service.applications.map(({ name }) => userOf(service, name));
}

/** Whether an application alone publishes on the flow's stream: only then may it read that stream's messages. */
export function soleProvider(flow: Flow, application: string): boolean {
  return flow.senders.length === 1 && flow.senders[0] === application;
}

function userOf(service: Service, application: string): UserSpec {
  const answered = service.flows.filter((flow) => flow.pattern === 'request-reply' && receives(flow, application));
  const streamed = service.flows.filter(
    (flow) => flow.stream !== undefined && (sends(flow, application) || receives(flow, application)),
  );
  if (answered.length > 0 && streamed.length > 0) {
    throw new Problem('contract', `${application} of ${service.name} answers requests and also uses streams.`, {
      place: { file: service.document },
      next: 'Answerers live in an account of their own: name two applications in x-applications.',
    });
  }
  const publish = service.flows.flatMap((flow) => [
    ...(sends(flow, application) ? sending(flow, application) : []),
    ...(receives(flow, application) ? receiving(service, flow, application) : []),
  ]);
  return {
    name: application,
    account: answered.length > 0 ? 'answerers' : 'main',
    publish: [...new Set([...publish, noticeSubject(application)])],
    subscribe: answered.map((flow) => `${wildcardOf(flow)} ${application}`),
    ...(answered.length > 0 && {
      response: { max: 1, expiresMs: Math.max(...answered.map((flow) => flow.expiryMs ?? 0)) + replyGraceMs },
    }),
  };
}

function sending(flow: Flow, application: string): readonly string[] {
  const { stream, bucket } = flow;
  if (stream === undefined) return [wildcardOf(flow)];
  return [
    wildcardOf(flow),
    `$JS.API.STREAM.INFO.${stream}`,
    ...(soleProvider(flow, application) ? [`$JS.API.STREAM.MSG.GET.${stream}`] : []),
    ...(bucket === undefined ? [] : [...readingObjects(bucket), ...writingObjects(bucket)]),
  ];
}

function receiving(service: Service, flow: Flow, application: string): readonly string[] {
  const { stream, state, bucket } = flow;
  if (stream === undefined) return [];
  const receivers = flow.receivers.filter((receiver) => receiver.application === application);
  const consumers = receivers.flatMap((receiver) => consumersOfReceiver(flow, receiver));
  const receipts = flow.receipts === undefined ? undefined : flowOf(service, flow.receipts);
  return [
    `$JS.API.STREAM.INFO.${stream}`,
    ...consumers.flatMap(({ name }) => [
      `$JS.API.CONSUMER.INFO.${stream}.${name}`,
      `$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`,
      `$JS.ACK.${stream}.${name}.>`,
    ]),
    ...(state === undefined ? [] : keepingState(state, application)),
    ...(bucket === undefined ? [] : readingObjects(bucket)),
    ...(receipts === undefined ? [] : sending(receipts, application)),
  ];
}

/** An application's own keys of a state bucket that it shares with the flow's other receivers. */
function keepingState(bucket: string, application: string): readonly string[] {
  const stream = keyValueStream(bucket);
  return [
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.DIRECT.GET.${stream}.$KV.${bucket}.${application}.>`,
    `$KV.${bucket}.${application}.>`,
  ];
}

/** The names of what a client's object store asks for; reading makes an ordered consumer on the bucket's stream. */
function readingObjects(bucket: string): readonly string[] {
  const stream = objectStream(bucket);
  return [
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.STREAM.MSG.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}.>`,
    `$JS.API.CONSUMER.CREATE.${stream}.>`,
    `$JS.API.CONSUMER.INFO.${stream}.*`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.*`,
    `$JS.API.CONSUMER.DELETE.${stream}.*`,
    `$JS.ACK.${stream}.>`,
    `$JS.FC.${stream}.>`,
  ];
}

function writingObjects(bucket: string): readonly string[] {
  return [`$O.${bucket}.>`, `$JS.API.STREAM.PURGE.${objectStream(bucket)}`];
}
