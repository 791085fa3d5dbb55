import { jetstreamManager } from '@nats-io/jetstream';
import { Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';

import type { Starts } from '../model/counted-from.ts';
import type { Service } from '../model/flow.ts';
import { busStreams } from '../model/names.ts';

/** What lies in an account from trials before: none of it is this trial's. */
export interface Before {
  readonly starts: Starts;
  /** Last sequence of the notices in the answerers' account. */
  readonly answerersNotices: number;
  /** Names of objects. */
  readonly objects: ReadonlySet<string>;
  /** `traceparent` of what was planned. */
  readonly traces: ReadonlySet<string>;
}

export const nothingBefore: Before = { starts: new Map(), answerersNotices: 0, objects: new Set(), traces: new Set() };

/** Looks at accounts whose streams are there, and in which nobody is at work. */
export async function readBefore(
  main: NatsConnection,
  answerers: NatsConnection | undefined,
  { flows }: Service,
  traces: ReadonlySet<string>,
): Promise<Before> {
  const lastOf = async (connection: NatsConnection, stream: string): Promise<number> =>
    (await (await jetstreamManager(connection, { checkAPI: false })).streams.info(stream)).state.last_seq;
  const own = flows.flatMap(({ stream }) => stream ?? []);
  const streams = [...own, busStreams.audit, busStreams.deadLetters, busStreams.notices];
  const starts = await Promise.all(streams.map(async (name) => [name, await lastOf(main, name)] as const));
  const buckets = new Set(flows.flatMap(({ bucket }) => bucket ?? []));
  const lists = await Promise.all(
    [...buckets].map(async (bucket) => (await new Objm(main).open(bucket, false)).list()),
  );
  return {
    starts: new Map(starts),
    answerersNotices: answerers === undefined ? 0 : await lastOf(answerers, busStreams.notices),
    objects: new Set(lists.flat().map(({ name }) => name)),
    traces: new Set(traces),
  };
}
