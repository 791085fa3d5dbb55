/** Time from start to end of `busworthy --help`, which is to take less than 150 ms, beside that of Node alone. It prints figures and asserts nothing. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { startClock } from '../../harness/engine/clock.ts';

const runs = 30;
const main = resolve(import.meta.dirname, '../../harness/cli/main.ts');

function report(name: string, args: readonly string[]): void {
  const timesMs = Array.from({ length: runs + 1 }, () => {
    const { now } = startClock();
    const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
    if (status !== 0) throw new Error(`${name} ended with ${String(status)}`);
    return now();
  })
    // The first one fills the caches.
    .slice(1)
    .toSorted((a, b) => a - b);
  const at = (share: number): string => (timesMs[Math.floor(share * (runs - 1))] ?? 0).toFixed(0);
  process.stdout.write(
    `${name.padEnd(18)} least ${at(0)}, median ${at(0.5)}, most ${at(1)} ms of ${String(runs)} runs\n`,
  );
}

report('node', ['--eval', '0']);
report('busworthy --help', [main, '--help']);
