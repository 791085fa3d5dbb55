import { readFile, writeFile } from 'node:fs/promises';
import { withPactsOf } from '../contracts/index.ts';
import { Problem } from '../model/errors.ts';
import type { Flow, Service } from '../model/flow.ts';
import type { PlannedEvents } from '../model/planned.ts';
import type { Workload } from '../model/workload.ts';
import type { Witness } from '../observe/witness.ts';
import { pactWitness, type Counterexample } from '../pact/pact-witness.ts';
import { askProviderApplication } from '../pact/provider-application.ts';
import { Verifiers } from '../pact/verifiers.ts';
import { unwritable } from './unwritable.ts';

export interface PactOptions {
  /** Pact files in place of those of the service's folder. */
  readonly pact?: readonly string[];
  /** Where a real provider application is asked for its events. */
  readonly providerApplication?: string;
}

/** Who judges the pacts of one run. The processes of Pact's verifier start with the first question, and end with this. */
export class PactJudges implements AsyncDisposable {
  /** What was not as a pact expects, with its values: for people, and for no journal. */
  readonly counterexamples: Counterexample[] = [];
  readonly #verifiers = new Verifiers();
  readonly #options: PactOptions;

  constructor(options: PactOptions) {
    this.#options = options;
  }

  /** A trial's workload, with what a real provider application gives where one is asked; and its witness. */
  async of(
    flow: Flow,
    workload: Workload,
  ): Promise<{ readonly workload: Workload; readonly witness: (planned: PlannedEvents) => Witness }> {
    const { providerApplication: url } = this.#options;
    const isProvider = workload.messages.some(({ pact }) => pact?.as === 'stimulus');
    const asked = url !== undefined && isProvider ? await askProviderApplication(url, flow, workload) : undefined;
    const witness = (planned: PlannedEvents): Witness =>
      pactWitness({
        flow,
        planned,
        verifiers: this.#verifiers,
        source: asked === undefined ? 'document' : 'application',
        ...(asked === undefined ? {} : { refused: asked.refused }),
        onCounterexample: (found) => this.counterexamples.push(found),
      });
    return { workload: asked?.workload ?? workload, witness };
  }

  /** Writes the counterexamples into the run's folder, if there are any. */
  async write(path: string): Promise<void> {
    if (this.counterexamples.length === 0) return;
    try {
      await writeFile(path, `${JSON.stringify(this.counterexamples, null, 1)}\n`);
    } catch (cause) {
      throw unwritable('the counterexamples', path, cause);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#verifiers[Symbol.asyncDispose]();
  }
}

/** The services with the pacts that the command line names, if it names any. */
export async function withNamedPacts(services: readonly Service[], { pact }: PactOptions): Promise<readonly Service[]> {
  if (pact === undefined) return services;
  const [service, ...others] = services;
  if (service === undefined || others.length > 0) {
    throw new Problem('usage', '--pact names pacts of one service, and this is about several', {
      next: 'name the service: busworthy pact verify SERVICE --pact FILE',
    });
  }
  const files = await Promise.all(
    pact.map(async (file) => {
      const bytes = await readFile(file).catch((cause: unknown) => {
        throw new Problem('usage', `the pact ${file} cannot be read`, {
          next: 'name a file that is there and may be read',
          cause,
        });
      });
      return { file, bytes };
    }),
  );
  const without = { ...service, flows: service.flows.map(({ pacts: _pacts, ...flow }) => flow) };
  return [withPactsOf(without, files)];
}
