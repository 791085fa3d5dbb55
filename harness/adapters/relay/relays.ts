import type { Namespace } from '../../bus/runtime/runtime.ts';
import { connectionOf } from '../../model/connection.ts';
import type { HistoryBuilder } from '../../model/history.ts';
import type { Workload } from '../../model/workload.ts';
import { WireFaults } from './faults.ts';
import { Holds } from './holds.ts';
import { Relay, type RelayTrial } from './relay.ts';

/** What relays need to know of their trial. */
export interface RelayedTrial {
  readonly workload: Workload;
  readonly history: HistoryBuilder;
  /** Milliseconds since the trial's start; 0 before it. */
  readonly now: () => number;
  /** The planned message with this source and id; NONE. */
  readonly identify: (source: string, id: string) => number;
}

/**
 * Relays of the applications that have one, or of all where the workload asks for it: one for each instance, over all of its lives,
 * and over all trials that it lives through.
 */
export class Relays implements AsyncDisposable {
  readonly #applications: readonly string[];
  readonly #relays = new Map<string, Promise<Relay>>();
  #all: boolean;
  #trial: RelayTrial;

  constructor(applications: readonly string[], trial: RelayedTrial) {
    this.#applications = applications;
    this.#all = isWatched(trial);
    this.#trial = relayTrial(trial);
  }

  /** Goes on to another trial. */
  begin(trial: RelayedTrial): void {
    this.#all = isWatched(trial);
    this.#trial = relayTrial(trial);
    // What the trial before refused for a while was refused by its clock.
    for (const relay of this.#relays.values()) void relay.then((opened) => opened.resume());
  }

  /** The namespace as an instance of an application meets it: through its relay, where it has one. It stays its owner's. */
  async through(namespace: Namespace, application: string, instance: number): Promise<Namespace> {
    if (!this.#isRelayed(application)) return namespace;
    const name = `${application} ${String(instance)}`;
    const relay =
      this.#relays.get(name) ?? Relay.open({ url: namespace.url, application, instance, trial: () => this.#trial });
    this.#relays.set(name, relay);
    const { url } = await relay;
    return {
      url,
      ...(namespace.tls === undefined ? {} : { tls: namespace.tls }),
      connectionOptions: (user) => ({ ...namespace.connectionOptions(user), servers: url }),
      credentials: (user) => namespace.credentials(user),
      credentialsFile: (user) => namespace.credentialsFile(user),
      inboxPrefix: (user) => namespace.inboxPrefix(user),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  connection(application: string, instance: number): string | undefined {
    if (!this.#isRelayed(application)) return undefined;
    return connectionOf(this.#trial.history.history(), application, instance);
  }

  #isRelayed(application: string): boolean {
    return this.#all || this.#applications.includes(application);
  }

  refuse(application: string, instance: number, refuseMs: number): Promise<void> | undefined {
    return this.#isRelayed(application) ? this.#trial.holds.refuse(application, instance, refuseMs) : undefined;
  }

  hold(application: string, instance: number, holdMs: number, of?: string): Promise<void> | undefined {
    return this.#isRelayed(application) ? this.#trial.holds.silence(application, instance, holdMs, of) : undefined;
  }

  async cut(application: string, instance: number, refuseMs: number): Promise<boolean> {
    const relay = await this.#relays.get(`${application} ${String(instance)}`);
    return relay?.cut('end', refuseMs) ?? false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#relays.values()].map(async (relay) => (await relay).close()));
  }
}

/**
 * Relays on the connections of the adapters of these applications, which are those under test; on those of all, where the workload asks
 * for what a relay sees or does.
 */
export const relaysOn =
  (applications: readonly string[]) =>
  (trial: RelayedTrial): Relays | undefined =>
    applications.length === 0 && !isWatched(trial) ? undefined : new Relays(applications, trial);

/** The workload asks for what a relay sees or does, on every connection. */
const isWatched = ({ workload }: RelayedTrial): boolean => workload.wire !== undefined;

function relayTrial({ workload, history, now, identify }: RelayedTrial): RelayTrial {
  const senderOf = (message: number): string => workload.messages[message]?.application ?? '';
  return {
    history,
    now,
    identify,
    holds: new Holds(),
    faults: new WireFaults(workload.wire ?? [], { history, now, senderOf }),
  };
}
