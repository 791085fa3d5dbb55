/**
 * What a supplier waits for: from `adapter check` to the words on the first event each way (asked: under 3 s), and the check of the whole
 * role (under 20 s), with the TypeScript adapter that stands alone as a consumer, or with those that are named; beside it the service with
 * the harness's own adapters, which start no process. It asserts nothing. `node test/bench/adapter-check.ts [runs] [adapter.yaml …]`
 */
import { join, resolve } from 'node:path';

import { readAdapterFile, serviceOf } from '../../harness/adapters/launch/adapter-file.ts';
import { serviceNames } from '../../harness/contracts/index.ts';
import { seconds, timed } from './timed.ts';

const root = resolve(import.meta.dirname, '../..');
const [runs = '3', ...named] = process.argv.slice(2);
const adapters =
  named.length > 0 ? named : [join(root, 'harness/adapters/reference/typescript-standalone/forensic.yaml')];

for (const adapter of adapters) {
  const service = serviceOf(await readAdapterFile(adapter), await serviceNames(join(root, 'contracts')));
  for (let seed = 1; seed <= Number(runs); seed++) {
    const chosen = ['--seed', String(seed)];
    const check = await timed(['adapter', 'check', adapter, ...chosen], /^from the bus /, /^to the bus /);
    const direct = await timed(['run', service, ...chosen]);
    const [from, to] = check.firstMs;
    console.log(
      `${adapter}, seed ${String(seed)}: exit ${String(check.code)}, an event from the bus after ${seconds(from)}, to the bus after ${seconds(to)}, ` +
        `all of its roles after ${seconds(check.totalMs)}; without processes exit ${String(direct.code)} after ` +
        `${seconds(direct.totalMs)}, ratio ${(check.totalMs / direct.totalMs).toFixed(1)}`,
    );
  }
}
