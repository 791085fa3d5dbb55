/**
 * `npm run calibrate:programs`: every defect of an adapter as a program behind the application port, each on its own flow and scenario, and
 * these in good health. Writes what came of it to `through-adapters.json` beside this file; exits as `calibrate` does.
 * `npm run calibrate:programs -- --seed 7`
 */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const target = join(import.meta.dirname, 'through-adapters.json');
const chosen = process.argv.slice(2);
const command = ['harness/cli/main.ts', 'calibrate', '--through-adapters', '--json'];
const child = spawn(process.execPath, [...command, ...(chosen.length === 0 ? ['--seed', '1'] : chosen)], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
});
let text = '';
child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
child.once('close', (code) => {
  if (text === '') process.exit(code ?? 4);
  void written(text).then(() => process.exit(code ?? 4));
});

interface Result {
  readonly name: string;
  readonly flow: string;
  readonly scenario: string;
  readonly defect?: { readonly clause: string };
  readonly result: string;
  readonly seed: number;
  readonly durationMs: number;
}

/** One line a result: what it is, what came of it, and how long it took. */
async function written(json: string): Promise<void> {
  const lines = (JSON.parse(json) as readonly Result[])
    .map(({ name, flow, scenario, defect, result, seed, durationMs }) =>
      JSON.stringify({
        name,
        clause: defect?.clause ?? '',
        flow,
        scenario,
        result,
        seed,
        seconds: Math.round(durationMs / 100) / 10,
      }),
    )
    .toSorted();
  await writeFile(target, `[\n${lines.map((line) => `  ${line}`).join(',\n')}\n]\n`);
}
