import { jetstream, jetstreamManager, type JsMsg } from '@nats-io/jetstream';
import { connect, headers as natsHeaders, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, inject } from 'vitest';

import { openReferenceBus, type ReferenceBus } from '../../../harness/bus/reference-bus.ts';
import { startProcess } from '../../../harness/bus/runtime/process.ts';
import type { Namespace, StartedBus } from '../../../harness/bus/runtime/runtime.ts';
import { admin, answerersAdmin } from '../../../harness/bus/security/spec.ts';
import { standardBusSteps, type BusSteps } from '../../../harness/bus/steps.ts';
import { createValidators } from '../../../harness/contracts/index.ts';
import { parseAuditRecord, type AuditRecord } from '../../../harness/model/audit.ts';
import { messageIdOf, type CloudEvent } from '../../../harness/model/event.ts';
import type { Flow, Service } from '../../../harness/model/flow.ts';
import { HistoryBuilder, rowAt, type RowOf, type TableName } from '../../../harness/model/history.ts';
import type { PlannedEvents } from '../../../harness/model/planned.ts';
import { ChainVerifier } from '../../../harness/observe/audit-chain.ts';
import { observe, type Observer } from '../../../harness/observe/observe.ts';
import { topologyOf } from '../../../harness/patterns/topology.ts';
import { sampleService } from '../../fixtures/flows.ts';
import { plannedOf } from '../../fixtures/planned.ts';

/** How a hand-played receiver settles a message: the body of its acknowledgement. */
export type Settle = (message: JsMsg) => string | undefined;

type Parts = Pick<
  ReferenceSpace,
  'namespace' | 'service' | 'flow' | 'bus' | 'main' | 'answerers' | 'problems' | 'observer' | 'history'
>;

/** A reference bus at work on the sample service, with observers, and receivers played by hand. */
export class ReferenceSpace implements AsyncDisposable {
  readonly namespace: Namespace;
  readonly service: Service;
  readonly flow: Flow;
  readonly bus: ReferenceBus;
  readonly main: NatsConnection;
  readonly answerers: NatsConnection;
  readonly history: HistoryBuilder;
  readonly observer: Observer;
  readonly problems: string[];

  private constructor(parts: Omit<Parts, 'observer' | 'history'>, observer: Observer, history: HistoryBuilder) {
    this.namespace = parts.namespace;
    this.service = parts.service;
    this.flow = parts.flow;
    this.bus = parts.bus;
    this.main = parts.main;
    this.answerers = parts.answerers;
    this.problems = parts.problems;
    this.observer = observer;
    this.history = history;
  }

  static async open(
    started: StartedBus,
    flow: Flow,
    options: { steps?: Partial<BusSteps>; planned?: PlannedEvents } = {},
  ): Promise<ReferenceSpace> {
    const service = sampleService(flow);
    const topology = topologyOf(service);
    const namespace = await started.namespace(topology);
    const problems: string[] = [];
    const bus = await openReferenceBus({
      namespace,
      service,
      topology,
      steps: { ...standardBusSteps, ...options.steps },
      onProblem: (where, cause) => problems.push(`${where}: ${String(cause)}`),
    });
    const [main, answerers] = await Promise.all([
      connect(namespace.connectionOptions(admin)),
      connect(namespace.connectionOptions(answerersAdmin)),
    ]);
    const history = new HistoryBuilder();
    const observer = await observe({
      main,
      ...(flow.stream === undefined ? { answerers } : {}),
      service,
      flow,
      validators: await createValidators(service),
      chain: new ChainVerifier(bus.auditKey),
      history,
      now: () => performance.now() - start,
    });
    const start = performance.now();
    observer.begin({ planned: options.planned ?? plannedOf(flow.id), epochMs: Date.now() });
    return new ReferenceSpace({ namespace, service, flow, bus, main, answerers, problems }, observer, history);
  }

  async publish(subject: string, event: CloudEvent): Promise<number> {
    const headers = natsHeaders();
    for (const [name, value] of Object.entries(event.headers)) headers.set(name, value);
    const stored = await jetstream(this.main).publish(subject, event.body, { headers, msgID: messageIdOf(event) });
    return stored.seq;
  }

  /** Takes messages from a consumer until `count` were taken, and settles each. */
  async work(consumer: string, count: number, settle: Settle): Promise<void> {
    const pull = await jetstream(this.main).consumers.get(this.flow.stream ?? '', consumer);
    let taken = 0;
    while (taken < count) {
      const messages = await pull.fetch({ max_messages: count - taken, expires: 1000 });
      for await (const message of messages) {
        taken++;
        const verb = settle(message);
        const reply = (message as unknown as { msg: { reply: string } }).msg.reply;
        if (verb !== undefined) this.main.publish(reply, verb);
      }
    }
  }

  /** Settles the bus's parts, ends them, and has the observers write their last rows. */
  async end(): Promise<void> {
    if (!(await this.bus.settle(5_000))) throw new Error(`the bus did not settle: ${this.problems.join('; ')}`);
    await this.bus.close();
    if (!(await this.observer.caughtUp(5_000))) throw new Error('the observers did not catch up');
    await this.observer.finish({ logs: ['started'] });
  }

  rows<T extends TableName>(table: T): readonly RowOf<T>[] {
    const history = this.history.history();
    return Array.from({ length: history[table].length }, (_, row) => rowAt(history, table, row));
  }

  /** The audit trail as the stream holds it. */
  async trail(): Promise<readonly AuditRecord[]> {
    const texts = await this.texts('AUDIT');
    return texts.map((text) => parseAuditRecord(text)).filter((record) => record !== undefined);
  }

  async texts(stream: string, connection = this.main): Promise<readonly string[]> {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const { state } = await manager.streams.info(stream);
    const found: string[] = [];
    for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq++) {
      const message = await manager.streams.getMessage(stream, { seq });
      if (message !== null) found.push(message.string());
    }
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.observer[Symbol.asyncDispose]();
    await this.bus[Symbol.asyncDispose]();
    await Promise.all([this.main.close(), this.answerers.close()]);
    await this.namespace[Symbol.asyncDispose]();
  }
}

/** A server for the tests of one file; each test takes a namespace of its own. */
export function useReferenceSpace(): (
  flow: Flow,
  options?: { steps?: Partial<BusSteps>; planned?: PlannedEvents },
) => Promise<ReferenceSpace> {
  let started: StartedBus;
  beforeAll(async () => {
    const binary = inject('serverBinary');
    started = await startProcess(binary === undefined ? {} : { binary });
  });
  afterAll(async () => started[Symbol.asyncDispose]());
  return (flow, options) => ReferenceSpace.open(started, flow, options);
}
