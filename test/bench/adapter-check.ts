/**
 * What a supplier waits for: from `adapter check` to the words on the first event each way (asked: under 3 s), and the check of the whole
 * role (under 20 s), with the TypeScript adapter that stands alone as a consumer; beside it the same flows with the harness's own adapters,
 * which start no process. It asserts nothing. `node test/bench/adapter-check.ts [runs]`
 */
import { join, resolve } from 'node:path';

import { seconds, timed } from './timed.ts';

const runs = Number(process.argv[2] ?? 3);
const adapter = join(
  resolve(import.meta.dirname, '../../harness/adapters/reference/typescript-standalone'),
  'forensic.yaml',
);

for (let seed = 1; seed <= runs; seed++) {
  const chosen = ['--seed', String(seed)];
  const check = await timed(['adapter', 'check', adapter, ...chosen], /^from the bus /, /^to the bus /);
  const direct = await timed(['run', 'custody-task', ...chosen]);
  const [from, to] = check.firstMs;
  console.log(
    `seed ${String(seed)}: exit ${String(check.code)}, an event from the bus after ${seconds(from)}, to the bus after ${seconds(to)}, ` +
      `the whole role after ${seconds(check.totalMs)}; without processes exit ${String(direct.code)} after ` +
      `${seconds(direct.totalMs)}, ratio ${(check.totalMs / direct.totalMs).toFixed(1)}`,
  );
}
