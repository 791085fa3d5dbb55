import type { Rate } from '../model/counterexample.ts';
import type { Workload } from '../model/workload.ts';
import { passes, type Pass } from './passes.ts';
import { projections } from './concern.ts';

/** What one performance of a workload came to. */
export interface Tried<T> {
  /** Whether the clause failed again. */
  readonly failed: boolean;
  readonly told: T;
}

export interface ShrinkOptions<T> {
  /** The workload that failed, and the messages that its failure names. */
  readonly workload: Workload;
  readonly concerned: ReadonlySet<number>;
  /** Performs a workload on the real system. Aborted when its result is wanted no more; undefined where it cannot be performed. */
  readonly attempt: (workload: Workload, signal: AbortSignal) => Promise<Tried<T> | undefined>;
  /** The same for what is left at last; default `attempt`. */
  readonly confirm?: ShrinkOptions<T>['attempt'];
  /**
   * Whether the clause holds where nothing is wrong with the adapters. A workload under which it does not is no counterexample of
   * theirs: the next larger one is taken. Absent where there is nothing to compare with.
   */
  readonly control?: (workload: Workload, signal: AbortSignal) => Promise<boolean>;
  /** Performances that run side by side. */
  readonly width: number;
  readonly budget: Budget;
  /** Milliseconds of some clock. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onProgress?: (workload: Workload, runs: number) => void;
}

/** Shrinking ends at the first of these. */
export interface Budget {
  readonly runs: number;
  readonly ms: number;
}

export interface Shrunk<T> {
  readonly workload: Workload;
  /** Of the performances of exactly this workload, how many failed; the last that failed. */
  readonly rate: Rate;
  readonly told: T | undefined;
  /** Whether the clause holds for healthy adapters under this workload; absent where that was not tried. */
  readonly control?: boolean;
  /** Performances in all. */
  readonly runs: number;
  readonly ms: number;
  /** Nothing simpler fails, as far as the passes go; false where the budget was used up before. */
  readonly minimal: boolean;
}

/** Tries that show whether it fails always, and of the last one that confirm it: as many as a replay is asked for. */
const firstTries = 3;
const mostFirstTries = 9;
const lastTries = 20;
/** Share of runs and time that is kept for the confirmation. */
const confirmation = 0.3;
/** Most tries of one step where the failure shows only sometimes. */
const mostTries = 8;
/** How sure a step that did not fail is to be no counterexample, where the failure shows only sometimes. */
const missed = 0.1;

/**
 * The smallest workload that still fails, by delta debugging on the data of the workload. It works on the workload and not on the
 * values that made it, so that what a hand-written scenario found is shrunk like what a property found. Every step is performed on
 * the real system; of a failure that shows only sometimes, each is tried several times.
 */
export async function shrink<T>(options: ShrinkOptions<T>): Promise<Shrunk<T>> {
  return new Shrinking(options).run();
}

class Shrinking<T> {
  readonly #options: ShrinkOptions<T>;
  /** Of the budget, what the search may use: the rest is kept to confirm what it finds. */
  #runsLeftAt: number;
  #endAt: number;
  readonly #beganAt: number;
  /** Workloads that need no further try: they did not fail, or are no simpler than the smallest. */
  readonly #known = new Set<string>();
  /** Every smaller workload that failed, the smallest last. */
  readonly #steps: { readonly workload: Workload; readonly told: T }[] = [];
  #runs = 0;
  #tries = 1;

  constructor(options: ShrinkOptions<T>) {
    this.#options = options;
    this.#beganAt = options.now();
    this.#endAt = this.#beganAt + options.budget.ms * (1 - confirmation);
    this.#runsLeftAt = Math.max(1, Math.floor(options.budget.runs * (1 - confirmation)));
  }

  async run(): Promise<Shrunk<T>> {
    const { workload, concerned } = this.#options;
    this.#known.add(JSON.stringify(workload));
    // What the failure names is tried before anything else: where that is enough, all that follows takes a fraction of the time.
    const project: Pass = (from) => (from === workload ? projections(from, concerned) : []);
    let smallest = await this.#pass(project, workload);
    const first = await this.#rateOf(smallest, firstTries, mostFirstTries);
    if (smallest === workload && first.rate.failed === 0) return this.#result(workload, first, false);
    const always = first.rate.failed === first.rate.tried;
    const often = Math.max(1, first.rate.failed) / Math.max(1, first.rate.tried);
    this.#tries = always ? 1 : Math.min(mostTries, Math.ceil(Math.log(missed) / Math.log(1 - often)));
    let before;
    do {
      before = smallest;
      for (const pass of passes) smallest = await this.#pass(pass, smallest);
    } while (smallest !== before && !this.#isOver());
    const minimal = !this.#isOver();
    this.#endAt = this.#beganAt + this.#options.budget.ms;
    this.#runsLeftAt = this.#options.budget.runs;
    return this.#confirmed(always, minimal);
  }

  /** Takes simplifications of one kind as long as they fail. */
  async #pass(pass: Pass, from: Workload): Promise<Workload> {
    let smallest = from;
    for (;;) {
      const found = await this.#firstFailing(pass(smallest));
      if (found === undefined) return smallest;
      smallest = found;
      this.#options.onProgress?.(smallest, this.#runs);
    }
  }

