import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';

import type { CloudEvent } from '../model/event.ts';
import type { Flow } from '../model/flow.ts';
import type { Port } from './pattern.ts';

/** The last accepted `ce-sequence` of each key, for one application: it outlives the adapter. */
export interface Sequences {
  /** 0 where nothing of the key was accepted yet. */
  last(event: CloudEvent): Promise<number>;
  store(event: CloudEvent, sequence: number): Promise<void>;
}

const longestWaitMs = 2000;

/** Opens an application's part of the state bucket. Its keys are `<application>.<ce-partitionkey>`: a flow has several receivers. */
export async function openSequences(port: Port, flow: Flow): Promise<Sequences> {
  // The application may take half the ack wait; the other half is what is left for its place to be kept.
  const timeout = Math.min(longestWaitMs, (flow.ackWaitMs ?? 0) / 2);
  const client = jetstream(port.connection, { checkAPI: false, timeout });
  const values = await new Kvm(client).open(flow.state ?? '', { allow_direct: true });
  const keyOf = (event: CloudEvent): string => `${port.application}.${event.headers['ce-partitionkey'] ?? ''}`;
  return {
    last: async (event) => Number((await values.get(keyOf(event)))?.string() ?? 0),
    store: async (event, sequence) => void (await values.put(keyOf(event), String(sequence))),
  };
}
