import { tableShapes } from '../model/history.ts';
import { NONE, codeOf } from '../model/table.ts';
import { memo } from './memo.ts';
import type { Trial } from './trial.ts';
import { NO, YES } from './words.ts';

const uses = tableShapes.contract.as;
export const STIMULUS = codeOf(uses, 'stimulus');
const APPLICATION = codeOf(tableShapes.contract.source, 'application');
export const BROKEN = codeOf(uses, 'broken');

/** What one message was to show of one part of an interaction, with every row that says what came of it. */
export interface PactRow {
  readonly rows: readonly number[];
  readonly message: number;
  /** Of a response, the request that it answers; NONE. */
  readonly request: number;
  /** `<consumer>-<provider>`. */
  readonly pact: string;
  readonly consumer: string;
  readonly provider: string;
  readonly interaction: number;
  readonly description: string;
  readonly part: string;
  readonly as: number;
  readonly pending: boolean;
  /** Given by a real provider application; else drawn from the contract document. */
  readonly application: boolean;
  /** Undefined where nothing arrived, or nobody judged it. */
  readonly holds: boolean | undefined;
}

/** Relies on the table `contract`, where the rows of one message and one interaction stand together. */
export const pactRows = memo((trial: Trial): readonly PactRow[] => {
  const { contract, texts } = trial.history;
  const { message, request, pact, interaction, description, part, as, pending, holds, source } = contract.columns;
  const found: (PactRow & { readonly rows: number[] })[] = [];
  for (let at = 0; at < contract.length; at++) {
    const last = found.at(-1);
    const name = texts.at(pact[at] ?? 0);
    const of = interaction[at] ?? NONE;
    const partName = texts.at(part[at] ?? 0);
    if (
      last !== undefined &&
      last.message === message[at] &&
      last.pact === name &&
      last.interaction === of &&
      last.part === partName
    ) {
      last.rows.push(at);
      continue;
    }
    const known = trial.flow.pacts?.find((candidate) => candidate.name === name);
    found.push({
      rows: [at],
      message: message[at] ?? NONE,
      request: request[at] ?? NONE,
      pact: name,
      consumer: known?.consumer ?? name,
      provider: known?.provider ?? name,
      interaction: of,
      description: texts.at(description[at] ?? 0),
      part: partName,
      as: as[at] ?? 0,
      pending: pending[at] === YES,
      application: source[at] === APPLICATION,
      holds: holds[at] === YES ? true : holds[at] === NO ? false : undefined,
    });
  }
  return found;
});

/** As a person is told of it. */
export const called = ({ pact, description, part }: PactRow): string =>
  `${JSON.stringify(description)} of ${pact}, ${part}`;
