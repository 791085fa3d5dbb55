/**
 * `npm run record`: performs the defect bank on a bus as `calibrate` does, with the harness's own adapters, and behind relays what only a program
 * shows; it keeps those histories of which something is said that is said of no other: the tests of the checkers read them (see neighbours.ts).
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess } from '../../harness/bus/runtime/process.ts';
import { bank } from '../../harness/calibrate/bank/index.ts';
import { calibrate, type CalibrationOptions } from '../../harness/calibrate/calibrate.ts';
import { needsProgram } from '../../harness/calibrate/defect.ts';
import { FaultyEnds } from '../../harness/calibrate/faulty-ends.ts';
import { lastCalibration } from '../../harness/calibrate/record.ts';
import { loadContracts, shorten } from '../../harness/contracts/index.ts';
import type { JournalTrial } from '../../harness/evidence/journal-reader.ts';
import { JournalWriter } from '../../harness/evidence/journal-writer.ts';
import { judgeTrial } from '../../harness/evidence/judge.ts';
import { tableNames } from '../../harness/model/history.ts';
import type { RunHeader } from '../../harness/model/run.ts';
import { recordedFile } from './approved.ts';
import { linesOf } from './said.ts';

const contracts = join(import.meta.dirname, '../../contracts');
/** As `calibrate` has them where it is told nothing else. */
const [timeScale, width] = [0.005, 8];

const { services: declared, catalogue } = await loadContracts(contracts);
const services = declared.map((service) => shorten(service, timeScale).service);
/** That of the calibration that is checked in. */
const { seed } = lastCalibration(catalogue, '') ?? { seed: 1 };
await using bus = await startProcess();
await using programs = await FaultyEnds.open(contracts);
const { signal } = new AbortController();

const direct = await trialsOf('', { bank: bank.filter((defect) => !needsProgram(defect)), width });
const behindRelays = await trialsOf(', behind relays', { bank: bank.filter(needsProgram), width: 3, ends: programs });
const said = new Set<string>();
const kept = [...keptOf(direct, ''), ...keptOf(behindRelays, 'behind relays')];
rmSync(recordedFile, { force: true });
using journal = new JournalWriter(recordedFile, { format: 1, services } as unknown as RunHeader);
for (const trial of kept.toSorted((a, b) => (a.header.id < b.header.id ? -1 : 1)))
  if (trial.end !== undefined) journal.end(journal.begin(trial.header), trial.history, trial.end);
journal.finish(0);
console.log(`kept ${String(kept.length)} of ${String(direct.length + behindRelays.length)} histories`);

/** The trials of a calibration, but for those that measure load: they are long, and much the same all along. */
async function trialsOf(
  where: string,
  options: Pick<CalibrationOptions, 'bank' | 'width' | 'ends'>,
): Promise<readonly JournalTrial[]> {
  const trials: JournalTrial[] = [];
  await calibrate({
    ...options,
    bank: options.bank.filter(({ clause }) => !clause.startsWith('PER-')),
    services,
    catalogue,
    bus,
    seed,
    signal,
    onResult: ({ name }, { header, history, end }) => {
      if (end !== undefined) trials.push({ header: { ...header, id: `${name}${where}` }, history, end });
    },
  });
  return trials;
}

/** The smallest of those of which the same is said, figures and names of applications apart; of what is in good health, one of each scenario. */
function keptOf(trials: readonly JournalTrial[], where: string): readonly JournalTrial[] {
  return trials
    .toSorted((a, b) => rowsIn(a) - rowsIn(b))
    .filter((trial) => {
      const findings = new Map(judgeTrial(services, trial).findings.map((finding) => [finding.clause, finding]));
      const [, ...lines] = linesOf(findings);
      const kinds = lines.length === 0 ? [`${trial.header.scenario} ${where}`] : lines.map((line) => shapeOfLine(line));
      const isNew = kinds.some((kind) => !said.has(kind));
      for (const kind of kinds) said.add(kind);
      return isNew;
    });
}

function rowsIn({ history }: JournalTrial): number {
  return tableNames.reduce((sum, table) => sum + history[table].length, 0);
}

function shapeOfLine(line: string): string {
  return line.replaceAll(/"[^"]*"|[\w-]*\d[\w.:-]*|\b[a-z]+-[a-z-]+\b/gu, '#').replace(/\(.*\)$/u, '');
}
