import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { floorsMs } from '../../harness/contracts/effective.ts';
import { lastAgreement } from '../generate/schema/agreement/result.ts';
import { EXCUSED } from '../generate/schema/suite/conformance.ts';
import { lastResult, type FileResult } from '../generate/schema/suite/result.ts';
import { IMPORT_RULES, type ImportRule } from '../tools/import-rules.ts';
import { REPOSITORY } from '../tools/planted-tree.ts';
import { clausesPage, table } from './clauses-page.ts';
import {
  bank,
  catalogue,
  checkers,
  decided,
  defectsOf,
  families,
  familyOf,
  flows,
  read,
  scenarios,
  services,
  trials,
} from './project.ts';

/** Parts of documents that the code gives: each stands between `<!-- generated: NAME -->` and `<!-- end -->`. */
const blocks: Readonly<Record<string, () => string>> = {
  status,
  'time-scale': timeScale,
  'import-rules': importRules,
  'test-suite': testSuite,
  agreement,
};

const withBlocks = ['README.md', 'ARCHITECTURE.md', 'harness/generate/schema/README.md'] as const;

/** Every document that is generated, whole or in part, as it should be. */
export const generated = (): Readonly<Record<string, string>> => ({
  'CLAUSES.md': clausesPage(),
  ...Object.fromEntries(withBlocks.map((file) => [file, filled(file, read(file))])),
});

/** Names of the blocks that a text has. */
export const blocksIn = (text: string): readonly string[] =>
  [...text.matchAll(blockPattern)].map(([, name = '']) => name);
export const blockNames = Object.keys(blocks);

const blockPattern = /<!-- generated: ([\w-]+) -->\n[^]*?<!-- end -->/g;

function filled(file: string, text: string): string {
  return text.replaceAll(blockPattern, (_whole, name: string) => {
    const block = blocks[name];
    if (block === undefined) throw new Error(`${file}: there is no block ${name}, only ${blockNames.join(', ')}`);
    return `<!-- generated: ${name} -->\n${block()}\n<!-- end -->`;
  });
}

/** What is decided today, in figures. */
function status(): string {
  const must = decided.filter(({ level }) => level === 'MUST').length;
  const unproven = decided.filter((clause) => defectsOf(clause).length === 0).map(({ id }) => id);
  const { clauses, profiles, requirements } = catalogue;
  const rows = Object.entries(families).map(([family, title]) => {
    const of = clauses.filter((clause) => familyOf(clause) === family);
    const ids = (some: boolean): string =>
      of
        .filter(({ checker }) => (checker !== undefined) === some)
        .map(({ id }) => id)
        .join(', ');
    return [title, ids(true), ids(false)];
  });
  return [
    `The catalogue has ${String(clauses.length)} clauses under ${String(requirements.length)} requirements and ${String(profiles.length)} profiles. ` +
      `${String(decided.length)} clauses are decided, ${String(must)} of them MUST, by ${String(checkers.length)} checkers; ` +
      `${String(clauses.length - decided.length)} clauses are not decided yet, and every run reports them as \`not-tested\` with the reason and what to do meanwhile.`,
    `${String(scenarios.length)} scenarios make ${String(trials.length)} trials on the ${String(flows.length)} flows of the ${String(services.length)} services. ` +
      `The bank holds ${String(bank.length)} defects${unproven.length === 0 ? ', and every decided clause is named by one' : `; decided clauses that none of them names yet: ${unproven.join(', ')}`}.`,
    table(['', 'decided', 'not decided yet'], rows),
  ].join('\n\n');
}

/** How short a time scale may make each declared duration. */
function timeScale(): string {
  const seconds = (ms: number): string => (ms < 1000 ? `${String(ms)} ms` : `${String(ms / 1000)} s`);
  return `Floors: ${Object.entries(floorsMs)
    .map(([name, ms]) => `\`${name}\` ${seconds(ms)}`)
    .join(', ')}.`;
}

/** The table that `npm run boundaries` checks. */
function importRules(): string {
  const names = (list: readonly string[]): string => list.map((name) => `\`${name}\``).join(', ') || '–';
  const row = ({ folder, folders, packages, node }: ImportRule): readonly string[] => [
    `\`${folder}\`${existsSync(join(REPOSITORY, folder)) ? '' : ' (not there yet)'}`,
    names(folders),
    packages === 'any' ? 'any' : names(packages),
    node === 'any' ? 'any' : names(node),
  ];
  return table(['from', 'may import, beside itself', 'packages', 'modules of Node'], IMPORT_RULES.map(row));
}

/** What became of each schema of the official test suite when `npm run suite` ran last. */
function testSuite(): string {
  const { files, refused, valuesOfEach } = lastResult();
  const count = (of: (file: FileResult) => number): string => String(files.reduce((sum, file) => sum + of(file), 0));
  const total = [
    '**all**',
    count(({ schemas }) => schemas),
    count(({ generated }) => generated),
    count(({ schemas, generated }) => schemas - generated),
    count(({ values }) => values),
    count(({ brokenKeywords }) => brokenKeywords),
    count(({ takenByOne }) => takenByOne),
    `ajv ${count(({ unjudged }) => unjudged.ajv)}, hyperjump ${count(({ unjudged }) => unjudged.hyperjump)}`,
  ];
  const rows = files.map(({ file, schemas, generated, values, brokenKeywords, takenByOne, unjudged }) => [
    `\`${file}\``,
    ...[schemas, generated, schemas - generated, values, brokenKeywords, takenByOne].map(String),
    Object.entries(unjudged)
      .filter(([, some]) => some > 0)
      .map(([judge, some]) => `${judge} ${String(some)}`)
      .join(', '),
  ]);
  const faults = files.flatMap(({ faults }) => faults);
  return [
    `At ${String(valuesOfEach)} values of each schema; ${faults.length === 0 ? 'no valid value was refused by a validator that is right on the schema, and no broken one by none' : `faults: ${faults.join('; ')}`}.`,
    table(
      ['file', 'schemas', 'generated', 'refused by name', 'values', 'broken', 'one takes', 'not judged by'],
      [...rows, total],
    ),
    `Excused: ${Object.entries(EXCUSED)
      .map(([schema, why]) => `${schema} (${why})`)
      .join('; ')}.`,
    'Refused by name:',
    table(
      ['file', 'schema', 'error'],
      refused.map(({ file, description, outcome }) => [`\`${file}\``, description.replaceAll('|', '\\|'), outcome]),
    ),
  ].join('\n\n');
}

/** What `npm run agreement` found last. */
function agreement(): string {
  const { valuesOfEach, schemas, distinct, refused } = lastAgreement();
  const number = (value: number): string => value.toLocaleString('en');
  return `${number(valuesOfEach)} values of each of ${number(schemas)} schemas, and as many from the compiled generator: ${number(distinct)} different ones, ${number(refused)} of them refused by ajv or hyperjump.`;
}
