import { styleText } from 'node:util';
import type { Latency, Run } from '../harness/model/run.ts';
import type { Verdict } from '../harness/model/verdict.ts';
import { calibrationText } from './calibration.ts';
import { counterexampleFile, counterexampleOf, sequenceText, sizeText } from './counterexample.ts';
import { evidenceReader, lineText } from './evidence.ts';
import { count, counted, duration, rate, verdictText } from './figures.ts';
import { binding, clausesOf, flowsOf, groupBy, requirementsOf, standing, tally, verdictsOf } from './overview.ts';
import { latencyRows, percentileText } from './percentiles.ts';
import { printable } from './printable.ts';
import { replayCommand, reproduce } from './reproduce.ts';

export interface ConsoleOptions {
  readonly colour: boolean;
  /** Columns of the terminal; undefined where there is none. */
  readonly width: number | undefined;
  /** Folder of the run, where its counterexamples lie; undefined where it has none. */
  readonly folder?: string;
}

/** Failures told in full, so that the reason for a red stays on one screen; every other one has a line. */
const FULL_FAILURES = 2;
const SHOWN_LINES = 3;
const SHOWN_STEPS = 16;
/** Flows that a reason is named for, one a line; more are counted, and the page has them. */
const NAMED_FLOWS = 4;
const NO_TERMINAL_COLUMNS = 120;
const LEAST_COLUMNS = 60;

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

/**
 * The run for a terminal. What was measured comes first and what was decided last, since the end is what stays on the
 * screen: what could not be decided, failures with the command that reproduces each, counts, and the answer.
 */
