import type { PactSummary } from '../harness/model/pact.ts';
import type { Run } from '../harness/model/run.ts';
import { count, counted } from './figures.ts';
import { printable } from './printable.ts';

/** A mismatch of a message that arrived, with its values. */
export interface ShownMismatch {
  readonly flow: string;
  readonly pact: string;
  readonly interaction: string;
  readonly part: string;
  readonly mismatches: readonly { readonly path: string; readonly expected: string; readonly actual: string }[];
  readonly body: string;
}

/** Most characters of a body that is shown. */
const shownBody = 600;

/** Each pact with what was found of its interactions, for a terminal; what reaches a consumer without a pact stands last. */
export function pactReport(run: Run, mismatches: readonly ShownMismatch[]): string {
  const list = run.pacts ?? [];
  const pacts = Map.groupBy(
    list.filter(({ interaction }) => interaction !== undefined),
    ({ interaction }) => interaction?.file ?? '',
  );
  const lines = [...pacts].flatMap(([file, own]) => [
    '',
    printable(`${own[0]?.consumer ?? ''} of ${own[0]?.provider ?? ''}: ${file}`),
    ...own.flatMap((each) => interactionLines(run, each, mismatches)),
  ]);
  const uncovered = list.filter(({ interaction }) => interaction === undefined);
  const byConsumer = Map.groupBy(uncovered, ({ flow, consumer, provider }) => `${consumer} of ${provider} on ${flow}`);
  const without = [...byConsumer].map(([who, own]) =>
    printable(`  ${who}: ${own.map(({ message }) => message).join(', ')}`),
  );
  return `${[...lines, ...(without.length === 0 ? [] : ['', `Without a pact: ${counted(uncovered.length, 'message')}`, ...without])].join('\n')}\n`;
}

function interactionLines(run: Run, each: PactSummary, mismatches: readonly ShownMismatch[]): readonly string[] {
  const { interaction } = each;
  if (interaction === undefined) return [];
  const { description, pending, held, asked, judged, source, tried, pact } = interaction;
  const own = mismatches.find(
    (shown) => shown.flow === each.flow && shown.pact === pact && shown.interaction === description,
  );
  const broken = run.verdicts.some(
    (verdict) =>
      verdict.flow === each.flow &&
      verdict.clause === 'CON-2' &&
      verdict.failures.some(({ expected }) => expected.includes(`${JSON.stringify(description)} of ${pact}`)),
  );
  const word = pending
    ? 'pending'
    : held < judged || broken
      ? 'FAIL'
      : judged > 0 && judged === asked && isDecided(run, each)
        ? 'ok'
        : 'unknown';
  const from = source === 'application' ? 'of the provider application' : 'drawn from the contract';
  const line = `  ${word.padEnd(8)}${description} (${each.message}): ${count(held)} of ${count(asked)} ${from} as expected, ${count(tried)} put before the consumer`;
  return [printable(line), ...(own === undefined ? [] : counterexample(own))];
}

/** Nothing that was asked of the flow's pacts stayed without an answer. */
const isDecided = ({ verdicts }: Run, { flow }: PactSummary): boolean =>
  verdicts.every(
    ({ clause, verdict, ...of }) => of.flow !== flow || !clause.startsWith('CON-') || verdict !== 'inconclusive',
  );

function counterexample({ part, mismatches, body }: ShownMismatch): readonly string[] {
  const shown = body.length > shownBody ? `${body.slice(0, shownBody)}…` : body;
  return [
    ...mismatches.map(({ path, expected, actual }) =>
      printable(`          ${part} ${path}: expected ${expected}, actual ${actual === '' ? 'nothing' : actual}`),
    ),
    ...(body === '' ? [] : [printable(`          in ${shown}`)]),
  ];
}
