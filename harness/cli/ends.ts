import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
  adapterOf,
  ownAdapter,
  readAdapterFile,
  serviceOf,
  type AdapterFile,
  type ReadAdapter,
} from '../adapters/launch/adapter-file.ts';
import { serviceNames } from '../contracts/index.ts';
import { seedOf } from '../generate/random.ts';
import { Problem } from '../model/errors.ts';
import type { Service } from '../model/flow.ts';
import type { AdapterSummary, LeftOut } from '../model/run.ts';
import type { Workload } from '../model/workload.ts';
import type { TrialPlan } from '../../scenarios/plan.ts';

export interface EndsOptions {
  readonly contracts: string;
  readonly adapter?: readonly string[];
  readonly throughAdapters?: boolean;
  readonly bus: string;
  readonly timeScale: number;
}

/** The adapter.yaml of a command line, read before the services are. */
interface Named {
  readonly read: ReadAdapter;
  readonly service: string;
}

const reference = fileURLToPath(new URL('../adapters/reference/typescript/main.ts', import.meta.url));

/** Who stands at the ends of the services: adapters under test, or the harness itself. */
export class Ends {
  readonly #named: readonly Named[];
  readonly #options: EndsOptions;

  private constructor(options: EndsOptions, named: readonly Named[]) {
    this.#options = options;
    this.#named = named;
  }

  /** Reads every adapter.yaml that is named. Throws `Problems`. */
  static async read(options: EndsOptions): Promise<Ends> {
    const paths = options.adapter ?? [];
    const known = paths.length === 0 ? [] : await serviceNames(options.contracts);
    const named: Named[] = [];
    for (const path of paths) {
      const read = await readAdapterFile(path);
      named.push({ read, service: serviceOf(read, known) });
    }
    return new Ends(options, named);
  }

