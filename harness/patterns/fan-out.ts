import type { Pattern } from './pattern.ts';
import { openStreamReceiver } from './receive.ts';
import { openStreamSender, store } from './send.ts';
import { consumersOf, streamOf } from './streams.ts';

/**
 * One message to every subscriber entitled to it. The stream keeps limits retention; each subscribing application has a durable
 * consumer of its own, whose filter subjects are the values of the address parameters that it asked for. At most once is the same:
 * one publish without repeats, a consumer that delivers once.
 */
export const fanOut: Pattern = {
  name: 'fan-out',
  topology: (flow) => ({ streams: [streamOf(flow)], consumers: consumersOf(flow), buckets: [] }),
  openSender: (port, flow) =>
    Promise.resolve(openStreamSender(port, (outgoing, memory) => store(port, flow, outgoing, memory), flow)),
  openReceiver: (port, flow, receiver) => openStreamReceiver(port, flow, receiver),
};
