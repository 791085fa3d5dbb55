/**
 * `npm run mutation [-- FILE…]`: changes the checkers and the model in one small way after another, and sees that a test fails for each.
 * Files whose result still stands are passed over, so that what was broken off goes on where it ended; a file that is named is done again.
 * `--survivors` tries again, and looks for longer, on the lines alone that have survivors, of files whose result still stands.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { MutantResult } from '@stryker-mutator/api/core';
import { Stryker } from '@stryker-mutator/core';
import { wholeText } from '../checkers/approved.ts';
import { neighboursFile, neighboursWith } from '../checkers/neighbours.ts';
import { foundVariable, mostMsVariable } from './search.ts';
import { closingLine, scoreOf, type FileResult, type MutationResult, type Survivor } from './result.ts';

const root = resolve(import.meta.dirname, '../..');
const resultFile = join(import.meta.dirname, 'result.json');
/** What is mutated. Types alone are no code. */
const mutated = ['harness/checkers/**/*.ts', 'harness/model/**/*.ts'];

process.chdir(root);
const known = readResult();
const files = globSync(mutated).toSorted();
const { values, positionals: named } = parseArgs({
  options: { survivors: { type: 'boolean' } },
  allowPositionals: true,
});
const again = values.survivors === true;
/** Files whose mutants are tried in one go, after which what was found is written. */
const together = again ? 12 : 4;
const searchMs = again ? 3000 : 600;
const unknown = named.filter((name) => !files.includes(name));
if (unknown.length > 0) {
  console.error(`no file ${unknown.join(', ')} is mutated: they are ${mutated.join(' and ')}`);
  process.exit(3);
}
/** Seeds that were found so far, by the kinds of their histories. */
const further = new Map<string, readonly number[]>();
const results = new Map(known.files.filter(({ file }) => files.includes(file)).map((each) => [each.file, each]));
const stands = (file: string): boolean => results.get(file)?.digest === digestOf(file);
const wanted = (named.length > 0 ? named : files).filter((file) =>
  again ? stands(file) && survivorsOf(file).length > 0 : named.length > 0 || !stands(file),
);
const found = resolve('reports/out/mutation-found.jsonl');
mkdirSync(dirname(found), { recursive: true });
Object.assign(process.env, { [foundVariable]: found, [mostMsVariable]: String(searchMs) });
for (let at = 0; at < wanted.length; at += together) {
  const batch = wanted.slice(at, at + together);
  writeFileSync(found, '');
  for (const result of await mutate(batch)) {
    results.set(result.file, result);
    console.log(`[${String(at + batch.length)}/${String(wanted.length)}] ${result.file}\n  ${scoreLine(result)}`);
  }
  approve();
  write([...results.values()]);
}
const all = [...results.values()];
const measured = all.filter(({ file, digest }) => digest === digestOf(file));
console.log(closingLine(measured, files.length));
process.exitCode = measured.length === files.length && scoreOf(measured) >= 90 ? 0 : 1;

/** Tries every mutant of these files on the tests that reach it. */
async function mutate(batch: readonly string[]): Promise<readonly FileResult[]> {
  const mutants = await new Stryker({
    mutate: batch.flatMap((file) => (again ? linesOf(file).map((line) => `${file}:${line}-${line}`) : [file])),
    testRunner: 'within',
    plugins: [join(import.meta.dirname, 'runner.ts')],
    coverageAnalysis: 'perTest',
    // A constant of a module is one mutant that every test would have to be run for.
    ignoreStatic: true,
    concurrency: availableParallelism(),
    timeoutMS: 6000 + searchMs,
    timeoutFactor: 2,
    tempDirName: 'reports/out/mutation',
    // Its reader of it knows no TypeScript 7, and there is nothing in it to be rewritten.
    tsconfigFile: 'none',
    ignorePatterns: ['reports/out', '.ci', 'harness/adapters/reference'],
    reporters: [],
    fileLogLevel: 'off',
    logLevel: 'error',
  } as never).runMutationTest();
  return batch.map((file) => {
    const own = mutants.filter(({ fileName }) => resolve(fileName) === resolve(file));
    const result = resultOf(file, own);
    return again ? withUntried(result, own) : result;
  });
}