  /** The first of the workloads that fails; several are performed side by side. */
  async #firstFailing(candidates: Iterable<Workload>): Promise<Workload | undefined> {
    const { width } = this.#options;
    let batch: Workload[] = [];
    for (const candidate of candidates) {
      if (this.#isOver()) return undefined;
      const text = JSON.stringify(candidate);
      if (candidate.messages.length === 0 || this.#known.has(text)) continue;
      batch.push(candidate);
      if (batch.length < width) continue;
      const found = await this.#firstOf(batch);
      if (found !== undefined) return found;
      batch = [];
    }
    return this.#firstOf(batch);
  }

  async #firstOf(batch: readonly Workload[]): Promise<Workload | undefined> {
    const aborts = batch.map(() => new AbortController());
    const results = await Promise.all(
      batch.map(async (workload, at) => {
        const result = await this.#failing(workload, aborts[at]?.signal);
        // Those that come after one that fails are wanted no more.
        if (result !== undefined) for (const abort of aborts.slice(at + 1)) abort.abort();
        return result;
      }),
    );
    for (const [at, workload] of batch.entries()) {
      const told = results[at];
      if (told !== undefined) {
        this.#steps.push({ workload, told: told.told });
        this.#known.add(JSON.stringify(workload));
        return workload;
      }
      if (aborts[at]?.signal.aborted === false) this.#known.add(JSON.stringify(workload));
    }
    return undefined;
  }

  /** Tries a workload until it fails, as often as the failure's rate asks for. */
  async #failing(workload: Workload, signal?: AbortSignal): Promise<Tried<T> | undefined> {
    const unwanted = (): boolean => this.#isOver() || signal?.aborted === true;
    for (let tries = 0; tries < this.#tries && !unwanted(); tries++) {
      const tried = await this.#attempt(workload, signal);
      if (tried?.failed === true) return tried;
    }
    return undefined;
  }

  async #attempt(
    workload: Workload,
    signal?: AbortSignal,
    perform = this.#options.attempt,
  ): Promise<Tried<T> | undefined> {
    this.#runs++;
    const over = AbortSignal.any([
      this.#options.signal,
      AbortSignal.timeout(Math.max(1, Math.ceil(this.#endAt - this.#options.now()))),
      ...(signal === undefined ? [] : [signal]),
    ]);
    const tried = await perform(workload, over);
    // What was ended early says nothing.
    return over.aborted ? undefined : tried;
  }

  /** How often a workload fails: `tries` times, and where it has not failed by then up to `most` times; `always`: until it does not. */
  async #rateOf(
    workload: Workload,
    tries: number,
    most: number,
    { always = false, perform = this.#options.attempt } = {},
  ): Promise<{ rate: Rate; told: T | undefined }> {
    let [failed, tried] = [0, 0];
    let told: T | undefined;
    const enough = (): boolean => always && failed < tried;
    while (!this.#isOver() && !enough() && (tried < tries || (failed === 0 && tried < most))) {
      const count = Math.min(this.#options.width, (tried < tries ? tries : most) - tried);
      const results = await Promise.all(
        Array.from({ length: count }, () => this.#attempt(workload, undefined, perform)),
      );
      for (const result of results) {
        if (result === undefined) continue;
        tried++;
        if (!result.failed) continue;
        failed++;
        told = result.told;
      }
    }
    return { rate: { failed, tried }, told };
  }

  /** The smallest of the steps that fails as reliably as the first workload did, and that healthy adapters pass. */
  async #confirmed(always: boolean, minimal: boolean): Promise<Shrunk<T>> {
    const { confirm = this.#options.attempt } = this.#options;
    for (const { workload, told } of this.#steps.toReversed()) {
      // The one that failed when it was found counts: past the budget it is all that is known.
      const more = await this.#rateOf(workload, lastTries, lastTries, { always, perform: confirm });
      const rate = { failed: more.rate.failed + 1, tried: more.rate.tried + 1 };
      if (always && rate.failed < rate.tried && !this.#isOver()) continue;
      const control = await this.#control(workload);
      if (control === false && !this.#isOver()) continue;
      return this.#result(workload, { rate, told: more.told ?? told }, minimal, control);
    }
    const { workload } = this.#options;
    const known = await this.#rateOf(workload, lastTries, lastTries, { always, perform: confirm });
    return this.#result(workload, known, minimal && this.#steps.length === 0, await this.#control(workload));
  }

  async #control(workload: Workload): Promise<boolean | undefined> {
    const { control, signal } = this.#options;
    if (control === undefined || this.#isOver()) return undefined;
    this.#runs++;
    return control(workload, signal);
  }

  #result(
    workload: Workload,
    { rate, told }: { rate: Rate; told: T | undefined },
    minimal: boolean,
    control?: boolean,
  ): Shrunk<T> {
    const ms = this.#options.now() - this.#beganAt;
    return { workload, rate, told, runs: this.#runs, ms, minimal, ...(control === undefined ? {} : { control }) };
  }

  #isOver(): boolean {
    const { now, signal } = this.#options;
    return signal.aborted || this.#runs >= this.#runsLeftAt || now() >= this.#endAt;
  }
}
