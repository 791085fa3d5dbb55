/**
 * What judging costs: every checker over one synthetic, healthy history of about a million operations. It prints figures and
 * asserts nothing. `node test/bench/judge.ts [messages]`
 */
import { checkers } from '../../harness/checkers/index.ts';
import { HistoryBuilder } from '../../harness/model/history.ts';
import { contractOf } from '../checkers/build.ts';
import { flows, type FlowName } from '../checkers/flows.ts';
import { perform, plainHappenings } from '../checkers/healthy.ts';
import { World } from '../checkers/world.ts';

const messages = Number(process.argv[2] ?? 330_000);
const names: readonly FlowName[] = ['work-queue', 'ordered-stream', 'last-value', 'request-reply'];
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
/** What is kept in flat arrays counts as well as what is on the heap. */
const inUse = (): number => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

for (const name of names) {
  const flow = { ...flows[name], receivers: [{ application: 'one', filter: {} }] };
  const builder = new HistoryBuilder();
  const world = new World(flow, (table, row) => void builder.append(table, row));
  perform(world, plainHappenings(messages, Math.max(1, Math.round(messages / 50))));
  const history = builder.history();
  const operations = history.send.length + history.delivery.length + history.acknowledgement.length;
  const contract = contractOf(
    flow,
    checkers.flatMap((checker) => checker.clauses),
  );
  globalThis.gc?.();
  const before = inUse();
  let most = before;
  const cpu = process.cpuUsage();
  const began = performance.now();
  const parts = checkers.map((checker) => {
    const from = performance.now();
    const failed = checker.check(contract, history).reduce((sum, finding) => sum + finding.failed, 0);
    most = Math.max(most, inUse());
    if (failed > 0) throw new Error(`${checker.name} fails a healthy history`);
    return `${checker.name} ${(performance.now() - from).toFixed(0)}`;
  });
  const tookMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    `${name}: ${operations} operations, ${history.audit.length} audit records, judged in ${tookMs.toFixed(0)} ms (${((user + system) / 1000).toFixed(0)} ms of processor), ` +
      `${mebibytes(most - before)} beside the history's own (${parts.join(', ')} ms)`,
  );
}
