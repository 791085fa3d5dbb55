import type { Check } from '../model/check.ts';
import type { Flow } from '../model/flow.ts';
import type { PlannedEvents } from '../model/planned.ts';
import type { Workload } from '../model/workload.ts';
import type { Witness } from '../observe/witness.ts';
import type { ProviderApplication } from './asked-application.ts';
import { pactWitness, type PactMismatch } from './pact-witness.ts';
import { askProviderApplication } from './provider-application.ts';
import { Verifiers } from './verifiers.ts';

/** Who judges the pacts of many trials. The processes of Pact's verifier start with the first question, and end with this. */
export class PactJudges implements AsyncDisposable {
  /** What was not as a pact expects, with its values: for people, and for no journal. */
  readonly mismatches: PactMismatch[] = [];
  readonly #verifiers = new Verifiers();
  readonly #application: ProviderApplication | undefined;

  /** @param application a real provider application that is asked for its events; else they are drawn from the contract */
  constructor(application?: ProviderApplication) {
    this.#application = application;
  }

  /**
   * A trial's workload, with what a real provider application gives where one is asked; and its witness.
   * @param nowMs time of day, in milliseconds since the epoch
   */
  async of(
    flow: Flow,
    workload: Workload,
    check: Check,
    nowMs: number,
  ): Promise<{ readonly workload: Workload; readonly witness: (planned: PlannedEvents) => Witness }> {
    const isProvider = workload.messages.some(({ pact }) => pact?.as === 'stimulus');
    const asked =
      this.#application !== undefined && isProvider
        ? await askProviderApplication(this.#application, flow, workload, check, nowMs)
        : undefined;
    const witness = (planned: PlannedEvents): Witness =>
      pactWitness({
        flow,
        planned,
        verifiers: this.#verifiers,
        source: asked === undefined ? 'document' : 'application',
        ...(asked === undefined ? {} : { refused: asked.refused }),
        onMismatch: (found) => this.mismatches.push(found),
      });
    return { workload: asked?.workload ?? workload, witness };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#verifiers[Symbol.asyncDispose]();
  }
}
