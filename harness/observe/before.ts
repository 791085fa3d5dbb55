import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import type { Starts } from '../model/counted-from.ts';
import type { Service } from '../model/flow.ts';
import { anchorBucket, busStreams, keyValueStream, objectStream } from '../model/names.ts';

/** What lies in an account from trials before: none of it is this trial's. */
export interface Before {
  readonly starts: Starts;
  /** Last sequence of the notices in the answerers' account. */
  readonly answerersNotices: number;
  /** Last sequence of each stream that a bucket is made of. */
  readonly buckets: Starts;
  /** `traceparent` of what was planned. */
  readonly traces: ReadonlySet<string>;
}

export const nothingBefore: Before = { starts: new Map(), answerersNotices: 0, buckets: new Map(), traces: new Set() };

/** Looks at accounts whose streams are there, and in which nobody is at work. */
export async function readBefore(
  main: NatsConnection,
  answerers: NatsConnection | undefined,
  { flows }: Service,
  traces: ReadonlySet<string>,
): Promise<Before> {
  const lastOf = async (connection: NatsConnection, stream: string): Promise<number> =>
    (await (await jetstreamManager(connection, { checkAPI: false })).streams.info(stream)).state.last_seq;
  const lastOfEach = async (streams: readonly string[]): Promise<Starts> =>
    new Map(await Promise.all([...new Set(streams)].map(async (name) => [name, await lastOf(main, name)] as const)));
  const own = flows.flatMap(({ stream }) => stream ?? []);
  const buckets = flows.flatMap(({ bucket }) => (bucket === undefined ? [] : [objectStream(bucket)]));
  const [starts, ofBuckets, answerersNotices] = await Promise.all([
    lastOfEach([...own, busStreams.audit, busStreams.deadLetters, busStreams.notices]),
    lastOfEach([...buckets, keyValueStream(anchorBucket)]),
    answerers === undefined ? 0 : lastOf(answerers, busStreams.notices),
  ]);
  return { starts, buckets: ofBuckets, answerersNotices, traces: new Set(traces) };
}
