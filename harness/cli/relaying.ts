import type { AdapterFile } from '../adapters/launch/adapter-file.ts';
import type { Relayed } from '../explore/stage.ts';
import type { LeftOut } from '../model/run.ts';
import type { Workload } from '../model/workload.ts';
import type { TrialPlan } from '../../scenarios/plan.ts';

export interface RelayOptions {
  /** Absent: on every adapter that is started, but for open loops. */
  readonly relay?: boolean;
  readonly bus: string;
}

/** Where relays stand in a run, and what goes unseen without them. */
export class Relaying {
  readonly #options: RelayOptions;
  readonly #adapters: readonly AdapterFile[];
  /** Why no adapter of the run has one; undefined where they may. */
  readonly #whyNone: string | undefined;

  constructor(options: RelayOptions, adapters: readonly AdapterFile[]) {
    this.#options = options;
    this.#adapters = adapters;
    this.#whyNone =
      options.relay === false
        ? '--no-relay'
        : options.bus.startsWith('tls://')
          ? 'what goes over TLS is closed to a relay'
          : undefined;
  }

  /** Splits trials into those that can be performed so, and those that rest on what a relay does. */
  allowed(plans: readonly TrialPlan[]): { readonly plans: readonly TrialPlan[]; readonly leftOut: readonly LeftOut[] } {
    const why = this.#whyNone;
    if (why === undefined) return { plans, leftOut: [] };
    const { kept = [], left = [] } = Object.groupBy(plans, ({ scenario, service, flow, header }) =>
      restsOnRelays(scenario.workload(service, flow, header.seed)) ? 'left' : 'kept',
    );
    return {
      plans: kept,
      leftOut: left.map(({ header, flow, scenario }) => ({
        trial: header.id,
        flow: flow.id,
        scenario: scenario.name,
        clauses: header.clauses,
        reason: `no relay (${why}): the connections of adapters are neither cut nor delayed`,
      })),
    };
  }

  /** Of one trial. An adapter given by URL is connected already. */
  of(service: string, workload: Workload): Relayed {
    const own = this.#adapters.filter((adapter) => adapter.service === service);
    const started = own.filter(({ start }) => start.by !== 'url');
    const costly = this.#options.relay !== true && isOpenLoop(workload);
    if (this.#whyNone !== undefined || (costly && workload.wire === undefined))
      return { unobserved: own.length > 0 || workload.wire !== undefined ? ['wire'] : [] };
    return {
      applications: started.map(({ application }) => application),
      unobserved: started.length < own.length ? ['wire'] : [],
    };
  }
}

const restsOnRelays = ({ wire = [], lanes }: Workload): boolean =>
  wire.length > 0 ||
  lanes.some((lane) =>
    lane.some(
      (step) =>
        step.do === 'cut' || (step.do === 'start' && (step.holdMs !== undefined || step.refuseMs !== undefined)),
    ),
  );

/** Under load a relay costs what the harness needs itself. */
const isOpenLoop = ({ lanes }: Workload): boolean => lanes.some((lane) => lane.some((step) => step.do === 'open-loop'));
