import { jetstreamManager } from '@nats-io/jetstream';
import type { KeyPair } from '@nats-io/nkeys';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Past } from '../bus/past.ts';
import { openReferenceBus, type ReferenceBus } from '../bus/reference-bus.ts';
import type { Namespace, StartedBus } from '../bus/runtime/runtime.ts';
import { admin, answerersAdmin } from '../bus/security/spec.ts';
import { standardBusSteps, type BusSteps } from '../bus/steps.ts';
import { materialise } from '../generate/events/materialise.ts';
import type { Flow, Service } from '../model/flow.ts';
import { countFrom } from '../model/counted-from.ts';
import { HistoryBuilder, type History } from '../model/history.ts';
import { busStreams } from '../model/names.ts';
import { NONE } from '../model/table.ts';
import type { PlannedEvents } from '../model/planned.ts';
import type { Topology } from '../model/topology.ts';
import type { Workload } from '../model/workload.ts';
import { standardFactSteps, type FactSteps } from '../observe/facts.ts';
import { ChainVerifier } from '../observe/audit-chain.ts';
import { nothingBefore, readBefore } from '../observe/before.ts';
import { observe, type Observer } from '../observe/observe.ts';
import type { Validators } from '../observe/validators.ts';
import type { Witness } from '../observe/witness.ts';
import { topologyOf } from '../patterns/topology.ts';
import { Answerer } from './answerer.ts';
import { Changes } from './changes.ts';
import { standingClock, type Clock } from './clock.ts';
import { Drain } from './drain.ts';
import type { Launch, OpenRelays, StartEndpoint } from './endpoint.ts';
import { Injector, type Answerers } from './injector.ts';
import { Instances } from './instances.ts';
import { lagWatchOn } from './lag.ts';
import { performLanes } from './lanes.ts';
import { journalPlanned } from './planned-rows.ts';
import { PlayedApplication } from './played-application.ts';
import { Sender } from './sender.ts';
import { newProgress, problem, type TrialState } from './trial-state.ts';
import { endsWithin } from './within.ts';

/** All steps of a trial together end within so many of its limits for one: no more than two or three ever reach theirs. */
const limitsOfAll = 10;

/** What a calibration changes of the harness's own parts. */
export interface Changed {
  readonly topology?: (topology: Topology) => Topology;
  readonly busSteps?: Partial<BusSteps>;
  readonly factSteps?: Partial<FactSteps>;
}

export interface TrialOptions {
  readonly service: Service;
  readonly flow: Flow;
  readonly workload: Workload;
  readonly bus: StartedBus;
  /** The account in which the trial follows others; absent where it has one of its own. */
  readonly account?: TrialAccount;
  readonly validators: Validators;
  /** Makes the endpoints of a namespace. */
  readonly endpoints: (namespace: Namespace, clock: Clock) => StartEndpoint;
  /** Opens the relays between adapters and bus. Absent: nobody sees the wire, and no fault befalls it. */
  readonly relays?: OpenRelays;
  /** Launches the adapters that take the place of some of the endpoints. */
  readonly launch?: Launch;
  readonly changed?: Changed;
  /** Who looks at the bytes of this trial's events themselves. */
  readonly witness?: (planned: PlannedEvents) => Witness;
  /** Aborted to end the trial early. */
  readonly signal: AbortSignal;
}

/** An account in which trials follow one another, kept apart by their ids and keys. It stays its owner's. */
export interface TrialAccount {
  readonly namespace: Namespace;
  /** Signs the anchors of its one audit trail. */
  readonly key: KeyPair;
  /** What its reference buses have left there so far. */
  readonly past: Past;
  /** Has followed that trail as far as the trials so far saw it. */
  readonly chain: ChainVerifier;
  /** `traceparent` of what was planned in it so far. */
  readonly traces: Set<string>;
}

export interface PerformedTrial {
  readonly history: History;
  /** Wall-clock time of the trial's zero, in milliseconds since the epoch. */
  readonly epochMs: number;
  readonly durationMs: number;
}

