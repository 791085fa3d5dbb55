/**
 * What the main job costs a user: from the bus being up to the first verdict, and the whole run of all services. It asserts
 * nothing. `node test/bench/start.ts [runs]`
 */
import { seconds, timed } from './timed.ts';

const runs = Number(process.argv[2] ?? 3);

for (let seed = 1; seed <= runs; seed++) {
  const { code, firstMs, totalMs } = await timed(['run', '--seed', String(seed)], /^bus: /, /^\[/);
  const [busMs = Number.NaN, verdictMs = Number.NaN] = firstMs;
  console.log(
    `seed ${String(seed)}: exit ${String(code)}, bus up after ${seconds(busMs)}, ` +
      `first verdict ${seconds(verdictMs - busMs)} later, all services after ${seconds(totalMs)}`,
  );
}
