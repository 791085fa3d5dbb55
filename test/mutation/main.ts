/**
 * `npm run mutation [-- FILE…]`: changes the checkers and the model in one small way after another, and sees that a test fails for each.
 * Files whose result still stands are passed over, so that what was broken off goes on where it ended; a file that is named is done again.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { MutantResult } from '@stryker-mutator/api/core';
import { Stryker } from '@stryker-mutator/core';
import { wholeText } from '../checkers/approved.ts';
import { neighboursFile, neighboursWith } from '../checkers/neighbours.ts';
import { foundVariable } from './search.ts';
import { closingLine, scoreOf, type FileResult, type MutationResult, type Survivor } from './result.ts';

const root = resolve(import.meta.dirname, '../..');
const resultFile = join(import.meta.dirname, 'result.json');
/** What is mutated. Types alone are no code. */
const mutated = ['harness/checkers/**/*.ts', 'harness/model/**/*.ts'];
/** Files whose mutants are tried in one go, after which what was found is written. */
const together = 4;

process.chdir(root);
const known = readResult();
const files = globSync(mutated).toSorted();
const named = process.argv.slice(2);
const unknown = named.filter((name) => !files.includes(name));
if (unknown.length > 0) {
  console.error(`no file ${unknown.join(', ')} is mutated: they are ${mutated.join(' and ')}`);
  process.exit(3);
}
/** Seeds that were found so far, by the kinds of their histories. */
const further = new Map<string, readonly number[]>();
const results = new Map(known.files.filter(({ file }) => files.includes(file)).map((each) => [each.file, each]));
const wanted = named.length > 0 ? named : files.filter((file) => results.get(file)?.digest !== digestOf(file));
const found = resolve('reports/out/mutation-found.jsonl');
mkdirSync(dirname(found), { recursive: true });
process.env[foundVariable] = found;
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
    mutate: [...batch],
    testRunner: 'within',
    plugins: [join(import.meta.dirname, 'runner.ts')],
    coverageAnalysis: 'perTest',
    // A constant of a module is one mutant that every test would have to be run for.
    ignoreStatic: true,
    concurrency: availableParallelism(),
    timeoutMS: 6000,
    timeoutFactor: 2,
    tempDirName: 'reports/out/mutation',
    // Its reader of it knows no TypeScript 7, and there is nothing in it to be rewritten.
    tsconfigFile: 'none',
    ignorePatterns: ['reports/out', '.ci', 'harness/adapters/reference'],
    reporters: [],
    fileLogLevel: 'off',
    logLevel: 'error',
  } as never).runMutationTest();
  return batch.map((file) =>
    resultOf(
      file,
      mutants.filter(({ fileName }) => resolve(fileName) === resolve(file)),
    ),
  );
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
      .map(({ location, mutatorName, replacement, status }): Survivor => ({
        line: location.start.line,
        source: lines[location.start.line - 1]?.trim() ?? '',
        mutator: mutatorName,
        replacement: (replacement ?? '').split(/\s+/u).join(' '),
        ...(status === 'NoCoverage' ? { uncovered: true } : {}),
      })),
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
