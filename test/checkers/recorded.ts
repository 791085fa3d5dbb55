import { check } from '../../harness/checkers/index.ts';
import { readJournal, type JournalTrial } from '../../harness/evidence/journal-reader.ts';
import { rowAt, tableNames, type History } from '../../harness/model/history.ts';
import type { Flow, Service } from '../../harness/model/flow.ts';
import type { Contract, Finding } from '../../harness/model/verdict.ts';
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
  const { id, flow: name, clauses, unobserved = [] } = trial.header;
  const service = services.find(({ flows }) => flows.some((flow) => flow.id === name));
  const flow = service?.flows.find((one) => one.id === name);
  if (service === undefined || flow === undefined) throw new Error(`${recordedFile} has no flow ${name}`);
  const contract: Contract = { service, flow, clauses, unobserved };
  return {
    name: `${id}, recorded`,
    flow,
    rows: () => rowsOf(trial.history),
    judge: (rows) => new Map(check(contract, historyOf(rows)).map((finding) => [finding.clause, finding])),
  };
}

const rowsOf = (history: History): Rows =>
  Object.fromEntries(
    tableNames.map((table) => [
      table,
      Array.from({ length: history[table].length }, (_, at) => rowAt(history, table, at)),
    ]),
  ) as unknown as Rows;
