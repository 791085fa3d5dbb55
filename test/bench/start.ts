/**
 * What the main job costs a user: from the bus being up to the first verdict, and the whole run of all services. It asserts
 * nothing. `node test/bench/start.ts [runs]`
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const cli = resolve(import.meta.dirname, '../../harness/cli/main.ts');
const runs = Number(process.argv[2] ?? 3);

for (let seed = 1; seed <= runs; seed++) {
  const out = mkdtempSync(join(tmpdir(), 'busworthy-bench-'));
  try {
    console.log(await once(seed, out));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

async function once(seed: number, out: string): Promise<string> {
  const began = performance.now();
  const child = spawn(process.execPath, [cli, 'run', '--seed', String(seed), '--out', out], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  let busMs: number | undefined;
  let firstMs: number | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('bus: ')) busMs ??= performance.now() - began;
    if (line.startsWith('[')) firstMs ??= performance.now() - began;
  }
  const code = await exited;
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  return (
    `seed ${String(seed)}: exit ${String(code)}, bus up after ${seconds(busMs ?? Number.NaN)}, ` +
    `first verdict ${seconds((firstMs ?? Number.NaN) - (busMs ?? Number.NaN))} later, ` +
    `all services after ${seconds(performance.now() - began)}`
  );
}
