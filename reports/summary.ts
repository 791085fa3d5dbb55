import type { LoadSummary } from '../harness/model/load.ts';
import type { FlowSummary, Run } from '../harness/model/run.ts';
import type { Verdict, VerdictWord } from '../harness/model/verdict.ts';
import { calibrationText } from './calibration.ts';
import { counterexampleFile, counterexampleOf, searchText, sequenceText, sizeText } from './counterexample.ts';
import { evidenceReader, lineText } from './evidence.ts';
import { count, counted, dateTime, duration, rate, verdictText } from './figures.ts';
import {
  binding,
  clausesOf,
  flowsOf,
  groupBy,
  requirementsOf,
  standing,
  tally,
  verdictFinder,
  verdictsOf,
} from './overview.ts';
import { latencyRows, percentileText, type LatencyRow } from './percentiles.ts';
import { printable } from './printable.ts';
import { replayCommand, reproduce } from './reproduce.ts';

/** Failures told in full, and lines shown of each; the others are named. A job's summary may have 1 MiB. */
const FULL_FAILURES = 20;
const SHOWN_LINES = 5;
const SHOWN_STEPS = 40;

/** Markdown for a CI job's summary (CommonMark with GitHub's tables): the answer first. */
export function summaryMarkdown(run: Run): string {
  return `${[...answer(run), ...failures(run), ...inconclusive(run), ...figures(run), ...loads(run), ...matrix(run), ...notTested(run)].join('\n')}\n`;
}

function answer(run: Run): readonly string[] {
  const { header } = run;
  return [
    `# ${escaped(run.sentence)}`,
    '',
    `Busworthy ${escaped(header.environment.busworthy)}, profile ${escaped(header.claim.profile)}, seed ${String(header.seed)}, ` +
      `${counted(header.services.length, 'service')}, ${counted(flowsOf(run).length, 'flow')}, ${counted(run.trials.length, 'trial')} ` +
      `in ${duration(run.durationMs)}, started ${escaped(dateTime(header.startedAt))}. The services and all data are invented.`,
    '',
    `${escaped(calibrationText(run))}.`,
    '',
  ];
}

function failures(run: Run): readonly string[] {
  const failed = verdictsOf(run, 'fail');
  if (failed.length === 0) return [];
  const rest = failed.slice(FULL_FAILURES);
  return [
    `## Failed: ${count(failed.length)}`,
    '',
    ...failed.slice(0, FULL_FAILURES).flatMap((verdict) => failure(run, verdict)),
    ...rest.map(({ clause, flow, reason }) => `- **${escaped(clause)}** on ${escaped(flow)}: ${escaped(reason)}`),
    ...(rest.length === 0 ? [] : ['']),
  ];
}

function failure(run: Run, verdict: Verdict): readonly string[] {
  const clause = clausesOf(run).get(verdict.clause);
  const requirements = requirementsOf(run, verdict.clause).map(({ id }) => id);
  const first = verdict.failures[0];
  const lines = first === undefined ? [] : evidenceReader(run)(first);
  const command = first === undefined ? undefined : reproduce(run, first.trial);
  return [
    `### ${escaped(verdict.clause)} on ${escaped(verdict.flow)}`,
    '',
    ...(clause === undefined ? [] : [`${escaped(clause.text)} (${standing(run, clause)})`, '']),
    ...(first === undefined
      ? [`- ${escaped(verdict.reason)}`]
      : [`- expected ${escaped(first.expected)}`, `- observed ${escaped(first.observed)}`]),
    `- failed ${counted(verdict.failed, 'time')}${requirements.length === 0 ? '' : `; asked for by ${escaped(requirements.join(', '))}`}`,
    '',
    ...fenced([
      ...lines.slice(0, SHOWN_LINES).map((line) => lineText(line)),
      ...(lines.length > SHOWN_LINES ? [`and ${counted(lines.length - SHOWN_LINES, 'line')} more`] : []),
      ...(command === undefined ? [] : [command]),
    ]),
    ...smallest(run, verdict),
  ];
}

/** The smallest sequence of messages that shows a failure, where one was looked for. */
function smallest(run: Run, verdict: Verdict): readonly string[] {
  const counterexample = counterexampleOf(run, verdict);
  if (counterexample === undefined) return [];
  const lines = sequenceText(counterexample);
  return [
    `Smallest: ${escaped(sizeText(counterexample))}. ${escaped(searchText(counterexample))}`,
    '',
    ...fenced([
      ...lines.slice(0, SHOWN_STEPS),
      ...(lines.length > SHOWN_STEPS ? [`and ${counted(lines.length - SHOWN_STEPS, 'line')} more`] : []),
      replayCommand(run, counterexampleFile(counterexample)),
    ]),
  ];
}