export function consoleReport(run: Run, { colour, width, folder }: ConsoleOptions): string {
  const columns = Math.max(LEAST_COLUMNS, width ?? NO_TERMINAL_COLUMNS);
  const paint = painter(colour);
  const blocks = [
    latencies(run, columns),
    loads(run, columns),
    undecided(run, columns, paint),
    ...failures(run, columns, paint, folder),
    ending(run, columns, paint),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** What could not be decided, the counts and the answer: the end of the report. */
export function consoleAnswer(run: Run, { colour, width }: ConsoleOptions): string {
  const columns = Math.max(LEAST_COLUMNS, width ?? NO_TERMINAL_COLUMNS);
  const paint = painter(colour);
  const open = undecided(run, columns, paint);
  return [...open, ...(open.length === 0 ? [] : ['']), ...ending(run, columns, paint)].join('\n').concat('\n');
}

const painter =
  (colour: boolean): Paint =>
  (style, text) =>
    colour ? styleText(style, text, { validateStream: false }) : text;

function ending(run: Run, columns: number, paint: Paint): readonly string[] {
  return [
    ...wrapped(calibrationText(run), columns, ''),
    ...wrapped(counts(run), columns, ''),
    ...wrapped(run.sentence, columns, '').map((line) => paint(['bold', answerColour(run)], line)),
  ];
}

function answerColour({ answer }: Run): 'green' | 'red' | 'yellow' {
  switch (answer) {
    case 'holds':
      return 'green';
    case 'does not hold':
      return 'red';
    case 'cannot be said':
      return 'yellow';
  }
}

function latencies(run: Run, columns: number): readonly string[] {
  const flows = flowsOf(run).flatMap(({ id }) => {
    const measured = run.latencies.filter(({ flow, count: n }) => flow === id && n > 0);
    return measured.length === 0 ? [] : [{ id, measured }];
  });
  if (flows.length === 0) return [];
  const wide = Math.max(...flows.map(({ id }) => printable(id).length));
  return [
    'Latency, p50 and p99 of its slowest receiver',
    ...flows.map(({ id, measured }) =>
      cut(`  ${printable(id).padEnd(wide)}  ${latencyText(slowest(measured))}`, columns),
    ),
  ];
}

function slowest(measured: readonly Latency[]): Latency | undefined {
  return measured.toSorted((a, b) => b.p99Ms - a.p99Ms)[0];
}

function latencyText(latency: Latency | undefined): string {
  if (latency === undefined) return '';
  const { p50Ms, p99Ms, objectiveMs, application, count: n } = latency;
  const measured = `${duration(p50Ms).padStart(8)} ${duration(p99Ms).padStart(8)}`;
  return `${measured}  objective ${duration(objectiveMs)}, ${printable(application)}, ${counted(n, 'message')}`;
}

/** What is inconclusive, and what is not tested though the answer rests on it: each reason with what it holds for. */
function undecided(run: Run, columns: number, paint: Paint): readonly string[] {
  const binds = binding(run);
  // Workloads by chance claim nothing: what they did not test is no news.
  const untested =
    run.header.claim.explored === true ? [] : verdictsOf(run, 'not-tested').filter(({ clause }) => binds(clause));
  return [...reasons('–', untested, columns, paint), ...reasons('?', verdictsOf(run, 'inconclusive'), columns, paint)];
}

function reasons(mark: string, list: readonly Verdict[], columns: number, paint: Paint): readonly string[] {
  return groupBy(list, ({ reason }) => reason).flatMap(({ key, verdicts }) => [
    ...labelled(mark, key, columns).map((line) => paint('yellow', line)),
    ...named(verdicts).flatMap((line) => wrapped(line, columns, '      ')),
  ]);
}
function loads(run: Run, columns: number): readonly string[] {
  if (run.loads.length === 0) return [];
  const wide = Math.max(...run.loads.map(({ flow }) => printable(flow).length));
  return [
    'Latency under load, p50, p99 and p99.9 at each subscriber',
    ...run.loads.flatMap((load) => [
      cut(
        `  ${printable(load.flow).padEnd(wide)}  ${rate(load.drivenPerSecond)}, objective ${duration(load.objectiveMs)}, generator late by ${duration(load.lateness.p99Ms)} at p99`,
        columns,
      ),
      ...latencyRows(load).map(({ who, latency }) => {
        const measured = [0.5, 0.99, 0.999].map((share) => percentileText(latency, share).padStart(8)).join(' ');
        return cut(`    ${measured}  ${printable(who)}, ${counted(latency.count, 'message')}`, columns);
      }),
    ]),
  ];
}

/** `ORD-1, ORD-2 on incident-lifecycle/incidents`; where the flows are many, `PER-3 on 14 flows`. */
function named(verdicts: readonly Verdict[]): readonly string[] {
  const flows = groupBy(verdicts, ({ flow }) => flow);
  if (flows.length > NAMED_FLOWS) {
    return groupBy(verdicts, ({ clause }) => clause).map(
      ({ key, verdicts: of }) => `${key} on ${counted(of.length, 'flow')}`,
    );
  }
  return flows.map(({ key, verdicts: of }) => `${of.map(({ clause }) => clause).join(', ')} on ${key}`);
}

function failures(run: Run, columns: number, paint: Paint, folder: string | undefined): readonly (readonly string[])[] {
  const failed = verdictsOf(run, 'fail');
  const rest = failed.slice(FULL_FAILURES);
  const others = rest.map(({ clause, flow, reason }) => {
    const text = cut(printable(`${clause} on ${flow}: ${reason}`), columns - 'FAIL  '.length);
    return `${paint('red', 'FAIL')}  ${text}`;
  });
  // The first stand last, next to the answer.
  const full = failed
    .slice(0, FULL_FAILURES)
    .map((verdict) => [...failure(run, verdict, columns, paint), ...smallest(run, verdict, columns, paint, folder)])
    .toReversed();
  return [others, ...full];
}

function failure(run: Run, verdict: Verdict, columns: number, paint: Paint): readonly string[] {
  const clause = clausesOf(run).get(verdict.clause);
  const first = verdict.failures[0];
  const requirements = requirementsOf(run, verdict.clause).map(({ id }) => id);
  const lines = first === undefined ? [] : evidenceReader(run)(first);
  const hidden = lines.length - SHOWN_LINES;
  const title = `${paint(['bold', 'red'], 'FAIL')}  ${paint('bold', printable(`${verdict.clause} on ${verdict.flow}`))}`;
  return [
    `${title}${clause === undefined ? '' : `  (${standing(run, clause)})`}`,
    ...(clause === undefined ? [] : labelled('', clause.text, columns)),
    ...(requirements.length === 0 ? [] : labelled('for', requirements.join(', '), columns)),
    ...(first === undefined
      ? labelled('', verdict.reason, columns)
      : [...labelled('expected', first.expected, columns), ...labelled('observed', first.observed, columns)]),
    ...lines
      .slice(0, SHOWN_LINES)
      .map((line, at) => cut(labelled(at === 0 ? 'proof' : '', lineText(line), Infinity).join(''), columns)),
    ...(hidden > 0 ? labelled('', `and ${counted(hidden, 'line')} more`, columns) : []),
    ...(verdict.failed > 1 ? labelled('failed', `${count(verdict.failed)} times; this is the first`, columns) : []),
    ...(first === undefined ? [] : [`  ${'again'.padEnd(LABEL)}${paint('cyan', reproduce(run, first.trial))}`]),
  ];
}

/** The smallest sequence of messages that shows a failure, where one was looked for, and how to see it again. */
function smallest(
  run: Run,
  verdict: Verdict,
  columns: number,
  paint: Paint,
  folder: string | undefined,
): readonly string[] {
  const counterexample = counterexampleOf(run, verdict);
  if (counterexample === undefined) return [];
  const lines = sequenceText(counterexample);
  const hidden = lines.length - SHOWN_STEPS;
  const file = counterexampleFile(counterexample);
  const path = folder === undefined ? file : `${folder.replace(/\/$/u, '')}/${file}`;
  return [
    ...labelled('smallest', sizeText(counterexample), columns),
    ...lines.slice(0, SHOWN_STEPS).map((line) => cut(`${' '.repeat(2 + LABEL)}${line}`, columns)),
    ...(hidden > 0 ? labelled('', `and ${counted(hidden, 'line')} more in the report`, columns) : []),
    `  ${'replay'.padEnd(LABEL)}${paint('cyan', replayCommand(run, path))}`,
  ];
}

function counts(run: Run): string {
  const binds = binding(run);
  const claimed = run.verdicts.filter(({ clause }) => binds(clause));
  const others = run.verdicts.filter(({ clause }) => !binds(clause));
  const said = (verdicts: readonly Verdict[]): string =>
    tally(verdicts)
      .map(([word, n]) => `${count(n)} ${verdictText(word)}`)
      .join(', ') || 'none';
  const { profile } = run.header.claim;
  return `MUST of ${profile}: ${said(claimed)}${others.length === 0 ? '' : `; others: ${said(others)}`}; ${counted(run.trials.length, 'trial')} in ${duration(run.durationMs)}, seed ${String(run.header.seed)}`;
}

const LABEL = 10;

function labelled(label: string, text: string, columns: number): readonly string[] {
  const margin = ' '.repeat(2 + LABEL);
  const [first = '', ...rest] = wrapped(text, columns, margin);
  return [`  ${label.padEnd(LABEL)}${first.trimStart()}`, ...rest];
}

/** Lines of whole words; a word that is wider than a line stays whole, so that it can be copied. */
function wrapped(text: string, columns: number, margin: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text).split(' ')) {
    if (line !== '' && margin.length + line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => `${margin}${each}`);
}

function cut(line: string, columns: number): string {
  return line.length <= columns ? line : `${line.slice(0, columns - 1).toWellFormed()}…`;
}
