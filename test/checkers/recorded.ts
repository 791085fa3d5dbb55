import { judgeTrial } from '../../harness/evidence/judge.ts';
import { readJournal, type JournalTrial } from '../../harness/evidence/journal-reader.ts';
import { rowAt, tableNames, type History } from '../../harness/model/history.ts';
import type { Flow, Service } from '../../harness/model/flow.ts';
import type { Finding } from '../../harness/model/verdict.ts';
import { recordedFile } from './approved.ts';
import { historyOf, type Rows } from './build.ts';

export interface Recorded {
  readonly name: string;
  readonly flow: Flow;
  /** Its rows, which may be changed. */
  readonly rows: () => Rows;
  readonly judge: (rows: Rows) => ReadonlyMap<string, Finding>;
}

const { header, trials } = readJournal(recordedFile);

export const recorded: readonly Recorded[] = trials.map((trial) => recordedOf(header.services, trial));

function recordedOf(services: readonly Service[], trial: JournalTrial): Recorded {
  const flow = services.flatMap(({ flows }) => flows).find(({ id }) => id === trial.header.flow);
  if (flow === undefined) throw new Error(`${recordedFile} has no flow ${trial.header.flow}`);
  return {
    name: `${trial.header.id}, recorded`,
    flow,
    rows: () => rowsOf(trial.history),
    judge: (rows) => {
      const { findings } = judgeTrial(services, { ...trial, history: historyOf(rows) });
      return new Map(findings.map((finding) => [finding.clause, finding]));
    },
  };
}

const rowsOf = (history: History): Rows =>
  Object.fromEntries(
    tableNames.map((table) => [
      table,
      Array.from({ length: history[table].length }, (_, at) => rowAt(history, table, at)),
    ]),
  ) as unknown as Rows;