/** A block of code; its fence is longer than any in it. */
function fenced(lines: readonly string[]): readonly string[] {
  const longest = Math.max(2, ...lines.flatMap((line) => [...line.matchAll(/`+/gu)].map(([ticks]) => ticks.length)));
  const fence = '`'.repeat(longest + 1);
  return lines.length === 0 ? [] : [`${fence}text`, ...lines, fence, ''];
}

function inconclusive(run: Run): readonly string[] {
  const open = verdictsOf(run, 'inconclusive');
  return open.length === 0 ? [] : [`## Inconclusive: ${count(open.length)}`, '', ...reasons(open), ''];
}

function notTested(run: Run): readonly string[] {
  const all = verdictsOf(run, 'not-tested');
  return all.length === 0 ? [] : details(`Not tested: ${count(all.length)}, and why`, reasons(all));
}

/** A line for each reason, with the clauses that it holds for and how many flows of each. */
function reasons(verdicts: readonly Verdict[]): readonly string[] {
  return groupBy(verdicts, ({ reason }) => reason).map(({ key, verdicts: group }) => {
    const clauses = groupBy(group, ({ clause }) => clause).map(
      ({ key: clause, verdicts: flows }) =>
        `${clause} on ${flows.length > 3 ? `${count(flows.length)} flows` : flows.map(({ flow }) => flow).join(', ')}`,
    );
    return `- ${escaped(key)}: ${escaped(clauses.join('; '))}`;
  });
}

function figures(run: Run): readonly string[] {
  const binds = binding(run);
  const claimed = run.verdicts.filter(({ clause }) => binds(clause));
  const others = run.verdicts.filter(({ clause }) => !binds(clause));
  const row = (title: string, verdicts: readonly Verdict[]): string => {
    const found = new Map<VerdictWord, number>(tally(verdicts));
    const cells = (['pass', 'fail', 'inconclusive', 'not-tested'] as const).map((word) => count(found.get(word) ?? 0));
    return `| ${title} | ${cells.join(' | ')} |`;
  };
  return [
    '| Verdicts | pass | fail | inconclusive | not tested |',
    '|---|--:|--:|--:|--:|',
    row(`MUST of ${escaped(run.header.claim.profile)}`, claimed),
    row('all others', others),
    '',
  ];
}

function loads(run: Run): readonly string[] {
  if (run.loads.length === 0) return [];
  const row = (load: LoadSummary, { who, latency }: LatencyRow): string =>
    `| ${[
      escaped(load.flow).replace('/', '/<wbr>'),
      escaped(who),
      rate(load.drivenPerSecond),
      count(latency.count),
      ...[0.5, 0.99, 0.999].map((share) => percentileText(latency, share)),
      duration(load.objectiveMs),
      count(latency.aboveObjective),
      duration(load.lateness.p99Ms),
    ].join(' | ')} |`;
  return [
    '## Latency under load',
    '',
    '| Flow | At | Driven | Messages | p50 | p99 | p99.9 | Objective for p99 | Above it | Generator late, p99 |',
    '|---|---|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...run.loads.flatMap((load) => latencyRows(load).map((each) => row(load, each))),
    '',
  ];
}

/** Short on purpose: a wide table is scrolled by nobody. */
const cellWords: Readonly<Record<VerdictWord, string>> = {
  pass: 'pass',
  fail: '**FAIL**',
  inconclusive: '**?**',
  'not-tested': '–',
};

function matrix(run: Run): readonly string[] {
  const flows = flowsOf(run);
  if (flows.length === 0) return [];
  const find = verdictFinder(run);
  const cell = (clause: string, { id }: FlowSummary): string => {
    const verdict = find(clause, id);
    return verdict === undefined ? '' : cellWords[verdict.verdict];
  };
  const rows = run.header.catalogue.clauses
    .filter(({ id }) => flows.some((flow) => find(id, flow.id) !== undefined))
    .map(({ id }) => `| ${escaped(id)} | ${flows.map((flow) => cell(id, flow)).join(' | ')} |`);
  return details(
    `Clauses and flows (**?** ${verdictText('inconclusive')}, – ${verdictText('not-tested')}, empty where a clause asks nothing of a flow)`,
    [
      `| | ${flows.map(({ id }) => escaped(id).replace('/', '/<wbr>')).join(' | ')} |`,
      `|---|${flows.map(() => ':-:|').join('')}`,
      ...rows,
    ],
  );
}

function details(title: string, lines: readonly string[]): readonly string[] {
  const heading = title.replaceAll(/\*\*(.+?)\*\*/gu, '<b>$1</b>');
  return [`<details><summary>${heading}</summary>`, '', ...lines, '', '</details>', ''];
}

/** Text that Markdown and HTML take for text. */
function escaped(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~$]/gu, (character) => `\\${character}`);
}
