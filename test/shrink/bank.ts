/**
 * `npm run shrink:bank -- [defect…]`: shrinks what each defect of the bank breaks, and says how small it gets and how often the
 * smallest workload fails again. Prints a line a defect and the medians; `--out FILE` writes them down.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startProcess } from '../../harness/bus/runtime/process.ts';
import { bank } from '../../harness/calibrate/bank/index.ts';
import type { Defect } from '../../harness/calibrate/defect.ts';
import { loadContracts, shorten } from '../../harness/contracts/index.ts';
import { failureIn, minimise } from '../../harness/explore/minimise.ts';
import { Stage } from '../../harness/explore/stage.ts';
import { planTrials } from '../../scenarios/plan.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '30' },
    runs: { type: 'string', default: '120' },
    out: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});

const timeScale = 0.02;
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
const rows: string[] = [];
const sizes: { readonly messages: number; readonly events: number }[] = [];
let always = 0;
for (const defect of chosen) {
  if (defect.scenario === 'load') continue;
  const result = await small(defect);
  if (result === undefined) {
    rows.push(`| ${defect.name} | ${defect.clause} | not caught with this seed | | | | |`);
  } else {
    const { before, after, rate, runs, durationMs, minimal, control } = result;
    sizes.push(after);
    if (rate.failed === rate.tried) always++;
    rows.push(
      `| ${defect.name} | ${defect.clause} | ${String(before.messages)} / ${String(before.events)} | ${String(after.messages)} / ${String(after.events)} | ` +
        `${String(rate.failed)} of ${String(rate.tried)} | ${String(runs)}, ${(durationMs / 1000).toFixed(1)} s | ${minimal ? '' : 'budget used up'}${control === false ? ' fails in good health, too' : ''} |`,
    );
  }
  console.log(rows.at(-1));
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
