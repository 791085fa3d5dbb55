import type { JsonObject } from '../../model/json.ts';
import type { BrokerPact } from './fetch-pacts.ts';
import { linkOf, type HalClient } from './hal.ts';

/** What was found of one interaction, without content. */
export interface InteractionResult {
  /** As the broker numbers it; absent where it gave none. */
  readonly id?: string;
  readonly description: string;
  readonly success: boolean;
  readonly mismatches: readonly { readonly path: string; readonly description: string }[];
}

export interface VerificationResult {
  readonly success: boolean;
  readonly providerVersion: string;
  readonly providerVersionBranch?: string;
  readonly buildUrl?: string;
  /** Version of what verified it. */
  readonly verifier: string;
  readonly interactions: readonly InteractionResult[];
}

/** Tells the broker what a verification of a pact came to; first that the provider's version is of a branch, where it is. */
export async function publishResult(client: HalClient, pact: BrokerPact, result: VerificationResult): Promise<void> {
  const { providerVersion, providerVersionBranch, buildUrl } = result;
  const to = linkOf(pact.document, 'pb:publish-verification-results');
  if (to === undefined) throw client.strange('gives a pact without the link pb:publish-verification-results');
  if (providerVersionBranch !== undefined) await joinBranch(client, pact, providerVersion, providerVersionBranch);
  const published = await client.post(to, {
    success: result.success,
    providerApplicationVersion: providerVersion,
    ...(buildUrl === undefined ? {} : { buildUrl }),
    testResults: result.interactions.map(resultOf),
    verifiedBy: { implementation: 'Busworthy', version: result.verifier },
  });
  if (published === undefined) throw client.strange('has not the place to which the results of its pact go');
}

async function joinBranch(client: HalClient, pact: BrokerPact, version: string, branch: string): Promise<void> {
  const provider = linkOf(pact.document, 'pb:provider');
  const to = provider && linkOf(await client.get(provider), 'pb:branch-version', { version, branch });
  if (to === undefined || to === '') throw client.strange('has no link pb:branch-version for the provider');
  await client.put(to, {});
}

const resultOf = ({ id, description, success, mismatches }: InteractionResult): JsonObject => ({
  ...(id === undefined ? {} : { interactionId: id }),
  interactionDescription: description,
  success,
  ...(mismatches.length === 0
    ? {}
    : {
        mismatches: mismatches.map(({ path, description: what }) =>
          path.startsWith('metadata ')
            ? { attribute: 'metadata', identifier: path.slice('metadata '.length), description: what }
            : { attribute: 'body', identifier: path, description: what },
        ),
      }),
});