function survivorsOf(file: string): readonly Survivor[] {
  return results.get(file)?.survivors ?? [];
}

/** Lines with survivors: `5`, as in `file.ts:5-5`. */
function linesOf(file: string): readonly string[] {
  return [...new Set(survivorsOf(file).map(({ line }) => String(line)))];
}

/** What is known of a file when the mutants of its lines with survivors were tried again, of which those over several lines are not. */
function withUntried(result: FileResult, tried: readonly MutantResult[]): FileResult {
  const before = results.get(result.file) ?? result;
  const nameOf = ({ line, mutator, replacement }: Survivor): string => `${String(line)} ${mutator} ${replacement}`;
  const names = new Set(tried.filter(({ status }) => status !== 'Ignored').map((each) => nameOf(survivorOf(each, []))));
  const untried = before.survivors.filter((each) => !names.has(nameOf(each)));
  const survivors = [...result.survivors, ...untried].toSorted((a, b) => a.line - b.line);
  const uncovered = survivors.filter((each) => each.uncovered === true).length;
  return {
    ...result,
    killed: before.killed + before.survivors.length - survivors.length,
    timedOut: before.timedOut,
    survived: survivors.length - uncovered,
    uncovered,
    ignored: before.ignored,
    survivors,
  };
}

function resultOf(file: string, mutants: readonly MutantResult[]): FileResult {
  const lines = readFileSync(file, 'utf8').split('\n');
  const count = (...statuses: string[]): number => mutants.filter(({ status }) => statuses.includes(status)).length;
  return {
    file,
    digest: digestOf(file),
    commit: commit(),
    measuredAt: today(),
    killed: count('Killed'),
    timedOut: count('Timeout'),
    survived: count('Survived'),
    uncovered: count('NoCoverage'),
    ignored: count('Ignored'),
    survivors: mutants
      .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
      .map((mutant) => survivorOf(mutant, lines)),
  };
}

function survivorOf(mutant: MutantResult, lines: readonly string[]): Survivor {
  const { location, mutatorName, replacement, status } = mutant;
  return {
    line: location.start.line,
    source: lines[location.start.line - 1]?.trim() ?? '',
    mutator: mutatorName,
    replacement: (replacement ?? '').split(/\s+/u).join(' '),
    ...(status === 'NoCoverage' ? { uncovered: true } : {}),
  };
}

function scoreLine(result: FileResult): string {
  const { killed, timedOut, survived, uncovered, ignored } = result;
  return (
    `${scoreOf([result]).toFixed(1)} %: ${String(killed)} killed, ${String(timedOut)} did not end, ${String(survived)} survived, ` +
    `${String(uncovered)} reached by no test, ${String(ignored)} left out`
  );
}

/** Adds what was found to the approved text: it is read with the commit. */
function approve(): void {
  for (const line of readFileSync(found, 'utf8').split('\n').filter(Boolean)) {
    const [name, seed] = JSON.parse(line) as [string, number];
    further.set(name, [...(further.get(name) ?? []), seed]);
  }
  writeFileSync(join(root, 'test/checkers', neighboursFile), wholeText(neighboursWith(further)));
}

function readResult(): MutationResult {
  try {
    return JSON.parse(readFileSync(resultFile, 'utf8')) as MutationResult;
  } catch {
    return { versions: {}, files: [] };
  }
}

function write(all: readonly FileResult[]): void {
  const versions = {
    stryker: versionOf('@stryker-mutator/core'),
    vitest: versionOf('vitest'),
    node: process.version,
  };
  const sorted = all.toSorted((a, b) => (a.file < b.file ? -1 : 1));
  writeFileSync(resultFile, `${JSON.stringify({ versions, files: sorted }, null, 2)}\n`);
}

function versionOf(name: string): string {
  return (JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string })
    .version;
}

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
