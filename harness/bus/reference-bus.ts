import type { KeyPair } from '@nats-io/nkeys';
import { setSha256Backend } from '@nats-io/obj';
import { connect, type NatsConnection } from '@nats-io/transport-node';

import type { Service } from '../model/flow.ts';
import { busStreams } from '../model/names.ts';
import type { Topology } from '../model/topology.ts';
import { Custodian } from './custodian.ts';
import { drainExhausted } from './drain-exhausted.ts';
import { Past } from './past.ts';
import { provision } from './provision.ts';
import type { Replayed } from './replay.ts';
import type { Namespace } from './runtime/runtime.ts';
import { newUserKey } from './security/keys.ts';
import { admin, answerersAdmin } from './security/spec.ts';
import { replayOperator, standardBusSteps, type BusSteps, type ReplayRequest } from './steps.ts';

// Objects are digested in JavaScript, for all of the process, where nobody says otherwise.
setSha256Backend('native');

/** Pause between two tries to reach a server that has gone. */
const reconnectWaitMs = 50;

export interface ReferenceBusOptions {
  readonly namespace: Namespace;
  readonly service: Service;
  readonly topology: Topology;
  readonly steps?: BusSteps;
  /** Signs the anchors of the audit trail; an Ed25519 user nkey, a new one by default. One trail has one key over restarts. */
  readonly key?: KeyPair;
  /** What those before it in this process have left in the account; they made the streams. Default nothing: what the account holds is looked at. */
  readonly past?: Past;
  /** Told of trouble inside the bus's own parts: they go on, and what they did not manage is missing from audit or dead letters. */
  readonly onProblem?: (where: string, cause: unknown) => void;
}

/** A reference bus that is ready: its streams made, its audit recorder and its dead-letter router at work. */
export interface ReferenceBus extends AsyncDisposable {
  /** Public nkey that verifies the anchors. */
  readonly auditKey: string;
  /** Resolves true once recorder and router have dealt with everything that the server has received so far. */
  settle(limitMs: number): Promise<boolean>;
  /**
   * Puts dead letters back for their one receiver, in order, each once. Without `by` it is the operator who asks; to anybody
   * else it is refused, which is undefined.
   */
  replay(request: Omit<ReplayRequest, 'by'> & { readonly by?: string }): Promise<readonly Replayed[] | undefined>;
  /** Has the server notice used-up attempts of applications that have no live instance; at most for `limitMs`. */
  drainExhausted(applications: readonly string[], limitMs: number): Promise<void>;
  /** Signs the last anchor and ends recorder and router; what they stored stays. */
  close(): Promise<void>;
}

/** Makes the topology and starts the bus's own parts, on a connection of their own. Rejects with a Problem. */
export async function openReferenceBus(options: ReferenceBusOptions): Promise<ReferenceBus> {
  const {
    namespace,
    service,
    topology,
    steps = standardBusSteps,
    key = newUserKey(),
    past = new Past(),
    onProblem = () => undefined,
  } = options;
  await using stack = new AsyncDisposableStack();
  const connection = await connected(stack, namespace, admin);
  if (!past.isRead) await Promise.all([provision(connection, topology), provisionAnswerers(namespace, topology)]);
  const custodian = await Custodian.open({ connection, service, topology, steps, key, past, onProblem });
  stack.defer(() => custodian.close());
  const kept = stack.move();
  return {
    auditKey: custodian.auditKey,
    settle: (limitMs) => custodian.settle(limitMs),
    replay: (request) => custodian.replay({ by: replayOperator, ...request }),
    drainExhausted: async (applications, limitMs) => {
      const consumers = topology.consumers.filter(({ application }) => applications.includes(application));
      const signal = AbortSignal.timeout(limitMs);
      await Promise.all(consumers.map((consumer) => drainExhausted(connection, consumer, signal)));
    },
    close: () => custodian.close(),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** What answerers publish stays in their own account, so that their notices have a stream there. */
async function provisionAnswerers(namespace: Namespace, topology: Topology): Promise<void> {
  if (!topology.users.some(({ account }) => account === 'answerers')) return;
  await using stack = new AsyncDisposableStack();
  const connection = await connected(stack, namespace, answerersAdmin);
  const streams = topology.streams.filter(({ name }) => name === busStreams.notices);
  await provision(connection, { streams, consumers: [], buckets: [] });
}

async function connected(stack: AsyncDisposableStack, namespace: Namespace, user: string): Promise<NatsConnection> {
  const connection = await connect({
    ...namespace.connectionOptions(user),
    maxReconnectAttempts: -1,
    reconnectTimeWait: reconnectWaitMs,
    reconnectJitter: 0,
  });
  stack.defer(() => connection.close());
  return connection;
}
