import type { Counterexample } from '../harness/model/counterexample.ts';
import type { Run } from '../harness/model/run.ts';
import { count, counted, duration, instant, percent } from './figures.ts';
import { serviceOf } from './overview.ts';
import { printable } from './printable.ts';
import { replayCommand } from './reproduce.ts';

/** Version of the file of a counterexample. */
export const counterexampleFormat = 1;

/** Name of a counterexample's file in the folder of its run. */
export function counterexampleFile({ clause, flow }: Counterexample): string {
  return `counterexample-${clause}-${flow.replaceAll(/[^\w-]+/gu, '-')}.json`;
}

/** The counterexample of a failed verdict, if one was looked for. */
export function counterexampleOf(
  run: Run,
  verdict: { readonly clause: string; readonly flow: string },
): Counterexample | undefined {
  return run.counterexamples?.find(({ clause, flow }) => clause === verdict.clause && flow === verdict.flow);
}

/** All that it takes to perform the smallest failing workload again, as a file; `busworthy replay` reads it. */
export function counterexampleJson(run: Run, counterexample: Counterexample): string {
  const { header } = run;
  const { clause, flow, of, scenario, seed, workload, rate, failure } = counterexample;
  const service = serviceOf(run, flow);
  const { busworthy, node, platform, bus, adapters } = header.environment;
  const document = {
    kind: 'busworthy-counterexample',
    format: counterexampleFormat,
    clause,
    service: service?.name ?? '',
    flow,
    found: { trial: of, scenario, trialSeed: seed, runSeed: header.seed, at: header.startedAt },
    verdict: {
      verdict: 'fail',
      ...(failure === undefined ? {} : { expected: failure.expected, observed: failure.observed }),
      failed: rate.failed,
      tried: rate.tried,
      ...(counterexample.control === undefined ? {} : { ownAdaptersPass: counterexample.control }),
    },
    shrunk: {
      before: counterexample.before,
      after: counterexample.after,
      runs: counterexample.runs,
      durationMs: Math.round(counterexample.durationMs),
      minimal: counterexample.minimal,
    },
    contracts: service === undefined ? {} : { [service.name]: service.digest },
    timeScale: header.timeScale,
    versions: { busworthy, node, platform, natsServer: bus.serverVersion },
    bus: bus.runtime,
    adapters: adapters?.filter((adapter) => adapter.service === service?.name) ?? [],
    ...(header.defect === undefined ? {} : { defect: header.defect }),
    command: replayCommand(run, counterexampleFile(counterexample)),
    ...(counterexample.pacts === undefined ? {} : { pacts: counterexample.pacts }),
    workload,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** `2 messages and 1 event, of 18 and 8; failed in 6 of 6 runs`. */
export function sizeText({ before, after, rate }: Counterexample): string {
  const size = `${counted(after.messages, 'message')} and ${counted(after.events, 'event')}`;
  const was = `of ${count(before.messages)} and ${count(before.events)}`;
  const { failed, tried } = rate;
  const often = `failed in ${count(failed)} of ${counted(tried, 'run')}`;
  return `${size}, ${was}; ${often}${failed < tried && tried > 0 ? ` (${percent(failed / tried)})` : ''}`;
}

/** How it was found, in sentences. */
export function searchText({ runs, durationMs, minimal, control }: Counterexample): string {
  const found = `Found in ${counted(runs, 'run')}, ${duration(durationMs)}`;
  const end = minimal ? 'nothing simpler failed' : 'the budget was used up before everything simpler had been tried';
  const own =
    control === undefined
      ? ''
      : control
        ? ' The harness’s own adapters keep the clause under the same workload.'
        : ' The harness’s own adapters break the clause under the same workload, too.';
  return `${found}; ${end}.${own}`;
}

/** The sequence as lines of text: `   12.3 ms  custody → adapter of custody  sends #1`. What proves the failure has a mark. */
export function sequenceText({ sequence }: Counterexample): readonly string[] {
  const { lifelines, entries, messages, leftOut } = sequence;
  const name = (at: number): string => printable(lifelines[at]?.name ?? '');
  const read = entries.map((entry) => ({
    time: instant(entry.at),
    ends: entry.what === 'mark' ? name(entry.on) : `${name(entry.from)} → ${name(entry.to)}`,
    entry,
  }));
  const wide = (pick: (line: (typeof read)[number]) => string): number =>
    Math.max(0, ...read.map((line) => pick(line).length));
  const [times, ends] = [wide(({ time }) => time), wide((line) => line.ends)];
  return [
    ...messages.map(({ number, text }) => printable(`#${String(number)} ${text}`)),
    ...read.map(
      (line) =>
        `${line.entry.proof ? '!' : ' '} ${line.time.padStart(times)}  ${line.ends.padEnd(ends)}  ${printable(line.entry.text)}`,
    ),
    ...(leftOut === 0 ? [] : [`and ${counted(leftOut, 'line')} more in the journal`]),
  ];
}
