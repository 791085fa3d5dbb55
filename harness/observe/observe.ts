import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { setTimeout as delay } from 'node:timers/promises';

import type { Flow, Service } from '../model/flow.ts';
import type { HistoryBuilder, RowOf } from '../model/history.ts';
import { busStreams } from '../model/names.ts';
import type { PlannedEvents } from '../model/planned.ts';
import { Artefacts } from './artefacts.ts';
import { AuditObserver } from './audit.ts';
import { observeContents, observeState } from './ending.ts';
import { standardFactSteps, type FactSteps } from './facts.ts';
import { trouble, type Observation } from './observation.ts';
import { Scanner } from './scan/scanner.ts';
import { listenToSettlements } from './settlements.ts';
import { observeDeadLetter, observeNotice, observeStored } from './streams.ts';
import { Tap, type TapOptions } from './tap.ts';
import type { Validators } from './validators.ts';
import type { Witness } from './witness.ts';

export interface ObserveOptions {
  /** The harness's user in the main account. */
  readonly main: NatsConnection;
  /** The same in the answerers' account, where the service has one. */
  readonly answerers?: NatsConnection;
  readonly service: Service;
  readonly flow: Flow;
  readonly planned: PlannedEvents;
  readonly validators: Validators;
  readonly facts?: FactSteps;
  /** Public nkey of the audit's anchors, as the bus's keeper tells it; not read from the bus. */
  readonly auditKey: string;
  readonly history: HistoryBuilder;
  /** Milliseconds since the trial's start. */
  readonly now: () => number;
  readonly epochMs: number;
  readonly witness?: Witness;
}

/** Writes all that is seen on a bus into a history, as facts. */
export interface Observer extends AsyncDisposable {
  /** Resolves true once everything that the server has taken in so far is in the history. */
  caughtUp(limitMs: number): Promise<boolean>;
  /**
   * The last rows: state of streams and consumers, contents of the object store, anchors, and the search of every artefact for
   * content. To be called once the audit is closed. `logs` are lines that adapters logged.
   */
  finish(ending?: { readonly logs?: readonly string[] }): Promise<void>;
}

/** Pause between two looks at whether everything was seen, and the longest wait for what was stored last. */
const lookPauseMs = 3;
const finishLimitMs = 10_000;

const searched: readonly RowOf<'scan'>['kind'][] = [
  'audit',
  'dead-letter',
  'notice',
  'advisory',
  'log',
  'object-name',
  'subject',
  'header',
];

/** Starts to observe a namespace whose streams are there. */
export async function observe(options: ObserveOptions): Promise<Observer> {
  const scanner = new Scanner(options.planned.list.flatMap(({ canaries }) => canaries));
  const observation = {
    ...options,
    facts: options.facts ?? standardFactSteps,
    scanner,
    artefacts: new Artefacts(scanner),
  };
  const observer = new RunningObserver(options, observation, new AuditObserver(observation, options.auditKey));
  await observer.start();
  return observer;
}

class RunningObserver implements Observer {
  readonly #options: ObserveOptions;
  readonly #observation: Observation;
  readonly #audit: AuditObserver;
  #subscriptions: readonly Subscription[] = [];
  #taps: readonly Tap[] = [];
  #ended = false;

  constructor(options: ObserveOptions, observation: Observation, audit: AuditObserver) {
    this.#options = options;
    this.#observation = observation;
    this.#audit = audit;
  }

  async start(): Promise<void> {
    const { main, answerers, service } = this.#options;
    this.#subscriptions = listenToSettlements(main, this.#observation);
    const tap = (stream: string, onMessage: TapOptions['onMessage'], connection = main): Promise<Tap> =>
      Tap.open(connection, { stream, onMessage, onError: (cause) => this.#trouble(`tap of ${stream}`, cause) });
    const notice: TapOptions['onMessage'] = (message) => observeNotice(this.#observation, message);
    this.#taps = await Promise.all([
      ...service.flows.flatMap((flow) =>
        flow.stream === undefined
          ? []
          : [tap(flow.stream, (message, info) => observeStored(this.#observation, flow, message, info))],
      ),
      tap(busStreams.deadLetters, (message, info) => observeDeadLetter(this.#observation, message, info)),
      tap(busStreams.audit, (message, info) => this.#audit.record(message, info)),
      tap(busStreams.notices, notice),
      ...(answerers === undefined || (await this.#sameAccount(main, answerers))
        ? []
        : [tap(busStreams.notices, notice, answerers)]),
    ]);
    for (const connection of [main, answerers]) if (connection !== undefined) void this.#watch(connection);
    await main.flush();
  }

  async caughtUp(limitMs: number): Promise<boolean> {
    const { main, answerers } = this.#options;
    const signal = AbortSignal.timeout(limitMs);
    // What the server has sent to this connection so far comes before its answer.
    await Promise.all([main.flush(), answerers?.flush()]);
    for (;;) {
      const looks = await Promise.all(this.#taps.map((tap) => tap.caughtUp()));
      if (looks.every(Boolean)) return true;
      if (signal.aborted) return false;
      await delay(lookPauseMs);
    }
  }

  async finish({ logs = [] }: { readonly logs?: readonly string[] } = {}): Promise<void> {
    const { main } = this.#options;
    const observation = this.#observation;
    if (!(await this.caughtUp(finishLimitMs)))
      this.#trouble('observers', `did not see everything within ${String(finishLimitMs)} ms`);
    await observeState(main, observation);
    await observeContents(main, observation);
    await this.#audit.anchors(main);
    for (const line of logs) observation.artefacts.add('log', line);
    // All that the journal holds as text, and so all that a report can tell.
    for (const text of observation.history.texts.list) observation.artefacts.add('journal', text);
    observation.artefacts.write(observation.history, observation.now(), searched);
    await this[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    for (const subscription of [
      ...this.#subscriptions,
      ...this.#taps.map((tap) => ({ unsubscribe: () => tap.stop() })),
    ]) {
      subscription.unsubscribe();
    }
    this.#subscriptions = [];
    this.#taps = [];
    return Promise.resolve();
  }

  /** A bus that is somebody else's has one account, and so one stream of notices. */
  async #sameAccount(...connections: readonly NatsConnection[]): Promise<boolean> {
    const created = await Promise.all(
      connections.map(async (connection) => {
        const manager = await jetstreamManager(connection, { checkAPI: false });
        return (await manager.streams.info(busStreams.notices)).created;
      }),
    );
    return new Set(created).size === 1;
  }

  /** Taps lose nothing when a connection is lost; what is only said and not stored is, and then nobody can vouch for it. */
  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (this.#ended) return;
      if (status.type === 'disconnect')
        this.#trouble('observers', 'lost the bus: acknowledgements may have gone unseen');
      if (status.type !== 'reconnect') continue;
      await Promise.all(this.#taps.map((tap) => tap.resume())).catch((cause: unknown) =>
        this.#trouble('observers', cause),
      );
    }
  }

  #trouble(where: string, cause: unknown): void {
    trouble(this.#observation, where, cause);
  }
}
