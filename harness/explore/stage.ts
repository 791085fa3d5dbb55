import { directEndpoints } from '../adapters/direct.ts';
import { relaysOn } from '../adapters/relay/relays.ts';
import type { StartedBus } from '../bus/runtime/runtime.ts';
import { createCheck, createValidators } from '../contracts/index.ts';
import { startClock, timestamp } from '../engine/clock.ts';
import type { Launch } from '../engine/endpoint.ts';
import { performTrial, type Changed } from '../engine/trial.ts';
import { judgeTrial } from '../evidence/judge.ts';
import type { JournalTrial } from '../evidence/journal-reader.ts';
import { anew } from '../generate/workload/anew.ts';
import { seedOf } from '../generate/random.ts';
import type { Check } from '../model/check.ts';
import type { Flow, Service } from '../model/flow.ts';
import type { JudgedTrial } from '../model/judgement.ts';
import type { TrialHeader } from '../model/run.ts';
import type { Unobserved } from '../model/verdict.ts';
import type { Workload } from '../model/workload.ts';
import type { Validators } from '../observe/validators.ts';
import { PactJudges } from '../pact/judges.ts';
import { standardSteps, type Steps } from '../patterns/steps.ts';
import type { Life } from './life.ts';
import type { Lives } from './lives.ts';

export interface StageOptions {
  readonly services: readonly Service[];
  readonly bus: StartedBus;
  /** Launches the adapters under test of a service, anew for each performance; absent where the harness stands at every end itself. */
  readonly launch?: (service: Service) => Launch | undefined;
  /** Lives of adapters under test that many performances share, in place of a launch for each. */
  readonly lives?: Lives | undefined;
  /** Where relays stand in a performance, and what goes unseen without them; absent: where its workload asks for what they do. */
  readonly relaying?: (service: string, workload: Workload) => Relayed;
  /** Who judges pacts; absent: judges of its own. */
  readonly judges?: PactJudges;
  /** What a calibration has broken. */
  readonly breaks?: { readonly steps?: Partial<Steps> } & Changed;
}

/** Where relays stand in one performance. */
export interface Relayed {
  /** Applications whose adapters have one, beside what the workload asks for; absent: none, whatever it asks for. */
  readonly applications?: readonly string[];
  readonly unobserved: readonly Unobserved[];
}

/** One workload to be performed, under a trial's header. */
export interface Performance {
  readonly header: Omit<TrialHeader, 'startedAt'>;
  readonly service: Service;
  readonly flow: Flow;
  readonly workload: Workload;
  /** It may have been performed before in the same life: then it gets other ids and keys. */
  readonly again?: true;
}

/** What is made once for each service, and serves every stage that is made from another. */
interface Made {
  readonly judges: PactJudges;
  readonly checks: Map<string, Check>;
  readonly validators: Map<string, Promise<Validators>>;
  /** Performances that got other ids and keys. */
  again: number;
}

/** Performs workloads on one bus with the same adapters at its ends, each in a namespace of its own, and judges them. */
export class Stage {
  readonly bus: StartedBus;
  readonly #options: StageOptions;
  readonly #made: Made;

  constructor(
    options: StageOptions,
    made: Made = { judges: options.judges ?? new PactJudges(), checks: new Map(), validators: new Map(), again: 0 },
  ) {
    this.#options = options;
    this.bus = options.bus;
    this.#made = made;
  }

  /** The same bus and services with other things broken, and others at the ends. */
  with(changed: Pick<StageOptions, 'launch' | 'lives' | 'relaying' | 'breaks'>): Stage {
    return new Stage({ ...this.#options, ...changed }, this.#made);
  }

  /** The header that a performance gets: when it begins, and what of the bus will not be seen. */
  headerOf({ header, service, workload }: Performance): TrialHeader {
    const { unobserved } = this.#relayed(service, workload);
    const unseen: readonly Unobserved[] =
      this.bus.runtime === 'external' ? ['answers', 'denials', ...unobserved] : unobserved;
    return { ...header, startedAt: timestamp(), ...(unseen.length === 0 ? {} : { unobserved: unseen }) };
  }

  /** What cannot be set up rejects with a Problem; a performance that is aborted ends early, and proves nothing. */
  async perform(what: Performance, signal: AbortSignal, header = this.headerOf(what)): Promise<JournalTrial> {
    const { lives } = this.#options;
    if (lives === undefined || !fitsLife(what.workload)) return this.#performIn(undefined, what, signal, header);
    const workload =
      what.again === true
        ? anew(what.workload, what.service, seedOf(what.header.seed, `again ${String(this.#made.again++)}`))
        : what.workload;
    const life = await lives.take(what.service, workload);
    let sound = false;
    try {
      const trial = await this.#performIn(life, { ...what, workload }, signal, header);
      sound = life.ended(workload, trial) && !signal.aborted;
      return trial;
    } finally {
      await lives.give(life, sound);
    }
  }

  async #performIn(
    life: Life | undefined,
    what: Performance,
    signal: AbortSignal,
    header: TrialHeader,
  ): Promise<JournalTrial> {
    const { service, flow } = what;
    const { workload, witness } = await this.#made.judges.of(
      flow,
      what.workload,
      this.#checkOf(service),
      startClock().epochMs,
    );
    const { launch, breaks = {} } = this.#options;
    const { steps, ...changed } = breaks;
    const launched = life?.launch ?? launch?.(service);
    const { applications } = this.#relayed(service, workload);
    const relays = applications && (life?.relaysOn(applications) ?? relaysOn(applications));
    const { history, epochMs, durationMs } = await performTrial({
      service,
      flow,
      workload,
      bus: this.bus,
      ...(life === undefined ? {} : { account: life.account }),
      validators: await this.#validatorsOf(service),
      endpoints: directEndpoints(service, this.#checkOf(service), { ...standardSteps, ...steps }),
      ...(relays === undefined ? {} : { relays }),
      ...(launched === undefined ? {} : { launch: launched }),
      changed,
      witness,
      signal,
    });
    return { header, history, end: { durationMs, epochMs } };
  }

  judge(trial: JournalTrial): JudgedTrial {
    return judgeTrial(this.#options.services, trial);
  }

  #relayed(service: Service, workload: Workload): Relayed {
    const { relaying } = this.#options;
    return relaying?.(service.name, workload) ?? { applications: [], unobserved: [] };
  }

  #checkOf(service: Service): Check {
    const check = this.#made.checks.get(service.name) ?? createCheck(service);
    this.#made.checks.set(service.name, check);
    return check;
  }

  #validatorsOf(service: Service): Promise<Validators> {
    const validators = this.#made.validators.get(service.name) ?? createValidators(service);
    this.#made.validators.set(service.name, validators);
    return validators;
  }
}

/** What an open loop takes for itself is known of an account of its own alone. */
const fitsLife = ({ lanes }: Workload): boolean => !lanes.some((lane) => lane.some((step) => step.do === 'open-loop'));
