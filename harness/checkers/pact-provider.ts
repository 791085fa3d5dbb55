import { partsOf } from '../model/pact.ts';
import type { Judgement } from './judgement.ts';
import { called, pactRows, STIMULUS, type PactRow } from './pact-rows.ts';
import { NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import { sends } from './sends.ts';
import { rows, type Trial } from './trial.ts';
import { FAIL, OK } from './words.ts';

/**
 * Messages of a provider that each part of an interaction is judged by, at least. A request is the consumer's own, and a real provider
 * application gives one.
 */
const leastOfEach = 20;

/**
 * What a provider sends by its contract is what each consumer's pact expects, in every message that arrives. Pact judges the bytes;
 * here it is counted. What is pending is told apart.
 *
 * Relies on `contract` (`as` stimulus: `.holds`, `.pending`, `.path`, `.expected`, `.found`) and on the flow's pacts.
 */
export function judgePactProvider(trial: Trial, judgement: Judgement): void {
  const judged = pactRows(trial).filter(({ as }) => as === STIMULUS);
  for (const each of judged) if (!each.pending) judgeOne(trial, judgement, each);
  notePending(judgement, judged);
  if (judged.length > 0) requireAll(trial, judgement, judged);
}

function judgeOne(trial: Trial, judgement: Judgement, each: PactRow): void {
  const { contract, texts } = trial.history;
  const [first = 0] = each.rows;
  if (each.holds === true) {
    judgement.exercise();
    return;
  }
  if (each.holds === undefined) {
    judgeNothing(trial, judgement, each, first);
    return;
  }
  judgement.exercise();
  judgement.fail(() => {
    const said = each.rows.map((at) => {
      const [path, expected, found] = (['path', 'expected', 'found'] as const).map((name) =>
        texts.at(contract.columns[name][at] ?? 0),
      );
      return { demand: `${path ?? ''} ${expected ?? ''}`, found: `${path ?? ''} is ${found ?? ''}` };
    });
    if (each.message === NONE) {
      const observed = texts.at(contract.columns.found[first] ?? 0);
      const expected = `${called(each)}, to be given by the provider application`;
      return { application: each.provider, expected, observed, evidence: rows(['contract', first]) };
    }
    return {
      application: each.provider,
      expected: `${called(each)}: ${said.map(({ demand }) => demand).join('; ')}`,
      observed: `${said.map(({ found }) => found).join('; ')} in a message that ${each.application ? 'the provider application gave' : 'the contract allows'}`,
      evidence: rows(['planned', each.message], ...each.rows.map((at) => ['contract', at] as const)),
    };
  });
}

/**
 * Nothing arrived that could be judged. Where the adapter refused what its contract allows, or said that it had gone, that is a failure;
 * where nobody knows what became of it, there is no answer.
 */
function judgeNothing(trial: Trial, judgement: Judgement, each: PactRow, first: number): void {
  const { send, texts } = trial.history;
  const sent = each.request === NONE ? each.message : each.request;
  const tries = rowsOf(sends(trial).byMessage, sent);
  const last = tries.at(-1) ?? NONE;
  const outcome = send.columns.outcome[last];
  const isLate = texts.at(send.columns.reason[last] ?? 0) === 'expired';
  if ((outcome !== FAIL && outcome !== OK) || isLate) {
    judgement.undecide(`of ${called(each)}, nothing arrived, and what became of message ${String(sent)} is not known`);
    return;
  }
  const said = `${String(send.columns.status[last] ?? 0)} ${texts.at(send.columns.reason[last] ?? 0)}`;
  judgement[outcome === FAIL ? 'fail' : 'lack'](() => ({
    application: each.provider,
    expected: `what ${each.provider} sends by its contract to arrive, so that ${called(each)}, can be judged`,
    observed: `its sender was told ${said}, and nothing of it arrived`,
    evidence: rows(['planned', each.message], ['send', last], ['contract', first]),
  }));
}

function notePending(judgement: Judgement, judged: readonly PactRow[]): void {
  const groups = Map.groupBy(
    judged.filter(({ pending }) => pending),
    (each) => called(each),
  );
  for (const [name, list] of groups) {
    const held = list.filter(({ holds }) => holds === true).length;
    judgement.note(`pending, and not counted: ${name}, holds in ${String(held)} of ${String(list.length)} messages`);
  }
}

/** An interaction that was judged by too little proves nothing. */
function requireAll(trial: Trial, judgement: Judgement, judged: readonly PactRow[]): void {
  for (const pact of trial.flow.pacts ?? []) {
    for (const [index, interaction] of pact.interactions.entries()) {
      if (interaction.pending) continue;
      for (const [part] of partsOf(interaction)) {
        const own = judged.filter(
          (each) =>
            each.pact === pact.name && each.interaction === index && each.part === part && each.holds !== undefined,
        );
        const asked = own.some(({ application }) => application);
        const least = part === 'request' || asked ? 1 : leastOfEach;
        if (own.length >= least) continue;
        const name = `${JSON.stringify(interaction.description)} of ${pact.name}, ${part}`;
        judgement.undecide(`${name}, was judged by ${String(own.length)} of ${String(least)} messages`);
      }
    }
  }
}
