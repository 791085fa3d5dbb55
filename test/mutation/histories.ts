import { bank } from '../../harness/calibrate/bank/index.ts';
import { readJournal } from '../../harness/evidence/journal-reader.ts';
import { judgeTrial } from '../../harness/evidence/judge.ts';
import type { JudgedTrial } from '../../harness/model/judgement.ts';
import type { CollectedTest } from './collected.ts';

const clauseOf = new Map(bank.map(({ name, clause }) => [name, clause]));

/** What `calibrate` asks of a trial: a defect fails its clause; what is in good health fails none, and leaves none undecided. */
export function isAsExpected({ header, findings }: JudgedTrial): boolean {
  const clause = clauseOf.get(header.id);
  if (clause !== undefined) return findings.some((finding) => finding.clause === clause && finding.failed > 0);
  return findings.every(
    ({ failed, undecided, clause: id }) => failed === 0 && (undecided === undefined || !header.clauses.includes(id)),
  );
}

/** A test for each history of a journal. */
export function historyTests(file: string): readonly CollectedTest[] {
  const { header, trials } = readJournal(file);
  return trials.map((trial) => ({
    name: `history ${trial.header.id}`,
    run: () => {
      if (!isAsExpected(judgeTrial(header.services, trial))) throw new Error('calibrate would be red');
    },
  }));
}
