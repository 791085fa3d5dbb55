/** `npm test`: every step in turn, all of them whatever fails, then the sum. `npm test -- lint unit` runs the named ones. */
import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { closingLine, runStep } from './tools/step.ts';
import type { Step, StepResult } from './tools/step.ts';

const ROOT = resolve(import.meta.dirname, '..');
const MINUTE_MS = 60_000;
const CLI = 'harness/cli/main.ts';

const STEPS: readonly Step[] = [
  habit('types'),
  habit('lint'),
  habit('format:check'),
  habit('boundaries'),
  habit('unused'),
  tests('tools', 5 * MINUTE_MS),
  tests('unit', 15 * MINUTE_MS, 'test/**/*.test.ts'),
  tests('integration', 15 * MINUTE_MS),
  tests('cli', 15 * MINUTE_MS),
  tests('browser', 5 * MINUTE_MS),
  {
    name: 'contracts',
    command: npm('busworthy', 'contracts', 'check'),
    counts: 'itself',
    timeoutMs: MINUTE_MS,
    needs: CLI,
  },
  {
    name: 'calibrate',
    command: npm('busworthy', 'calibrate'),
    counts: 'itself',
    timeoutMs: 10 * MINUTE_MS,
    needs: CLI,
  },
  {
    name: 'programs',
    command: npm('busworthy', 'calibrate', '--through-adapters', '--sample', '12', '--seed', '1'),
    counts: 'itself',
    timeoutMs: 10 * MINUTE_MS,
    needs: CLI,
  },
  { name: 'seeds', command: npm('seeds', '5'), counts: 'its tests', timeoutMs: 10 * MINUTE_MS },
  {
    // Every end a process of its own: all of two services, for all would take a quarter of an hour.
    name: 'through-adapters',
    command: npm('seeds', '1', '1', 'custody-task', 'records-check', '--through-adapters'),
    counts: 'its tests',
    timeoutMs: 10 * MINUTE_MS,
  },
];

function habit(name: string): Step {
  return { name, command: npm(name), counts: 'itself', timeoutMs: 3 * MINUTE_MS };
}

function tests(project: string, timeoutMs: number, needs = `test/${project}/**/*.test.ts`): Step {
  return { name: project, command: npm('unit', '--project', project), counts: 'its tests', timeoutMs, needs };
}

function npm(script: string, ...args: string[]): Step['command'] {
  return ['npm', 'run', '--silent', script, ...(args.length > 0 ? ['--', ...args] : [])];
}

function select(names: readonly string[]): readonly Step[] {
  const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(`no step ${unknown.join(', ')}: there are ${STEPS.map(({ name }) => name).join(', ')}`);
    process.exit(3);
  }
  return names.length === 0 ? STEPS : STEPS.filter(({ name }) => names.includes(name));
}

async function run(step: Step): Promise<StepResult> {
  if (step.needs !== undefined && globSync(step.needs, { cwd: ROOT }).length === 0) {
    return {
      name: step.name,
      passed: 0,
      failed: 0,
      skipped: [`${step.name}: there is no ${step.needs}`],
      durationMs: 0,
    };
  }
  return await runStep(step, (line) => console.log(`  ${line}`));
}

function row({ name, passed, failed, skipped, durationMs, trouble }: StepResult): string {
  const verdict = failed > 0 ? 'FAILED' : passed > 0 ? 'ok' : 'not run';
  const counts = [
    `${String(passed)} passed`,
    `${String(failed)} failed`,
    ...(skipped.length > 0 ? [`${String(skipped.length)} skipped`] : []),
  ];
  const why = trouble === undefined ? '' : ` (${trouble})`;
  return `${verdict.padEnd(8)}${name.padEnd(14)}${(durationMs / 1000).toFixed(1).padStart(7)} s  ${counts.join(', ')}${why}`;
}

// Every tool is the pinned one, on the pinned Node, and plain text, however this file was started.
process.chdir(ROOT);
process.env['PATH'] = `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
process.env['NO_COLOR'] = '1';
delete process.env['FORCE_COLOR'];

const results: StepResult[] = [];
const steps = select(process.argv.slice(2));
for (const [index, step] of steps.entries()) {
  console.log(`[${String(index + 1)}/${String(steps.length)}] ${step.name}`);
  results.push(await run(step));
}

console.log('\nsteps:');
for (const result of results) console.log(`  ${row(result)}`);
for (const reason of results.flatMap(({ skipped }) => skipped)) console.log(`skipped: ${reason}`);
for (const { name, last = [] } of results.filter(({ failed }) => failed > 0)) {
  console.log(`\n${name} failed, and ended with:`);
  for (const line of last) console.log(`  ${line}`);
  console.log(`to repeat: npm test -- ${name}`);
}
console.log(closingLine(results));
process.exitCode = results.some(({ failed }) => failed > 0) ? 1 : 0;
