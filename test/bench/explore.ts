/**
 * How many small runs a second one server takes, each in accounts of its own with everything observed and judged: three messages that
 * all applications accept, and workloads by chance. It prints figures and asserts nothing. `node test/bench/explore.ts [runs]`
 */
import { startProcess } from '../../harness/bus/runtime/process.ts';
import { loadContracts, shorten } from '../../harness/contracts/index.ts';
import { startClock } from '../../harness/engine/clock.ts';
import { performAll } from '../../harness/engine/schedule.ts';
import { Stage } from '../../harness/explore/stage.ts';
import { WorkloadBuilder } from '../../harness/generate/workload-builder.ts';
import type { Flow, Service } from '../../harness/model/flow.ts';
import type { Workload } from '../../harness/model/workload.ts';
import { property } from '../../scenarios/property.ts';

const runs = Number(process.argv[2] ?? 60);
const timeScale = 0.005;
const { services } = await loadContracts('contracts', ['custody-task', 'incident-lifecycle', 'records-check']);
await using bus = await startProcess({});
const { signal } = new AbortController();

function plain(service: Service, flow: Flow, seed: number): Workload {
  const build = new WorkloadBuilder(service, flow, seed);
  build.sendInLanes(build.messages(3));
  return build.build();
}

for (const declared of services) {
  const { service } = shorten(declared, timeScale);
  const [flow] = service.flows;
  if (flow === undefined) continue;
  const stage = new Stage({ services: [service], bus });
  for (const [name, workloadOf, widths] of [
    ['three messages', plain, [1, 4, 8]],
    // Most of it is waiting for back-offs and windows: the wider, the more of that goes on at once.
    ['by chance', property.workload, [8, 16, 32]],
  ] as const) {
    for (const width of widths) {
      const perform = async (seed: number): Promise<void> => {
        const header = { id: name, flow: flow.id, scenario: name, title: name, clauses: [], seed };
        stage.judge(await stage.perform({ header, service, flow, workload: workloadOf(service, flow, seed) }, signal));
      };
      await perform(0);
      const { now } = startClock();
      const before = process.cpuUsage();
      await performAll(
        Array.from({ length: runs }, (_, at) => at + 1),
        width,
        perform,
        signal,
      );
      const { user, system } = process.cpuUsage(before);
      const perSecond = (runs / now()) * 1000;
      console.log(
        `${flow.id.padEnd(32)} ${name.padEnd(14)} ${String(width)} side by side: ${perSecond.toFixed(1)} runs / s, ${((user + system) / 1000 / runs).toFixed(0)} ms of CPU each`,
      );
    }
  }
}
