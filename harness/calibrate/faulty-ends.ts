import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Launcher } from '../adapters/launch/launcher.ts';
import { ownAdapter } from '../adapters/launch/adapter-file.ts';
import { writeEffective } from '../contracts/index.ts';
import type { Launch } from '../engine/endpoint.ts';
import type { Service } from '../model/flow.ts';
import type { Defect } from './defect.ts';

const program = fileURLToPath(new URL('./faulty-adapter.ts', import.meta.url));

/** How long an adapter with a defect has for its end, in milliseconds. */
const faultyStopMs = 3000;
/** How long an adapter has to come up: a busy machine is not what is calibrated. */
const startMs = 60_000;

/** Programs at every end of a service that all have one defect, or none: the reference adapter behind its application port. */
export class FaultyEnds implements AsyncDisposable {
  readonly #folder: string;
  readonly #contracts: string;
  readonly #written = new Map<string, Promise<string>>();

  private constructor(folder: string, contracts: string) {
    this.#folder = folder;
    this.#contracts = contracts;
  }

  /** @param contracts folder of the contracts, of which the adapters read the effective documents */
  static async open(contracts: string): Promise<FaultyEnds> {
    return new FaultyEnds(await mkdtemp(join(tmpdir(), 'busworthy-calibrate-')), contracts);
  }

  /** The ends of one trial. */
  async of(service: Service, defect: Defect | undefined): Promise<AsyncDisposable & { readonly launch: Launch }> {
    const command = [process.execPath, program, ...(defect === undefined ? [] : [defect.name])];
    const adapters = service.applications.map(({ name }) => ({
      ...ownAdapter(service.name, name, command),
      // One that does not end is not waited for as long as the port has it.
      ...(defect === undefined ? {} : { stopMs: faultyStopMs }),
      startMs,
    }));
    const document = await this.#documentOf(service);
    const launcher = new Launcher(adapters);
    return {
      launch: launcher.over(service, document),
      [Symbol.asyncDispose]: () => launcher[Symbol.asyncDispose](),
    };
  }

  #documentOf(service: Service): Promise<string> {
    const known = this.#written.get(service.name) ?? this.#write(service);
    this.#written.set(service.name, known);
    return known;
  }

  async #write(service: Service): Promise<string> {
    const target = join(this.#folder, service.name);
    await writeEffective(service, join(this.#contracts, service.name), target);
    return join(target, 'asyncapi.yaml');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