/** Performs one workload, in a namespace of its own unless it is given one, and gives its history. What cannot be set up rejects with a Problem. */
export async function performTrial(options: TrialOptions): Promise<PerformedTrial> {
  const { service, flow, workload, validators, account, changed = {} } = options;
  const facts = { ...standardFactSteps, ...changed.factSteps };
  const derived = topologyOf(service);
  const topology = changed.topology?.(derived) ?? derived;
  await using stack = new AsyncDisposableStack();
  const namespace = account?.namespace ?? stack.use(await options.bus.namespace(topology));
  const main = await connected(stack, namespace, admin);
  const answerers = flow.stream === undefined ? await connected(stack, namespace, answerersAdmin) : undefined;
  const steps = { ...standardBusSteps, ...changed.busSteps };
  const history = new HistoryBuilder();
  // The trial's time begins once bus, adapters and observers are ready: what the workload times is not shortened by the setting up.
  const clock = standingClock();
  const onProblem = (where: string, cause: unknown): void => {
    problem({ history, now: clock.now }, where, cause);
  };
  const reference = stack.use(
    await openReferenceBus({
      namespace,
      service,
      topology,
      steps,
      onProblem,
      ...(account === undefined ? {} : { key: account.key, past: account.past }),
    }),
  );
  const before = account === undefined ? nothingBefore : await readBefore(main, answerers, service, account.traces);
  let planned: PlannedEvents | undefined;
  let witness: Witness | undefined;
  const relays = options.relays?.({
    workload,
    history,
    now: clock.now,
    identify: (source, id) => planned?.identify(source, id, undefined) ?? NONE,
  });
  if (relays !== undefined) stack.use(relays);
  const access = async (application: string, instance: number): Promise<Namespace> =>
    (await relays?.through(namespace, application, instance)) ?? namespace;
  const logs: string[] = [];
  const first = firstInstances(service, workload);
  const launched = await options.launch?.({
    access,
    first,
    connection: (application, instance) => relays?.connection(application, instance),
    log: (line) => logs.push(line),
    problem: onProblem,
    signal: AbortSignal.any([options.signal, options.bus.failure]),
  });
  if (launched !== undefined) stack.use(launched);
  const lost = new AbortController();
  const state: TrialState = {
    service,
    flow,
    workload,
    get planned() {
      if (planned === undefined) throw new RangeError('the trial has not begun');
      return planned;
    },
    history,
    clock,
    now: clock.now,
    changes: new Changes(),
    signal: AbortSignal.any([options.signal, options.bus.failure, lost.signal]),
    progress: newProgress(),
    get witness() {
      return witness;
    },
  };
  const observer = stack.use(
    await observe({
      main,
      ...(answerers === undefined ? {} : { answerers }),
      service,
      flow,
      validators,
      facts,
      chain: account?.chain ?? new ChainVerifier(reference.auditKey),
      history,
      before,
      now: clock.now,
    }),
  );
  let lag: Disposable | undefined;
  const begin = (): void => {
    if (planned !== undefined) return;
    clock.start();
    lag = stack.use(lagWatchOn(options.bus).watch({ history, clock, ping: () => main.flush() }));
    planned = materialise(workload, service, clock.epochMs);
    journalPlanned(history, service, planned, clock.epochMs);
    witness = options.witness?.(planned);
    observer.begin({ planned, epochMs: clock.epochMs, ...(witness === undefined ? {} : { witness }) });
  };
  const direct: StartEndpoint = async (which) =>
    options.endpoints(await access(which.application, which.instance), clock)(which);
  const start = launched?.over(direct) ?? direct;
  const instances = instancesOf(state, { validators, facts, start, logs, lost: () => lost.abort() });
  const perform = async (): Promise<void> => {
    await Promise.all(first.map(({ application, instance }) => instances.start(application, instance)));
    const raw = rawAnswerers(state, main, answerers);
    for (const answerer of [raw?.answering, raw?.straight]) {
      if (answerer === undefined) continue;
      stack.use(answerer);
      await answerer.connection.flush();
    }
    const connection = raw?.answering.connection ?? main;
    const injector = new Injector({
      state,
      connection,
      answerers: raw,
      replay: async (application, key) => {
        // What was given up a moment ago may not be a dead letter yet.
        await reference.settle(workload.limitMs);
        const after = before.starts.get(busStreams.deadLetters) ?? 0;
        return (await reference.replay({ flow, application, key, after }))?.length ?? 0;
      },
    });
    const sender = new Sender({ state, instances, validators, facts });
    const drain = new Drain(state, await jetstreamManager(main, { checkAPI: false }));
    begin();
    await performLanes({ state, instances, sender, injector, drain, relays });
    await settle(state, drain, reference, observer);
  };
  const whole = async (): Promise<void> => {
    try {
      await perform();
    } catch (cause) {
      problem(state, 'trial', cause);
    } finally {
      begin();
      await instances[Symbol.asyncDispose]();
      lag?.[Symbol.dispose]();
    }
    await reference.close();
    await observer.finish({ logs });
  };
  const limitMs = workload.limitMs * limitsOfAll;
  if (!(await endsWithin(limitMs, whole()))) {
    problem(state, 'trial', `did not end within ${String(limitMs)} ms`);
    lost.abort();
  }
  await witness?.close(history, clock.now);
  options.bus.failure.throwIfAborted();
  for (const { event } of planned?.list ?? []) {
    const trace = event.headers['traceparent'];
    if (trace !== undefined) account?.traces.add(trace);
  }
  const performed = history.history();
  countFrom(performed, before.starts);
  return { history: performed, epochMs: clock.epochMs, durationMs: clock.now() };
}

