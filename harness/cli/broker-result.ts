import type { Service } from '../model/flow.ts';
import type { Interaction, PactSummary } from '../model/pact.ts';
import type { Run } from '../model/run.ts';
import type { InteractionResult, VerificationResult } from '../pact/broker/publish-results.ts';
import type { PactMismatch } from '../pact/pact-witness.ts';

type Found = NonNullable<PactSummary['interaction']>;

/**
 * What a run found of the provider in one pact: a failure where an interaction failed, a success where each one held. Undefined where
 * neither can be said: an interaction that was not judged whole is neither.
 * @param file as the pacts of the services name it
 */
export function resultOf(
  run: Run,
  services: readonly Service[],
  file: string,
  mismatches: readonly PactMismatch[],
): Pick<VerificationResult, 'success' | 'interactions'> | undefined {
  const interactions = services
    .flatMap(({ flows }) => flows)
    .flatMap((flow) =>
      (flow.pacts ?? [])
        .filter((pact) => pact.file === file)
        .flatMap((pact) => {
          const found = (run.pacts ?? []).filter(
            ({ flow: of, interaction }) => of === flow.id && interaction?.pact === pact.name,
          );
          return pact.interactions.map((interaction, at) => {
            const success = successOf(run, flow.id, found[at]?.interaction);
            const own = mismatches.filter(
              (each) =>
                each.flow === flow.id && each.pact === pact.name && each.interaction === interaction.description,
            );
            return { success, result: interactionResult(interaction, success === true, own) };
          });
        }),
    );
  const failed = interactions.some(({ success }) => success === false);
  if (interactions.length === 0 || (!failed && interactions.some(({ success }) => success === undefined)))
    return undefined;
  const decided = interactions.filter(({ success }) => success !== undefined);
  return { success: !failed, interactions: decided.map(({ result }) => result) };
}

/** Undefined where it was not judged whole. */
function successOf({ verdicts }: Run, flow: string, found: Found | undefined): boolean | undefined {
  if (found === undefined) return undefined;
  if (found.held < found.judged) return false;
  const verdict = verdicts.find((each) => each.flow === flow && each.clause === 'CON-1')?.verdict;
  const isDecided = verdict === 'pass' || verdict === 'fail' || (found.pending && verdict === 'not-tested');
  return isDecided && found.asked > 0 && found.judged === found.asked ? true : undefined;
}

/** Of a failure the first message that shows it, without its values: they are content. */
function interactionResult(
  { id, description }: Interaction,
  success: boolean,
  [first]: readonly PactMismatch[],
): InteractionResult {
  return {
    ...(id === undefined ? {} : { id }),
    description,
    success,
    mismatches: success
      ? []
      : (first?.mismatches ?? []).map(({ path, expected, found }) => ({
          path,
          description: `expected ${expected}, found ${found}`,
        })),
  };
}
