import type { Flow } from '../model/flow.ts';
import type { HistoryBuilder, PartialRow } from '../model/history.ts';
import { partsOf, type Interaction, type Pact, type PactPart } from '../model/pact.ts';
import type { PlannedEvents } from '../model/planned.ts';
import { NONE } from '../model/table.ts';
import type { PactUse } from '../model/workload.ts';
import type { Seen, Witness } from '../observe/witness.ts';
import type { Answer } from './answer.ts';
import type { Refused } from './provider-application.ts';
import { questionOf, type Question } from './question.ts';
import type { Verifiers } from './verifiers.ts';

/** What one planned message was to show of one part of an interaction. */
interface Shown {
  readonly message: number;
  /** Of a response, the planned request; NONE. */
  readonly request: number;
  readonly as: PactUse['as'];
  readonly pact: Pact;
  readonly index: number;
  readonly interaction: Interaction;
  readonly partName: string;
  readonly part: PactPart;
}

/** A mismatch with the values, for the report of the run that found it. */
export interface PactMismatch {
  readonly flow: string;
  readonly pact: string;
  readonly file: string;
  readonly interaction: string;
  readonly part: string;
  readonly pending: boolean;
  readonly mismatches: Answer['mismatches'];
  /** The message that arrived. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PactWitnessOptions {
  readonly flow: Flow;
  readonly planned: PlannedEvents;
  readonly verifiers: Verifiers;
  /** Who gave the messages: the contract, or a real provider application. */
  readonly source: 'document' | 'application';
  /** Interactions for which the provider application gave nothing. */
  readonly refused?: readonly Refused[];
  readonly onMismatch?: (found: PactMismatch) => void;
}

/** Has Pact judge every message that arrived for the interactions that it was to show, and writes down what it says. */
export function pactWitness(options: PactWitnessOptions): Witness {
  const shown = shownBy(options.flow, options.planned);
  const first = new Map<string, Seen>();
  return {
    saw: (seen) => {
      const key = `${seen.where} ${String(seen.message)}`;
      if (!first.has(key)) first.set(key, seen);
    },
    close: async (history, now) => {
      const arrived = (each: Shown): Seen | undefined => first.get(`${whereOf(each)} ${String(each.message)}`);
      const judged = shown.filter((each) => each.as === 'stimulus');
      const answers = await ask(options, judged, arrived, history, now);
      for (const each of options.refused ?? []) journalRefused(options, history, now(), each);
      for (const each of shown) journal(options, history, now(), each, answers.get(each), arrived(each));
    },
  };
}

/** Where a part is met: an event in its stream, a request at the application that answers, a response at the one that asked. */
const whereOf = ({ partName }: Shown): Seen['where'] =>
  partName === 'message' ? 'stored' : partName === 'request' ? 'delivered' : 'answered';

function shownBy(flow: Flow, planned: PlannedEvents): readonly Shown[] {
  const pacts = new Map((flow.pacts ?? []).map((pact) => [pact.name, pact]));
  return planned.list.flatMap(({ index: message, message: { pact: use } }) =>
    (use?.of ?? []).flatMap(({ pact: name, interaction: index, part: partName }) => {
      const pact = pacts.get(name);
      const interaction = pact?.interactions[index];
      const part = interaction && partsOf(interaction).find(([candidate]) => candidate === partName)?.[1];
      if (use === undefined || pact === undefined || interaction === undefined || part === undefined)
        throw new RangeError(`the flow has no interaction ${name} ${String(index)} ${partName}`);
      return [{ message, request: requestOf(planned, message), as: use.as, pact, index, interaction, partName, part }];
    }),
  );
}

/** The request that a planned reply names as its cause; NONE for anything else. */
function requestOf({ list }: PlannedEvents, message: number): number {
  const cause = list[message]?.message.headers['ce-causationid'];
  return cause === undefined ? NONE : (list.find((other) => other.message.id === cause)?.index ?? NONE);
}

/** Where the verifier fails, the trial has a problem, and nothing that it was asked counts. */
async function ask(
  { verifiers }: PactWitnessOptions,
  judged: readonly Shown[],
  arrived: (each: Shown) => Seen | undefined,
  history: HistoryBuilder,
  now: () => number,
): Promise<ReadonlyMap<Shown, Answer>> {
  const answers = new Map<Shown, Answer>();
  const byPact = Map.groupBy(judged, ({ pact }) => pact);
  await Promise.all(
    [...byPact].map(async ([pact, list]) => {
      const asked = list.flatMap((each): readonly (readonly [Shown, Question])[] => {
        const seen = arrived(each);
        if (seen === undefined) return [];
        const name = `${each.interaction.description} (${each.partName}, interaction ${String(each.index)}, message ${String(each.message)})`;
        return [[each, questionOf(name, each.part, each.interaction.states, seen)]];
      });
      if (asked.length === 0) return;
      try {
        const found = await verifiers.ask(
          pact.consumer,
          pact.provider,
          asked.map(([, question]) => question),
        );
        for (const [at, [each]] of asked.entries()) {
          const answer = found[at];
          if (answer !== undefined) answers.set(each, answer);
        }
      } catch (cause) {
        const what = cause instanceof Error ? cause.message : String(cause);
        history.append('problem', { at: now(), where: `pact ${pact.name}`, what });
      }
    }),
  );
  return answers;
}

/** An application that gives nothing has no event that its consumer expects. */
function journalRefused(options: PactWitnessOptions, history: HistoryBuilder, at: number, refused: Refused): void {
  const { flow } = options;
  const pact = flow.pacts?.find(({ name }) => name === refused.pact);
  const interaction = pact?.interactions[refused.interaction];
  const mismatch = { path: '$', expected: 'to be an event', found: refused.found };
  history.append('contract', {
    at,
    message: NONE,
    request: NONE,
    pact: refused.pact,
    interaction: refused.interaction,
    description: interaction?.description ?? '',
    part: refused.part,
    as: 'stimulus',
    source: 'application',
    pending: interaction?.pending === true ? 'yes' : 'no',
    holds: 'no',
    ...mismatch,
  });
  options.onMismatch?.({
    flow: flow.id,
    pact: refused.pact,
    file: pact?.file ?? '',
    interaction: interaction?.description ?? '',
    part: refused.part,
    pending: interaction?.pending === true,
    mismatches: [{ ...mismatch, actual: refused.found }],
    headers: {},
    body: '',
  });
}

function journal(
  options: PactWitnessOptions,
  history: HistoryBuilder,
  at: number,
  each: Shown,
  answer: Answer | undefined,
  seen: Seen | undefined,
): void {
  const { pact, interaction, index, message, request, partName, as } = each;
  const row: PartialRow<'contract'> = {
    at,
    message,
    request,
    pact: pact.name,
    interaction: index,
    description: interaction.description,
    part: partName,
    as,
    source: options.source,
    pending: interaction.pending ? 'yes' : 'no',
    holds: answer === undefined ? 'unknown' : answer.holds ? 'yes' : 'no',
  };
  if (answer === undefined || answer.holds) {
    history.append('contract', row);
    return;
  }
  for (const { path, expected, found } of answer.mismatches)
    history.append('contract', { ...row, path, expected, found });
  options.onMismatch?.({
    flow: options.flow.id,
    pact: pact.name,
    file: pact.file,
    interaction: interaction.description,
    part: partName,
    pending: interaction.pending,
    mismatches: answer.mismatches,
    headers: seen?.event.headers ?? {},
    body: Buffer.from(seen?.event.body ?? []).toString('utf8'),
  });
}
