import type { Namespace } from '../../bus/runtime/runtime.ts';
import { connectionOf } from '../../model/connection.ts';
import type { HistoryBuilder } from '../../model/history.ts';
import type { Workload } from '../../model/workload.ts';
import { WireFaults } from './faults.ts';
import { Relay } from './relay.ts';

/** What relays need to know of their trial. */
export interface RelayedTrial {
  readonly workload: Workload;
  readonly history: HistoryBuilder;
  /** Milliseconds since the trial's start; 0 before it. */
  readonly now: () => number;
  /** The planned message with this source and id; NONE. */
  readonly identify: (source: string, id: string) => number;
}

/** The relays of one trial: one for each instance of each application that has one, over all of its lives. */
export class Relays implements AsyncDisposable {
  readonly #trial: RelayedTrial;
  readonly #isRelayed: (application: string) => boolean;
  readonly #faults: WireFaults;
  readonly #relays = new Map<string, Promise<Relay>>();

  constructor(trial: RelayedTrial, isRelayed: (application: string) => boolean) {
    const { workload, history, now } = trial;
    this.#trial = trial;
    this.#isRelayed = isRelayed;
    this.#faults = new WireFaults(workload.wire ?? [], {
      history,
      now,
      senderOf: (message) => workload.messages[message]?.application ?? '',
    });
  }

  /** The namespace as an instance of an application meets it: through its relay, where it has one. It stays its owner's. */
  async through(namespace: Namespace, application: string, instance: number): Promise<Namespace> {
    if (!this.#isRelayed(application)) return namespace;
    const name = `${application} ${String(instance)}`;
    const { history, now, identify } = this.#trial;
    const relay =
      this.#relays.get(name) ??
      Relay.open({ url: namespace.url, application, instance, history, now, identify, faults: this.#faults });
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
  (trial: RelayedTrial): Relays | undefined => {
    if (trial.workload.wire !== undefined) return new Relays(trial, () => true);
    return applications.length === 0 ? undefined : new Relays(trial, (name) => applications.includes(name));
  };
