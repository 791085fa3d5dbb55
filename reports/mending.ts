import type { PortRule } from '../harness/model/clause.ts';
import type { Run } from '../harness/model/run.ts';
import type { Verdict } from '../harness/model/verdict.ts';
import { evidenceReader, lineText } from './evidence.ts';
import { counted } from './figures.ts';
import { clausesOf, verdictsOf } from './overview.ts';
import { printable } from './printable.ts';
import { reproduce } from './reproduce.ts';

/** What a supplier mends: one clause that fails on one flow. */
export interface Mend {
  /** Rules of ADAPTERS.md whose breach the clause shows, by id and title. */
  readonly rules: readonly PortRule[];
  readonly clause: string;
  readonly flow: string;
  /** What the clause asks for. */
  readonly text: string;
  readonly expected: string;
  readonly observed: string;
  /** What travelled: lines of the history, without content. */
  readonly wire: readonly string[];
  /** How often it failed. */
  readonly failed: number;
  /** The command that runs just that scenario again; '' where no trial shows it. */
  readonly again: string;
}

/** The failures of a run in the order in which to mend them: that of the rules, since what stands early breaks what stands later. */
export function mends(run: Run, rules: readonly PortRule[]): readonly Mend[] {
  const clauses = clausesOf(run);
  const lines = evidenceReader(run);
  const order = (clause: string): number => {
    const first = rules.findIndex((rule) => rule.clauses.includes(clause));
    return first === -1 ? rules.length : first;
  };
  const mend = ({ clause, flow, reason, failures, failed }: Verdict): Mend => {
    const [first] = failures;
    return {
      rules: rules.filter((rule) => rule.clauses.includes(clause)),
      clause,
      flow,
      text: clauses.get(clause)?.text ?? '',
      expected: first?.expected ?? '',
      observed: first?.observed ?? reason,
      wire: first === undefined ? [] : lines(first).map(lineText),
      failed,
      again: first === undefined ? '' : reproduce(run, first.trial),
    };
  };
  return verdictsOf(run, 'fail')
    .toSorted((a, b) => order(a.clause) - order(b.clause))
    .map(mend);
}

/** The list for a terminal, ASCII but for names; '' where nothing is to be mended. */
export function mendingList(list: readonly Mend[]): string {
  if (list.length === 0) return '';
  const blocks = list.map((mend, index) =>
    [
      `${String(index + 1)}. ${mend.clause} on ${mend.flow}${mend.failed > 1 ? ` (${counted(mend.failed, 'time')})` : ''}`,
      ...field('asks', mend.text),
      ...mend.rules.map((rule, at) => `   ${(at === 0 ? 'rules' : '').padEnd(10)}${rule.id}  ${rule.title}`),
      ...field('expected', mend.expected),
      ...field('observed', mend.observed),
      ...mend.wire.map((line, at) => `   ${(at === 0 ? 'wire' : '').padEnd(10)}${line}`),
      ...field('again', mend.again),
    ]
      .map(printable)
      .join('\n'),
  );
  return `To mend, in this order (rules: ADAPTERS.md)\n\n${blocks.join('\n\n')}\n`;
}

function field(label: string, text: string): readonly string[] {
  return text === '' ? [] : [`   ${label.padEnd(10)}${text}`];
}