  /** Services that the adapters under test are of; undefined where that narrows nothing. */
  get services(): readonly string[] | undefined {
    if (this.#named.length === 0 || this.#options.throughAdapters === true) return undefined;
    return [...new Set(this.#named.map(({ service }) => service))];
  }

  /** The adapters at the ends of these services. Throws a Problem for one that none of them has, or that stands at an end twice. */
  async of(services: readonly Service[]): Promise<readonly AdapterFile[]> {
    const adapters: AdapterFile[] = [];
    for (const { read, service: name } of this.#named) {
      const service = services.find((candidate) => candidate.name === name);
      if (service === undefined) {
        throw new Problem('usage', `the adapter of ${read.path} is of ${name}, which is not part of this run`, {
          next: `add ${name} to the services, or leave the adapter out`,
        });
      }
      const adapter = await adapterOf(read, service);
      const other = adapters.find((each) => each.service === name && each.application === adapter.application);
      if (other !== undefined) {
        throw new Problem('usage', `${other.file} and ${adapter.file} are both adapters of ${adapter.application}`, {
          next: 'leave one of them out',
        });
      }
      this.#checkUrl(adapter);
      adapters.push(adapter);
    }
    if (this.#options.throughAdapters !== true) return adapters;
    const others = services.flatMap((service) =>
      service.applications
        .filter(({ name }) => !adapters.some((each) => each.service === service.name && each.application === name))
        .map(({ name }) => ownAdapter(service.name, name, [process.execPath, reference])),
    );
    return [...adapters, ...others];
  }

  #checkUrl({ start, file }: AdapterFile): void {
    const { bus, timeScale } = this.#options;
    if (start.by !== 'url') return;
    if (bus === 'process' || bus === 'container') {
      throw new Problem(
        'usage',
        `the adapter of ${file} is given by url: it cannot be told of a bus that is started here`,
        {
          next: 'name the bus that it is connected to: --bus nats://HOST:PORT',
        },
      );
    }
    if (timeScale !== 1) {
      throw new Problem('usage', `the adapter of ${file} is given by url: it knows durations as they are declared`, {
        next: 'run them so: --time-scale 1',
      });
    }
  }
}

/** A service whose workloads choose those that are under test, where they choose somebody; unless all of them are. */
export function underTest(service: Service, adapters: readonly AdapterFile[]): Service {
  const names = adapters.filter((adapter) => adapter.service === service.name).map(({ application }) => application);
  if (names.length === 0 || service.applications.every(({ name }) => names.includes(name))) return service;
  return { ...service, flows: service.flows.map((flow) => ({ ...flow, underTest: names })) };
}

/** Flows in which one of the adapters takes part; undefined where there is no adapter. */
export function flowsWith(
  adapters: readonly AdapterFile[],
  services: readonly Service[],
): readonly string[] | undefined {
  if (adapters.length === 0) return undefined;
  return services.flatMap((service) => {
    const names = adapters.filter((adapter) => adapter.service === service.name).map(({ application }) => application);
    return service.flows
      .filter(({ senders, receivers }) =>
        [...senders, ...receivers.map(({ application }) => application)].some((name) => names.includes(name)),
      )
      .map(({ id }) => id);
  });
}

/**
 * The seed of a run's trials. An adapter given by URL lives on from one run to the next and remembers ids: each run has events of its own
 * there, whatever its seed.
 */
export function trialSeed(seed: number, run: string, adapters: readonly AdapterFile[]): number {
  return adapters.some(({ start }) => start.by === 'url') ? seedOf(seed, run) : seed;
}

/** What is said of the adapters before the first trial. `lives`: they live through many. */
export function startingLine(adapters: readonly AdapterFile[], lives = false): string {
  const running = adapters.filter(({ start }) => start.by === 'url');
  const started = adapters.filter(({ start }) => start.by !== 'url');
  return [
    ...(started.length === 0
      ? []
      : [
          `starting adapters: ${whose(started)}, ${lives ? 'each to live through many trials' : 'anew for each trial'}`,
        ]),
    ...(running.length === 0
      ? []
      : [`adapters that run already: ${whose(running)}; their events are new ones in each run`]),
  ].join('\n');
}

function whose(adapters: readonly AdapterFile[]): string {
  const named = adapters.filter(({ file }) => file !== '').map(({ application, file }) => `${application} (${file})`);
  const others = adapters.length - named.length;
  return [...named, ...(others === 0 ? [] : [`the reference adapter at ${String(others)} ends`])].join(', ');
}

/** For the report. */
export function summaryOf({ service, application, file, digest, start }: AdapterFile): AdapterSummary {
  const command =
    start.by === 'url' ? start.url : [...(start.by === 'image' ? [start.image] : []), ...start.command].join(' ');
  return { service, application, file, command: file === '' ? 'reference adapter' : command, digest };
}

/** Splits trials into those that the adapters allow and those that they do not. */
export function allowed(
  plans: readonly TrialPlan[],
  adapters: readonly AdapterFile[],
): { readonly plans: readonly TrialPlan[]; readonly leftOut: readonly LeftOut[] } {
  const limited = adapters.filter(({ start, instances }) => start.by === 'url' || instances !== undefined);
  const leftOut: LeftOut[] = [];
  const kept = plans.filter((plan) => {
    const { header, service, flow, scenario } = plan;
    const own = limited.filter((adapter) => adapter.service === service.name);
    if (own.length === 0) return true;
    const workload = scenario.workload(service, flow, header.seed);
    const [reason] = own.flatMap((adapter) => refusalOf(adapter, workload) ?? []);
    if (reason === undefined) return true;
    leftOut.push({ trial: header.id, flow: flow.id, scenario: scenario.name, clauses: header.clauses, reason });
    return false;
  });
  return { plans: kept, leftOut };
}

/** Why an adapter does not allow a workload. */
function refusalOf({ application, start, instances }: AdapterFile, workload: Workload): string | undefined {
  const steps = workload.lanes
    .flat()
    .flatMap((step) =>
      (step.do === 'start' || step.do === 'stop' || step.do === 'crash') && step.application === application
        ? [step]
        : [],
    );
  const cut = workload.lanes.flat().some((step) => step.do === 'cut' && step.application === application);
  const crashes = workload.scripts.some(
    (script) => script.application === application && script.answers.some(({ crash }) => crash !== undefined),
  );
  const most = Math.max(workload.instances[application] ?? 1, ...steps.map(({ instance }) => instance + 1));
  if (start.by === 'url') {
    if (steps.length > 0 || crashes)
      return `given by URL: the adapter of ${application} is neither ended nor started again`;
    if (cut) return `given by URL: the connection of the adapter of ${application} is its own`;
    if (most > 1) return `given by URL: the adapter of ${application} has one instance`;
    if ((workload.instances[application] ?? 1) === 0)
      return `given by URL: the adapter of ${application} runs all along`;
  }
  if (instances !== undefined && most > instances) {
    return `the adapter of ${application} has at most ${instances === 1 ? 'one instance' : `${String(instances)} instances`}, and this asks for ${String(most)}`;
  }
  return undefined;
}

/** Processes of adapters at once for each core: most of a trial is waiting, and what is starved of the cores answers late. */
const processesPerCore = 3;

/** Trials side by side where each starts so many processes. */
export function widthWith(processes: number): number {
  return Math.max(2, Math.floor((availableParallelism() * processesPerCore) / Math.max(1, processes)));
}

/** Processes that a trial starts, at most. */
export function processesOf(adapters: readonly AdapterFile[]): number {
  const started = adapters.filter(({ start }) => start.by !== 'url');
  return Math.max(...started.map(({ service }) => started.filter((each) => each.service === service).length), 0);
}
