/** `npm run seeds -- 20 [first] [what run takes]`: whole runs in good health, a seed each; all of them must be green. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { failureBound } from '../../harness/model/verdict.ts';

const cli = resolve(import.meta.dirname, '../../harness/cli/main.ts');
const runLimitMs = 5 * 60_000;
const given = process.argv.slice(2);
const numbers = given.slice(0, 2).filter((word) => /^\d+$/.test(word));
const [count = 5, first = 1] = numbers.map(Number);
const taken = given.slice(numbers.length);

const out = mkdtempSync(join(tmpdir(), 'busworthy-seeds-'));
let failed = 0;
try {
  for (let seed = first; seed < first + count; seed++) {
    const began = performance.now();
    const args = [cli, 'run', ...taken, '--seed', String(seed), '--out', join(out, String(seed))];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: runLimitMs });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`seed ${String(seed)}: ${status === 0 ? 'green' : `exit ${String(status)}`}, ${seconds} s`);
    if (status === 0) continue;
    failed++;
    console.log(
      stdout
        .split('\n')
        .filter((line) => !/ {2}ok {2}/.test(line))
        .join('\n'),
      stderr,
    );
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
const bound =
  failed === 0 ? `: at most ${(100 * failureBound(count)).toFixed(1)} % of runs are red, with 95 % confidence` : '';
console.log(`\n${String(count - failed)} of ${String(count)} seeds green${bound}`);
console.log(`${String(count - failed)} passed, ${String(failed)} failed`);
process.exitCode = failed === 0 ? 0 : 1;
