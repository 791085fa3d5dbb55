import type { History } from '../model/history.ts';
import type { Checker, Contract, Finding } from '../model/verdict.ts';
import { audit } from './audit.ts';
import { contract } from './contract.ts';
import { deadLetter } from './dead-letter.ts';
import { delivery } from './delivery.ts';
import { duplicate } from './duplicate.ts';
import { envelope } from './envelope.ts';
import { life } from './life.ts';
import { order } from './order.ts';
import { performance } from './performance.ts';
import { reply } from './reply.ts';
import { schema } from './schema.ts';
import { wire } from './wire.ts';

/** Every checker, one a family of clauses; a clause of the catalogue names the one that decides it. */
export const checkers: readonly Checker[] = [
  envelope,
  schema,
  delivery,
  order,
  duplicate,
  reply,
  deadLetter,
  audit,
  performance,
  wire,
  contract,
  life,
];

/**
 * What a trial's history says of every clause that has a checker. What it says of a clause that the flow does not promise, or that
 * the trial did not test, has `exercised` 0.
 */
export function check(given: Contract, history: History): readonly Finding[] {
  return checkers.flatMap((checker) => checker.check(given, history));
}
