import { readFile, writeFile } from 'node:fs/promises';
import { withPactsOf } from '../contracts/index.ts';
import { Problem } from '../model/errors.ts';
import type { Service } from '../model/flow.ts';
import { ProviderApplication } from '../pact/asked-application.ts';
import { PactJudges } from '../pact/judges.ts';
import type { PactMismatch } from '../pact/pact-witness.ts';
import type { Broker } from './broker.ts';
import { unwritable } from './unwritable.ts';

export interface PactOptions {
  /** Pact files in place of those of the service's folder. */
  readonly pact?: readonly string[];
  /** Where a real provider application is asked for its events, and where its provider states are set up. */
  readonly providerApplication?: string;
  readonly providerStatesSetupUrl?: string;
}

/** Who judges the pacts of a run: by what the contract allows, or by what a real provider application gives. */
export function judgesOf({ providerApplication, providerStatesSetupUrl }: PactOptions): PactJudges {
  if (providerApplication === undefined && providerStatesSetupUrl !== undefined) {
    throw new Problem('usage', '--provider-states-setup-url is of a provider application, and none is named', {
      next: 'name the URL at which it gives its messages with --provider-application',
    });
  }
  return new PactJudges(
    providerApplication === undefined
      ? undefined
      : new ProviderApplication(providerApplication, providerStatesSetupUrl),
  );
}

/** Writes what was not as a pact expects, with its values, if there is any. */
export async function writeMismatches(path: string, mismatches: readonly PactMismatch[]): Promise<void> {
  if (mismatches.length === 0) return;
  try {
    await writeFile(path, `${JSON.stringify(mismatches, null, 1)}\n`);
  } catch (cause) {
    throw unwritable('the mismatches of pacts', path, cause);
  }
}

/** The services with the pacts that the command line names, or that a broker has; else those of their folders. */
export async function withNamedPacts(
  services: readonly Service[],
  { pact }: PactOptions,
  broker: Broker | undefined,
  say: (line: string) => void,
): Promise<readonly Service[]> {
  if (broker !== undefined) return broker.withPacts(services, say);
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
