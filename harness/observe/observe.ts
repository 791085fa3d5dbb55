import { jetstreamManager } from '@nats-io/jetstream';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { setTimeout as delay } from 'node:timers/promises';

import type { DeliveryInfo } from '../model/acknowledgement.ts';
import type { Flow, Service } from '../model/flow.ts';
import type { HistoryBuilder, RowOf } from '../model/history.ts';
import { busStreams } from '../model/names.ts';
import type { PlannedEvents } from '../model/planned.ts';
import { Artefacts } from './artefacts.ts';
import { AuditObserver } from './audit.ts';
import type { ChainVerifier } from './audit-chain.ts';
import { nothingBefore, type Before } from './before.ts';
import { observeContents, observeState } from './ending.ts';
import { standardFactSteps, type FactSteps } from './facts.ts';
import { trouble, type Observation } from './observation.ts';
import { Scanner } from './scan/scanner.ts';
import { listenToSettlements } from './settlements.ts';
import { observeDeadLetter, observeNotice, observeStored } from './streams.ts';
import { Tap } from './tap.ts';
import type { Validators } from './validators.ts';
import type { Witness } from './witness.ts';

export interface ObserveOptions {
  /** The harness's user in the main account. */
  readonly main: NatsConnection;
  /** The same in the answerers' account, where the service has one. */
  readonly answerers?: NatsConnection;
  readonly service: Service;
  readonly flow: Flow;
  readonly validators: Validators;
  readonly facts?: FactSteps;
  /** Follows the audit from where it stands: it knows the public nkey of its anchors as the bus's keeper tells it, not from the bus. */
  readonly chain: ChainVerifier;
  readonly history: HistoryBuilder;
  /** What is there from trials before; default nothing. */
  readonly before?: Before;
  /** Milliseconds since the trial's start. */
  readonly now: () => number;
}

/** What is known once the trial's time begins. */
export interface Begun {
  readonly planned: PlannedEvents;
  /** The trial's start, in milliseconds since the epoch. */
  readonly epochMs: number;
  readonly witness?: Witness;
}

/** Writes all that is seen on a bus into a history, as facts. */
export interface Observer extends AsyncDisposable {
  /** The trial begins. What was seen before is written down now. */
  begin(begun: Begun): void;
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
  const observer = new RunningObserver(options);
  await observer.start();
  return observer;
}

/** What sees, from the trial's beginning on. */
interface Seeing {
  readonly observation: Observation;
  readonly audit: AuditObserver;
}

class RunningObserver implements Observer {
  readonly #options: ObserveOptions;
  #seeing: Seeing | undefined;
  /** What came before the trial began, such as the first records of the audit. */
  readonly #early: ((seeing: Seeing) => void)[] = [];
  #subscriptions: readonly Subscription[] = [];
  #taps: readonly Tap[] = [];
  #ended = false;

  constructor(options: ObserveOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { main, answerers, service, chain, before = nothingBefore } = this.#options;
    this.#subscriptions = listenToSettlements(main, service, (observed) =>
      this.#see(({ observation }) => observed(observation)),
    );
    const tap = (
      stream: string,
      see: (seeing: Seeing, message: Msg, info: DeliveryInfo) => void,
      { connection = main, after = before.starts.get(stream) ?? 0 } = {},
    ): Promise<Tap> =>
      Tap.open(connection, {
        stream,
        after,
        onMessage: (message, info) => this.#see((seeing) => see(seeing, message, info)),
        onError: (cause) => this.#trouble(`tap of ${stream}`, cause),
      });
    const notice = ({ observation }: Seeing, message: Msg): void => observeNotice(observation, message);
    this.#taps = await Promise.all([
      ...service.flows.flatMap((flow) =>
        flow.stream === undefined
          ? []
          : [tap(flow.stream, ({ observation }, message, info) => observeStored(observation, flow, message, info))],
      ),
      tap(busStreams.deadLetters, ({ observation }, message, info) => observeDeadLetter(observation, message, info)),
      tap(busStreams.audit, ({ audit }, message, info) => audit.record(message, info), { after: chain.last }),
      tap(busStreams.notices, notice),
      ...(answerers === undefined || (await this.#sameAccount(main, answerers))
        ? []
        : [tap(busStreams.notices, notice, { connection: answerers, after: before.answerersNotices })]),
    ]);
    for (const connection of [main, answerers]) if (connection !== undefined) void this.#watch(connection);
    await main.flush();
  }

  begin(begun: Begun): void {
    const scanner = new Scanner(begun.planned.list.flatMap(({ canaries }) => canaries));
    const { facts = standardFactSteps, chain, before = nothingBefore } = this.#options;
    const observation = { ...this.#options, ...begun, before, facts, scanner, artefacts: new Artefacts(scanner) };
    const seeing = { observation, audit: new AuditObserver(observation, chain) };
    this.#seeing = seeing;
    for (const see of this.#early.splice(0)) see(seeing);
  }

  #see(see: (seeing: Seeing) => void): void {
    if (this.#seeing === undefined) this.#early.push(see);
    else see(this.#seeing);
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
    if (this.#seeing === undefined) throw new RangeError('an observer ends that never began');
    const { observation, audit } = this.#seeing;
    if (!(await this.caughtUp(finishLimitMs)))
      this.#trouble('observers', `did not see everything within ${String(finishLimitMs)} ms`);
    await observeState(main, observation);
    await observeContents(main, observation);
    await audit.anchors(main);
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
    trouble(this.#options, where, cause);
  }
}
