import { cases, type Case } from './cases.ts';
import { casesAgain } from './cases-again.ts';
import { casesOfLife } from './cases-life.ts';
import { casesOfPacts } from './cases-pact.ts';
import { casesOfSettling } from './cases-settling.ts';
import { casesOnTheWire } from './cases-wire.ts';

/** The cases of every clause. */
export const allCases: readonly Case[] = [
  ...cases,
  ...casesAgain,
  ...casesOnTheWire,
  ...casesOfSettling,
  ...casesOfLife,
  ...casesOfPacts,
];

/** Its name among all of them. */
export const nameOf = ({ clause, flow }: Case, index: number): string =>
  `${clause} on ${flow.pattern} (case ${String(index)})`;
