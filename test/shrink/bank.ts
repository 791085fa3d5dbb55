/**
 * `npm run shrink:bank -- [defect…]`: shrinks what each defect of the bank breaks, and says how small it gets and how often the
 * smallest workload fails again. Prints a line a defect and the medians; `--out FILE` writes them down. With `--keep FILE` what a defect came
 * to is kept there as it comes, and passed over the next time: it can be broken off, and goes on.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startProcess } from '../../harness/bus/runtime/process.ts';
import { bank } from '../../harness/calibrate/bank/index.ts';
import { needsProgram, type Defect } from '../../harness/calibrate/defect.ts';
import { loadContracts, shorten } from '../../harness/contracts/index.ts';
import { failureIn, minimise } from '../../harness/explore/minimise.ts';
import { Stage } from '../../harness/explore/stage.ts';
import type { Minimised } from '../../harness/model/counterexample.ts';
import { planTrials } from '../../scenarios/plan.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '30' },
    runs: { type: 'string', default: '120' },
    out: { type: 'string' },
    keep: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});

const timeScale = 0.005;
const { services: declared, catalogue } = await loadContracts('contracts');
const services = declared.map((service) => shorten(service, timeScale).service);
const chosen = positionals.length === 0 ? bank : bank.filter(({ name }) => positionals.includes(name));
await using bus = await startProcess({});
const healthy = new Stage({ services, bus });
const signal = new AbortController().signal;

async function small(defect: Defect) {
  const [plan] = planTrials(
    services,
    catalogue,
    { flows: [defect.flow], scenarios: [defect.scenario] },
    Number(values.seed),
  );
  if (plan === undefined) throw new Error(`${defect.name} has no trial`);
  const stage = healthy.with({ breaks: defect.breaks });
  const { header, service, flow, scenario } = plan;
  const performance = { header, service, flow, workload: scenario.workload(service, flow, header.seed) };
  const trial = await stage.perform(performance, signal);
  if (failureIn(stage, trial, defect.clause) === undefined) return undefined;
  const budget = { runs: Number(values.runs), ms: Number(values.seconds) * 1000 };
  const { minimised } = await minimise(
    { performance, trial, clause: defect.clause },
    { stage, healthy, width: 4, budget, signal },
  );
  if (values.verbose) console.log(JSON.stringify(minimised.workload, null, 1));
  return minimised;
}

const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
/** What became of one defect: undefined where this seed does not show it. */
interface Outcome {
  readonly name: string;
  readonly minimised?: Omit<Minimised, 'workload'>;
}

const { keep } = values;
const before =
  keep === undefined || !existsSync(keep)
    ? []
    : readFileSync(keep, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Outcome);
const outcomes = new Map(before.map((outcome) => [outcome.name, outcome]));

function rowOf({ name, clause }: Defect, minimised: Outcome['minimised']): string {
  if (minimised === undefined) return `| ${name} | ${clause} | not caught with this seed | | | | |`;
  const { before: whole, after, rate, runs, durationMs, minimal, control } = minimised;
  return (
    `| ${name} | ${clause} | ${String(whole.messages)} / ${String(whole.events)} | ${String(after.messages)} / ${String(after.events)} | ` +
    `${String(rate.failed)} of ${String(rate.tried)} | ${String(runs)}, ${(durationMs / 1000).toFixed(1)} s | ${minimal ? '' : 'budget used up'}${control === false ? ' fails in good health, too' : ''} |`
  );
}

const rows: string[] = [];
const sizes: { readonly messages: number; readonly events: number }[] = [];
let always = 0;
for (const defect of chosen) {
  if (defect.scenario === 'load' || needsProgram(defect)) continue;
  const known = outcomes.get(defect.name);
  const minimised = known === undefined ? await small(defect) : known.minimised;
  const row = rowOf(defect, minimised);
  rows.push(row);
  if (known === undefined) {
    console.log(row);
    const outcome: Outcome = { name: defect.name, ...(minimised === undefined ? {} : { minimised }) };
    if (keep !== undefined) appendFileSync(keep, `${JSON.stringify(outcome)}\n`);
  }
  if (minimised === undefined) continue;
  sizes.push(minimised.after);
  if (minimised.rate.failed === minimised.rate.tried) always++;
}
const summary =
  `${String(sizes.length)} failures shrunk, seed ${values.seed}, at most ${values.runs} runs and ${values.seconds} s each: ` +
  `median ${String(median(sizes.map(({ messages }) => messages)))} messages and ${String(median(sizes.map(({ events }) => events)))} events; ` +
  `${String(always)} of ${String(sizes.length)} smallest workloads failed in every try.`;
console.log(summary);
if (values.out !== undefined) {
  const head =
    '| defect | clause | messages / events before | after | failed | runs | |\n|---|---|---|---|---|---|---|\n';
  writeFileSync(values.out, `# The bank of defects, shrunk\n\n${summary}\n\n${head}${rows.join('\n')}\n`);
}
