/**
 * `npm run seeds -- 20 [first]`: whole runs in good health, a seed each; all of them must be green. With `--record` the result is kept
 * beside this file, seeds that are green there already are passed over, and what was broken off goes on where it ended.
 * `npm run seeds -- 1 1 custody-task --through-adapters` runs that alone, its every end a process.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { failureBound } from '../../harness/model/verdict.ts';
import { openRecord, recordRun } from './record.ts';

const cli = resolve(import.meta.dirname, '../../harness/cli/main.ts');
const runLimitMs = 5 * 60_000;
const options = { record: { type: 'boolean' }, 'through-adapters': { type: 'boolean' } } as const;
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const [count = 5, first = 1] = positionals.slice(0, 2).map(Number);
const taken = [...positionals.slice(2), ...(values['through-adapters'] === true ? ['--through-adapters'] : [])];
if (!(count >= 1 && first >= 1) || (values.record === true && taken.length > 0)) {
  console.error('how many seeds, and the first of them: npm run seeds -- 100 1 --record (of whole runs alone)');
  process.exit(3);
}

const out = mkdtempSync(join(tmpdir(), 'busworthy-seeds-'));
const now = (): string => new Date().toISOString();
let record = values.record === true ? openRecord(now()) : undefined;
const already = new Set(record?.green);
let green = 0;
let tried = 0;
try {
  for (let seed = first; seed < first + count; seed++) {
    if (already.has(seed)) continue;
    const began = performance.now();
    const folder = join(out, String(seed));
    const args = [cli, 'run', ...taken, '--seed', String(seed), '--out', folder];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: runLimitMs });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`seed ${String(seed)}: ${status === 0 ? 'green' : `exit ${String(status)}`}, ${seconds} s`);
    tried++;
    if (record !== undefined) {
      record = recordRun(record, { seed, exitCode: status, natsServer: serverOf(folder), now: now() });
    }
    rmSync(folder, { recursive: true, force: true });
    if (status === 0) green++;
    else {
      const told = stdout.split('\n').filter((line) => !/ {2}ok {2}/.test(line));
      console.log(told.join('\n'), stderr);
    }
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
const bound =
  green === tried && tried > 0
    ? `: at most ${(100 * failureBound(tried)).toFixed(1)} % of runs are red, with 95 % confidence`
    : '';
if (already.size > 0) console.log(`\n${String(already.size)} seeds were green before, of the same sources`);
console.log(`\n${String(green)} of ${String(tried)} seeds green${bound}`);
console.log(`${String(green)} passed, ${String(tried - green)} failed`);
process.exitCode = green === tried ? 0 : 1;

/** Version of the server that a run had; '' where it wrote no report. */
function serverOf(folder: string): string {
  try {
    const { header } = JSON.parse(readFileSync(join(folder, 'latest/run.json'), 'utf8')) as {
      readonly header: { readonly environment: { readonly bus: { readonly serverVersion: string } } };
    };
    return header.environment.bus.serverVersion;
  } catch {
    return '';
  }
}
