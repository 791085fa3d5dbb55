import type { Pattern } from './pattern.ts';
import { openStreamReceiver } from './receive.ts';
import { openStreamSender, store } from './send.ts';
import { consumersOf, streamOf } from './streams.ts';

/**
 * Tasks for workers: each application has one durable consumer that all of its instances pull from, so that a task has one live
 * holder, and another one after the ack wait when that holder is gone. The task's id is its event id, which dedupes it both at the
 * bus and at the worker. The stream keeps limits retention: with `workqueue` retention the auditor could not read beside the workers,
 * and a terminated task would be gone before it is dead-lettered.
 */
export const workQueue: Pattern = {
  name: 'work-queue',
  topology: (flow) => ({ streams: [streamOf(flow)], consumers: consumersOf(flow), buckets: [] }),
  openSender: (port, flow) =>
    Promise.resolve(openStreamSender(port, (outgoing, memory) => store(port, flow, outgoing, memory), flow)),
  openReceiver: (port, flow, receiver) => openStreamReceiver(port, flow, receiver),
};
