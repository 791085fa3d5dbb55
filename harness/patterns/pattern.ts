import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import type { Check } from '../model/check.ts';
import type { CloudEvent } from '../model/event.ts';
import type { ExchangePattern, Flow, Receiver, Service } from '../model/flow.ts';
import type { BucketSpec, ConsumerSpec, StreamSpec } from '../model/topology.ts';
import type { Application, SendAnswer } from './application.ts';
import type { Steps } from './steps.ts';

/** What a flow needs on the bus. */
export interface FlowTopology {
  readonly streams: readonly StreamSpec[];
  readonly consumers: readonly ConsumerSpec[];
  readonly buckets: readonly BucketSpec[];
}

/** All that a pattern works with: one application of one service, its connection to the bus, and the application behind it. */
export interface Port {
  readonly service: Service;
  readonly application: string;
  readonly inboxPrefix: string;
  readonly connection: NatsConnection;
  readonly jsm: JetStreamManager;
  readonly behind: Application;
  readonly check: Check;
  readonly steps: Steps;
  /** Wall clock, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Lines without content. */
  readonly log: (line: string) => void;
  readonly connected: () => boolean;
  /** Called after each reconnection: what was asked of the bus before it is void. */
  readonly onReconnect: (listener: () => void) => void;
  /** Aborted when the adapter is killed: from then on nothing leaves it. */
  readonly killed: AbortSignal;
}

/** Sends an event of a flow, checked by the adapter as one of its types. */
export type Send = (event: CloudEvent) => Promise<SendAnswer>;

/** One end of a flow, open. */
export interface Opened {
  /** Takes no more from the bus, finishes what is in hand, and resolves. */
  stop(): Promise<void>;
}

export interface OpenedSender extends Opened {
  readonly send: Send;
}

/** One exchange pattern: what it needs on the bus, how to send and how to receive. */
export interface Pattern {
  readonly name: ExchangePattern;
  readonly topology: (flow: Flow) => FlowTopology;
  readonly openSender: (port: Port, flow: Flow) => Promise<OpenedSender>;
  readonly openReceiver: (port: Port, flow: Flow, receiver: Receiver) => Promise<Opened>;
}
