/**
 * What the checkers of a clause's family say of every case and of each of its breaks, as text that is read and approved: `npm run docs`
 * writes it, and a test compares it. A change of a word, of a figure or of what is pointed to shows in its difference. Where a late harness
 * changes nothing, nothing is told of it.
 */
import type { Failure, Finding } from '../../harness/model/verdict.ts';
import type { Section } from './approved.ts';
import { familyFindings, findingsOf, type Rows } from './build.ts';
import { breaks } from './breaks.ts';
import { namedCases, rowsOfCase } from './cases-all.ts';
import type { Case } from './cases.ts';
import { flows } from './flows.ts';
import { perform, stories } from './healthy.ts';
import { worldOf } from './world.ts';

/** Timers of the harness that were this late while everything happened, in milliseconds. */
const lateMs = 400;

/** So many failures of one clause are told. */
const shown = 3;

/** One for each case, and one for each break of a history in which everything happens. */
export const said: readonly Section[] = [
  ...namedCases.map((one) => ({ name: one.name, text: () => ofCase(one) })),
  ...breaks.flatMap(({ name, flows: on, candidates, apply }) =>
    on.map((pattern) => ({
      name: `${pattern}, where ${name}`,
      text: () => {
        const flow = flows[pattern];
        const { world, rows } = worldOf(flow);
        perform(
          world,
          stories.flatMap((story, at) => [
            { story, key: at % 2 },
            { story: 'plain', key: at % 2 },
          ]),
        );
        const [first] = candidates(rows);
        if (first === undefined) return '  nothing of it is there';
        apply(rows, first);
        return linesOf(findingsOf(flow, rows))
          .map((line) => `  ${line}`)
          .join('\n');
      },
    })),
  ),
];

function ofCase(one: Case): string {
  const { clause, flow, breaks: ways } = one;
  const lines = (change: (rows: Rows) => void, way?: Case['breaks'][string]): readonly string[] => {
    const rows = rowsOfCase(one, way);
    change(rows);
    return linesOf(familyFindings(flow, rows, clause));
  };
  const held = lines(nothing);
  const different = (name: string, now: readonly string[], from: readonly string[]): readonly string[] => {
    const lost = from.filter((line) => !now.includes(line)).map((line) => `    - ${line}`);
    const added = now.filter((line) => !from.includes(line)).map((line) => `    + ${line}`);
    return lost.length + added.length === 0 ? [] : [`  ${name}`, ...lost, ...added];
  };
  return [
    ...held.map((line) => `  ${line}`),
    ...different('and the harness was late', lines(late), held),
    ...Object.entries(ways).flatMap(([name, way]) => {
      const broken = lines(nothing, way);
      const then = lines(late, way);
      return [...different(name, broken, held), ...different(`${name}, and the harness was late`, then, broken)];
    }),
  ].join('\n');
}

const nothing = (): void => undefined;
const late = (rows: Rows): void => {
  for (const lag of rows.lag) Object.assign(lag, { worstMs: lateMs });
};

/** All that is said of some findings. */
export function linesOf(of: ReadonlyMap<string, Finding>): readonly string[] {
  const all = [...of.values()];
  const counts = all
    .filter(({ exercised }) => exercised > 0)
    .map(({ clause, exercised }) => `${clause} ${String(exercised)}`);
  return [
    `exercised: ${counts.length === 0 ? 'nothing' : counts.join(', ')}`,
    ...all.flatMap(({ clause, failed, failures, undecided, lagged, notes, bound }) => [
      ...(failed === 0 ? [] : [`${clause} failed ${String(failed)}`]),
      ...(undecided === undefined ? [] : [`${clause} undecided${lagged === true ? ' (lagged)' : ''}: ${undecided}`]),
      ...(bound === undefined ? [] : [`${clause} bound ${bound.toPrecision(6)}`]),
      ...failures.slice(0, shown).map((failure) => `${clause} ${failureText(failure)}`),
      ...notes.map((note) => `${clause} note: ${note}`),
    ]),
  ];
}

function failureText({ application, expected, observed, evidence }: Failure): string {
  const rows = evidence.map(({ table, row }) => `${table} ${String(row)}`).join(', ');
  return `fails${application === undefined ? '' : ` for ${application}`}: expected ${expected}; observed ${observed} (${rows})`;
}
