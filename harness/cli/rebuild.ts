import { journalPlanned } from '../engine/planned-rows.ts';
import { materialise } from '../generate/events/materialise.ts';
import { HistoryBuilder, rowAt } from '../model/history.ts';
import { scenarios } from '../../scenarios/index.ts';
import { property } from '../../scenarios/property.ts';
import type { Journal, JournalTrial } from '../evidence/journal-reader.ts';

/** How a trial's journal differs from what its seed gives; nothing where they agree. */
export interface Difference {
  readonly trial: string;
  readonly what: string;
}

/** Builds every trial's events again, from its scenario, its seed and its start, and compares them with those that the journal says were sent. */
export function rebuild(journal: Journal): readonly Difference[] {
  return journal.trials.flatMap((trial) => {
    const what = trial.end === undefined ? undefined : difference(journal, trial);
    return what === undefined ? [] : [{ trial: trial.header.id, what }];
  });
}

function difference(journal: Journal, { header, history, end }: JournalTrial): string | undefined {
  const service = journal.header.services.find((candidate) => header.flow.startsWith(`${candidate.name}/`));
  const flow = service?.flows.find((candidate) => candidate.id === header.flow);
  const scenario = [...scenarios, property].find((candidate) => candidate.name === header.scenario);
  if (service === undefined || flow === undefined) return 'this version has no such flow';
  const workload = header.counterexample?.workload ?? scenario?.workload(service, flow, header.seed);
  if (workload === undefined) return 'this version has no such scenario';
  const epochMs = end?.epochMs ?? 0;
  const builder = new HistoryBuilder();
  journalPlanned(builder, service, materialise(workload, service, epochMs), epochMs);
  const again = builder.history();
  if (again.planned.length !== history.planned.length) {
    return `the seed gives ${String(again.planned.length)} events, the journal has ${String(history.planned.length)}`;
  }
  for (let row = 0; row < again.planned.length; row++) {
    if (JSON.stringify(rowAt(again, 'planned', row)) !== JSON.stringify(rowAt(history, 'planned', row))) {
      return `event ${String(row)} is not the one that the seed gives`;
    }
  }
  return undefined;
}
