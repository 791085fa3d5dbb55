import type { Rows } from './build.ts';
import { cases, type Case } from './cases.ts';
import { casesAgain } from './cases-again.ts';
import { casesOfLife } from './cases-life.ts';
import { casesOfPacts } from './cases-pact.ts';
import { casesOfSettling } from './cases-settling.ts';
import { casesOnTheWire } from './cases-wire.ts';
import { worldOf } from './world.ts';

/** The cases of every clause. */
const allCases: readonly Case[] = [
  ...cases,
  ...casesAgain,
  ...casesOnTheWire,
  ...casesOfSettling,
  ...casesOfLife,
  ...casesOfPacts,
];

/** Each with a name, which others that are added do not change. */
export const namedCases: readonly (Case & { readonly name: string })[] = allCases.map((one, index) => {
  const like = allCases
    .slice(0, index)
    .filter(({ clause, flow }) => clause === one.clause && flow.pattern === one.flow.pattern);
  const own = like.length === 0 ? '' : `, ${String(like.length + 1)}`;
  return { ...one, name: `${one.clause} on ${one.flow.pattern}${own}` };
});

/** The rows of a case's history as it holds, or as one of its breaks leaves it. */
export function rowsOfCase({ flow, holds }: Case, way?: Case['breaks'][string]): Rows {
  const { world, rows } = worldOf(flow);
  holds(world);
  // A break that needs the world writes after it, as a bus would; the states at drain come last.
  if (way !== undefined && way.length > 1) way(rows, world);
  world.finish();
  if (way !== undefined && way.length < 2) way(rows, world);
  return rows;
}
