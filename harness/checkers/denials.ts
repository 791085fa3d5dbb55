import type { Judgement } from './judgement.ts';
import { partakes } from './partaking.ts';
import { row, type Trial } from './trial.ts';
import { wireRows } from './wire-rows.ts';

/** How a server tells that something is not for this user: to publish on a subject, or to subscribe to it. */
const denial = /^'?Permissions Violation for (Publish|Subscription)/;

/**
 * An adapter asks the bus for nothing that its part in the contract does not give it: the bus permits exactly that, and tells what it
 * denies. Put to the test by each connection of an adapter of the flow.
 *
 * Relies on `wire` (connect, error: `.reason`).
 */
export function judgeDenials(trial: Trial, judgement: Judgement): void {
  const { wire, texts } = trial.history;
  const { connects, errors } = wireRows(trial);
  const nameOf = (at: number): string => texts.at(wire.columns.application[at] ?? 0);
  judgement.exercise(connects.filter((at) => partakes(trial, nameOf(at))).length);
  for (const at of errors) {
    const said = texts.at(wire.columns.reason[at] ?? 0);
    if (!denial.test(said) || !partakes(trial, nameOf(at))) continue;
    judgement.fail(() => ({
      application: nameOf(at),
      expected: 'an adapter that asks for what its part in the contract needs, and for nothing else',
      observed: `the bus denied it: ${said.replaceAll("'", '')}`,
      evidence: [row('wire', at)],
    }));
  }
}
