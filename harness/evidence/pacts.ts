import { pactRows, STIMULUS } from '../checkers/pact-rows.ts';
import { trialOf } from '../checkers/trial.ts';
import { consumersOf, messagesOf, providersOf, type Flow, type Service } from '../model/flow.ts';
import { rowAt } from '../model/history.ts';
import { partsOf, type PactSummary } from '../model/pact.ts';
import type { JournalTrial } from './journal-reader.ts';

/** Every interaction with what was found of it; and every message that a consumer meets without a pact. Undefined where there is no pact. */
export function pactsOf(
  services: readonly Service[],
  trials: readonly JournalTrial[],
): readonly PactSummary[] | undefined {
  if (services.every(({ flows }) => flows.every(({ pacts }) => pacts === undefined))) return undefined;
  return services.flatMap((service) =>
    service.flows.flatMap((flow) => [...interactionsOf(service, flow, trials), ...uncoveredOf(flow)]),
  );
}

function interactionsOf(service: Service, flow: Flow, trials: readonly JournalTrial[]): readonly PactSummary[] {
  const found = trials
    .filter(({ header, end }) => header.flow === flow.id && end !== undefined)
    .flatMap(({ header, history }) =>
      pactRows(trialOf({ service, flow, clauses: header.clauses }, history)).map((row) => ({
        ...row,
        source: rowAt(history, 'contract', row.rows[0] ?? 0).source,
      })),
    );
  return (flow.pacts ?? []).flatMap((pact) =>
    pact.interactions.map((interaction, index): PactSummary => {
      const own = found.filter((row) => row.pact === pact.name && row.interaction === index);
      const asked = own.filter(({ as }) => as === STIMULUS);
      const judged = asked.filter(({ holds }) => holds !== undefined);
      return {
        flow: flow.id,
        message: interaction.message.type,
        consumer: pact.consumer,
        provider: pact.provider,
        interaction: {
          pact: pact.name,
          file: pact.file,
          description: interaction.description,
          pending: interaction.pending,
          asked: asked.length,
          judged: judged.length,
          held: judged.filter(({ holds }) => holds === true).length,
          source: own.some(({ source }) => source === 'application') ? 'application' : 'document',
          tried: own.filter(({ as }) => as !== STIMULUS).length,
        },
      };
    }),
  );
}

function uncoveredOf(flow: Flow): readonly PactSummary[] {
  return consumersOf(flow).flatMap((consumer) =>
    messagesOf(flow)
      .filter(({ name }) => meets(flow, consumer, name) && name !== flow.refusal)
      .flatMap(({ name }) =>
        providersOf(flow)
          .filter((provider) => !isSpokenOf(flow, consumer, provider, name))
          .map((provider) => ({ flow: flow.id, message: name, consumer, provider })),
      ),
  );
}

function isSpokenOf({ pacts = [] }: Flow, consumer: string, provider: string, message: string): boolean {
  return pacts.some(
    (pact) =>
      pact.consumer === consumer &&
      pact.provider === provider &&
      pact.interactions.some((interaction) => partsOf(interaction).some(([, { type }]) => type === message)),
  );
}

/** Whether a message reaches a consumer: where its type is a part of the subject, its subscription names it. */
function meets(flow: Flow, consumer: string, message: string): boolean {
  const receiver = flow.receivers.find(({ application }) => application === consumer);
  const parameter = flow.parameters.find(({ location }) => location.pointer.toLowerCase() === '/ce-type');
  const wanted = parameter === undefined ? undefined : receiver?.filter[parameter.name];
  return wanted?.includes(message) ?? true;
}
