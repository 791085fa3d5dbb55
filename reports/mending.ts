import { governs, type PortRule } from '../harness/model/clause.ts';
import type { Flow } from '../harness/model/flow.ts';
import { rowsIn, type History, type RowOf } from '../harness/model/history.ts';
import type { Run } from '../harness/model/run.ts';
import type { Verdict } from '../harness/model/verdict.ts';
import { evidenceReader, lineText, type ReadLine } from './evidence.ts';
import { counted, duration, percent } from './figures.ts';
import { clausesOf, verdictsOf } from './overview.ts';
import { printable } from './printable.ts';
import { reproduce } from './reproduce.ts';
import { transcript } from './transcript.ts';

/** What a supplier mends: one clause that fails on one flow. */
export interface Mend {
  /** Rules of ADAPTERS.md whose breach the clause shows, of those that this application can have broken here. */
  readonly rules: readonly PortRule[];
  readonly clause: string;
  readonly flow: string;
  /** What the clause asks for. */
  readonly text: string;
  readonly expected: string;
  readonly observed: string;
  /** Lines of the history that prove it. */
  readonly proof: readonly string[];
  /** What travelled with the messages that it is about, without content; empty where the history is not at hand. */
  readonly wire: readonly string[];
  /** How busy the machine was meanwhile, by which a failure that measures time is read; '' where the history is not at hand. */
  readonly machine: string;
  /** How often it failed. */
  readonly failed: number;
  /** The command that runs just that scenario again; '' where no trial shows it. */
  readonly again: string;
}

/** What is known of a run beside its verdicts. */
interface Known {
  readonly flows?: readonly Flow[];
  /** Of the trials, by their ids. */
  readonly histories?: ReadonlyMap<string, History>;
}

/** The failures of a run in the order in which to mend them: that of the rules, since what stands early breaks what stands later. */
export function mends(
  run: Run,
  rules: readonly PortRule[],
  { flows = [], histories = new Map() }: Known = {},
): readonly Mend[] {
  const clauses = clausesOf(run);
  const lines = evidenceReader(run);
  const mend = ({ clause, flow, reason, failures, failed }: Verdict): Mend => {
    const [first] = failures;
    const history = histories.get(first?.trial ?? '');
    return {
      rules: brokenBy(
        rules.filter((rule) => rule.clauses.includes(clause)),
        flows.find(({ id }) => id === flow),
        first?.application,
        history,
      ),
      clause,
      flow,
      text: clauses.get(clause)?.text ?? '',
      expected: first?.expected ?? '',
      observed: first?.observed ?? reason,
      proof: first === undefined ? [] : lines(first).map(proofText),
      wire: first === undefined || history === undefined ? [] : transcript(history, first.evidence),
      machine: history === undefined ? '' : machineOf(history),
      failed,
      again: first === undefined ? '' : reproduce(run, first.trial),
    };
  };
  const order = ({ rules: [first] }: Mend): number => (first === undefined ? rules.length : rules.indexOf(first));
  return verdictsOf(run, 'fail')
    .map(mend)
    .toSorted((a, b) => order(a) - order(b));
}

/** Of these rules the ones that the application can have broken on the flow, by what befell it; all of them where that leaves none. */
function brokenBy(
  rules: readonly PortRule[],
  flow: Flow | undefined,
  application: string | undefined,
  history: History | undefined,
): readonly PortRule[] {
  if (flow === undefined) return rules;
  const befell = history === undefined ? undefined : changesOf(history, application);
  const left = rules.filter(
    (rule) => governs(rule, flow, application) && (rule.after === undefined || befell?.has(rule.after) !== false),
  );
  return left.length === 0 ? rules : left;
}

/** What the watch of the harness says of a trial. */
function machineOf(history: History): string {
  const rows = rowsIn(history, 'lag');
  const sum = (of: (row: RowOf<'lag'>) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const most = (of: (row: RowOf<'lag'>) => number): number => Math.max(0, ...rows.map(of));
  const watchedMs = sum(({ intervalMs }) => intervalMs);
  if (watchedMs === 0) return '';
  const inUse = percent(sum(({ processorMs }) => processorMs) / watchedMs);
  const late = duration(most(({ worstMs }) => worstMs));
  return `processors ${inUse} in use during the trial; the harness at most ${late} late, the bus ${duration(most(({ busMs }) => busMs))}`;
}

function changesOf(history: History, application: string | undefined): ReadonlySet<string> {
  const own = rowsIn(history, 'lifecycle').filter(
    (row) => application === undefined || row.application === application,
  );
  return new Set(own.map(({ change }) => change));
}

/** The list for a terminal, ASCII but for names; '' where nothing is to be mended. */
export function mendingList(list: readonly Mend[]): string {
  if (list.length === 0) return '';
  const blocks = list.map((mend, index) =>
    [
      `${String(index + 1)}. ${mend.clause} on ${mend.flow}${mend.failed > 1 ? ` (${counted(mend.failed, 'time')})` : ''}`,
      ...field('asks', mend.text),
      ...field('rules', ...mend.rules.map(({ id, title }) => `${id}  ${title}`)),
      ...field('expected', mend.expected),
      ...field('observed', mend.observed),
      ...field('proof', ...mend.proof),
      ...field('wire', ...wireOf(list, index)),
      ...field('machine', mend.machine),
      ...field('again', mend.again),
    ]
      .map(printable)
      .join('\n'),
  );
  return `To mend, in this order (rules: ADAPTERS.md)\n\n${blocks.join('\n\n')}\n`;
}

/** What holds is left out: a supplier looks for what does not. */
function proofText(line: ReadLine): string {
  return lineText({ ...line, details: line.details.filter(({ name }) => name !== 'yes:') });
}

/** The transcript; where it has been shown already, where. */
function wireOf(list: readonly Mend[], index: number): readonly string[] {
  const wire = list[index]?.wire ?? [];
  const first = list.findIndex((mend) => mend.wire.join() === wire.join());
  return wire.length > 0 && first < index ? [`as in ${String(first + 1)}`] : wire;
}

function field(label: string, ...lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line !== '').map((line, at) => `   ${(at === 0 ? label : '').padEnd(10)}${line}`);
}