async function connected(stack: AsyncDisposableStack, namespace: Namespace, user: string): Promise<NatsConnection> {
  const connection = await connect(namespace.connectionOptions(user));
  stack.defer(() => connection.close());
  return connection;
}

function instancesOf(
  state: TrialState,
  options: { validators: Validators; facts: FactSteps; start: StartEndpoint; logs: string[]; lost: () => void },
): Instances {
  const { validators, facts, start, logs, lost } = options;
  const applications = new Map(
    state.service.applications.map(({ name }) => [
      name,
      new PlayedApplication({
        name,
        state,
        validators,
        facts,
        crash: (instance) => instances.crashAndRestart(name, instance),
        flooded: (instance, handovers) => instances.flooded(name, instance, handovers),
      }),
    ]),
  );
  const instances: Instances = new Instances({ state, start, applications, log: (line) => logs.push(line), lost });
  return instances;
}

/** Every application has one instance from the start, unless the workload says otherwise. */
function firstInstances(
  { applications }: Service,
  { instances }: Workload,
): readonly { readonly application: string; readonly instance: number }[] {
  return applications.flatMap(({ name }) =>
    Array.from({ length: instances[name] ?? 1 }, (_, instance) => ({ application: name, instance })),
  );
}

/** Where the workload answers requests past every adapter, the harness takes the place of the answering application. */
function rawAnswerers(
  state: TrialState,
  main: NatsConnection,
  answerers: NatsConnection | undefined,
): Answerers | undefined {
  const asked = state.workload.lanes.some((lane) => lane.some((step) => step.do === 'inject-reply'));
  if (!asked || answerers === undefined) return undefined;
  const on = (connection: NatsConnection): Answerer => new Answerer(connection, state.flow, state.changes);
  return { answering: on(answerers), straight: on(main) };
}

/** After the last step: everything settled, then everything recorded, then everything seen. */
async function settle(state: TrialState, drain: Drain, reference: ReferenceBus, observer: Observer): Promise<void> {
  const { history, clock, workload } = state;
  const wait = async (
    what: 'drain' | 'observer',
    detail: string,
    reach: (limitMs: number) => Promise<boolean>,
  ): Promise<boolean> => {
    const at = clock.now();
    const reached = await reach(workload.limitMs);
    history.append('wait', { at, done: clock.now(), what, detail, reached: reached ? 'yes' : 'no' });
    return reached;
  };
  const drained = await wait('drain', 'drained', (limitMs) => drain.reached(limitMs));
  await wait('observer', 'audit recorder and dead-letter router', (limitMs) => reference.settle(limitMs));
  // What the router stored of late may be replayed or settled only now. What has not come by then comes no more.
  if (drained) await wait('drain', 'drained after the router', (limitMs) => drain.reached(limitMs));
  await wait('observer', 'observers', (limitMs) => observer.caughtUp(limitMs));
}
