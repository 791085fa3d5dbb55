import type { LaunchedAdapters } from '../adapters/launch/launched-adapters.ts';
import { Relays } from '../adapters/relay/relays.ts';
import { Past } from '../bus/past.ts';
import type { Namespace, StartedBus } from '../bus/runtime/runtime.ts';
import { newUserKey } from '../bus/security/keys.ts';
import type { Launch, OpenRelays } from '../engine/endpoint.ts';
import type { TrialAccount } from '../engine/trial.ts';
import type { JournalTrial } from '../evidence/journal-reader.ts';
import { namesOf } from '../generate/workload/anew.ts';
import type { Service } from '../model/flow.ts';
import { leavesNothing } from '../model/left-behind.ts';
import type { Workload } from '../model/workload.ts';
import { ChainVerifier } from '../observe/audit-chain.ts';
import { topologyOf } from '../patterns/topology.ts';

/** One account, and one life of the adapters of its service, for performances that follow one another. */
export class Life implements AsyncDisposable {
  readonly account: TrialAccount;
  readonly service: string;
  readonly launch: Launch;
  readonly #adapters: LaunchedAdapters;
  readonly #used = new Set<string>();
  #relays: Relays | undefined;
  #performed = 0;
  #instances: Workload['instances'] = {};

  private constructor(service: Service, namespace: Namespace, adapters: LaunchedAdapters) {
    this.service = service.name;
    const key = newUserKey();
    this.account = {
      namespace,
      key,
      past: new Past(),
      chain: new ChainVerifier(key.getPublicKey()),
      traces: new Set(),
    };
    this.#adapters = adapters;
    this.launch = async (trial) => {
      await adapters.begin(trial);
      return { over: (others) => adapters.over(others), [Symbol.asyncDispose]: () => Promise.resolve() };
    };
  }

  static async begin(bus: StartedBus, service: Service, adapters: LaunchedAdapters): Promise<Life> {
    return new Life(service, await bus.namespace(topologyOf(service)), adapters);
  }

  /** Performances so far. */
  get performed(): number {
    return this.#performed;
  }

  /** Whether as many instances of each application run as a workload asks for. */
  runs({ instances }: Workload): boolean {
    const applications = new Set([...Object.keys(instances), ...Object.keys(this.#instances)]);
    return [...applications].every((name) => (instances[name] ?? 1) === (this.#instances[name] ?? 1));
  }

  /** Whether one of the workload's ids or keys was there before. */
  knows(workload: Workload): boolean {
    return namesOf(workload).some((name) => this.#used.has(name));
  }

  /** Relays on the adapters of these applications, which outlive a performance as these do. */
  relaysOn(applications: readonly string[]): OpenRelays {
    return (trial) => {
      if (this.#relays === undefined) this.#relays = new Relays(applications, trial);
      else this.#relays.begin(trial);
      const relays = this.#relays;
      return {
        through: (namespace, application, instance) => relays.through(namespace, application, instance),
        connection: (application, instance) => relays.connection(application, instance),
        refuse: (application, instance, refuseMs) => relays.refuse(application, instance, refuseMs),
        hold: (application, instance, holdMs, of) => relays.hold(application, instance, holdMs, of),
        cut: (application, instance, refuseMs) => relays.cut(application, instance, refuseMs),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      };
    };
  }

  /** A performance is over. False where the next one would meet what it has left: then another life has to begin. */
  ended(workload: Workload, { history, end }: JournalTrial): boolean {
    this.#performed++;
    this.#instances = workload.instances;
    for (const name of namesOf(workload)) this.#used.add(name);
    return end !== undefined && leavesNothing(history);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#adapters[Symbol.asyncDispose]();
    await this.#relays?.[Symbol.asyncDispose]();
    await this.account.namespace[Symbol.asyncDispose]();
  }
}
