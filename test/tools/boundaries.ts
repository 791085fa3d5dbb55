/** `npm run boundaries`: checks every import of the repository against import-rules.ts. */
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cruise } from 'dependency-cruiser';
import type { ICruiseResult, IForbiddenRuleType, IViolation } from 'dependency-cruiser';
import { IMPORT_RULES, NEVER_IMPORTED } from './import-rules.ts';
import { teachUsing } from './swc-using.ts';

export interface Boundaries {
  /** TypeScript files read, relative to the root. */
  readonly files: readonly string[];
  readonly violations: readonly Violation[];
}

export interface Violation {
  readonly rule: string;
  /** `file:line` of the import, or `file`. */
  readonly where: string;
  readonly message: string;
}

const SOURCES = ['harness', 'scenarios', 'reports', 'test', 'contracts'];
const PRODUCT = '^(harness|scenarios|reports)/';

/** The rules as dependency-cruiser takes them; each name is one that a planted violation must bring out. */
export const CRUISER_RULES: readonly IForbiddenRuleType[] = [
  ...IMPORT_RULES.flatMap(({ folder, folders, packages, node }): IForbiddenRuleType[] => [
    {
      name: `${folder}: folders`,
      severity: 'error',
      comment: `${folder} may import ${list(folders)} of this repository, beside itself`,
      from: { path: within(folder), pathNot: foldersBelow(folder) },
      to: { path: SOURCES.map(within), pathNot: [folder, ...folders].map(within) },
    },
    ...(packages === 'any'
      ? []
      : [
          {
            name: `${folder}: packages`,
            severity: 'error' as const,
            comment: `${folder} may import ${list(packages)} of the packages`,
            from: { path: within(folder), pathNot: foldersBelow(folder) },
            to: { path: 'node_modules/', pathNot: packages.map(packagePath) },
          },
        ]),
    ...(node === 'any'
      ? []
      : [
          {
            name: `${folder}: node`,
            severity: 'error' as const,
            comment: `${folder} may import ${list(node)} of Node's own modules`,
            from: { path: within(folder), pathNot: foldersBelow(folder) },
            to: { dependencyTypes: ['core' as const], pathNot: node.map((name) => `^(node:)?${name}$`) },
          },
        ]),
  ]),
  ...NEVER_IMPORTED.map(({ folder, except }): IForbiddenRuleType => ({
    name: `nobody imports ${folder}`,
    severity: 'error',
    comment: `only ${list(except)} may import ${folder}`,
    from: { pathNot: except.map(within) },
    to: { path: within(folder) },
  })),
  {
    name: 'no cycle',
    severity: 'error',
    comment:
      'these files import each other in a ring, type-only imports included: move what they share to a third file',
    from: {},
    to: { circular: true },
  },
  {
    name: 'nothing from the development dependencies',
    severity: 'error',
    comment: 'the product is installed without them: move the package to `dependencies`',
    from: { path: PRODUCT },
    to: { dependencyTypes: ['npm-dev'] },
  },
  {
    name: 'no undeclared package',
    severity: 'error',
    comment: 'the package is there only because another one needs it: declare it in package.json',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'every import resolves',
    severity: 'error',
    comment: 'there is no such file or package',
    from: {},
    to: { couldNotResolve: true },
  },
];

/** Reads every TypeScript file under `root`; throws where the cruiser has not seen one of them. */
export async function checkBoundaries(root: string): Promise<Boundaries> {
  const files = await sources(root);
  if (files.length === 0) return { files, violations: [] };
  teachUsing();
  const { output } = await cruise([...files], {
    baseDir: root,
    ruleSet: { forbidden: [...CRUISER_RULES] },
    validate: true,
    parser: 'swc',
    tsPreCompilationDeps: true,
    moduleSystems: ['es6', 'cjs'],
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  });
  if (typeof output === 'string')
    throw new Error(`dependency-cruiser answered with text, not with a result: ${output}`);
  requireAllRead(files, output);
  return {
    files,
    violations: [...strayFiles(files), ...output.summary.violations.map((found) => describe(root, output, found))],
  };
}

async function sources(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const file of glob(`{${SOURCES.join(',')}}/**/*.{ts,mts,cts,js,mjs,cjs}`, { cwd: root })) {
    const path = file.replaceAll('\\', '/');
    // What a reference adapter has installed beside it is not ours.
    if (!path.startsWith('reports/out/') && !path.includes('/node_modules/')) found.push(path);
  }
  return found.toSorted();
}

/** Without a parser for TypeScript the cruiser reports "no violations" of files that it never read. */
function requireAllRead(files: readonly string[], result: ICruiseResult): void {
  const seen = new Map(result.modules.map((module) => [module.source, module.dependencies.length]));
  const unread = files.filter((file) => !seen.has(file));
  if (unread.length > 0) throw new Error(`dependency-cruiser has not read ${list(unread)}: is @swc/core installed?`);
  const edges = files.reduce((sum, file) => sum + (seen.get(file) ?? 0), 0);
  if (files.length > 1 && edges === 0) {
    throw new Error(`dependency-cruiser found no import in ${String(files.length)} files: is @swc/core installed?`);
  }
}

/** A folder that the table does not know would be free of rules. */
function strayFiles(files: readonly string[]): Violation[] {
  const homes = [...IMPORT_RULES.map(({ folder }) => folder), 'test'];
  return files
    .filter((file) => !homes.some((home) => file.startsWith(`${home}/`)))
    .map((file) => ({
      rule: 'every file has a home',
      where: file,
      message:
        'its folder is not in test/tools/import-rules.ts: enter it there and in ARCHITECTURE.md, or move the file',
    }));
}

function describe(root: string, { modules }: ICruiseResult, { from, to, rule, ...found }: IViolation): Violation {
  const ring =
    'cycle' in found && Array.isArray(found.cycle) ? found.cycle.map(({ name }: { name: string }) => name) : [];
  const imported = modules.find(({ source }) => source === from)?.dependencies.find(({ resolved }) => resolved === to);
  const specifier = imported && `${imported.protocol ?? ''}${imported.module}`;
  const comment = CRUISER_RULES.find(({ name }) => name === rule.name)?.comment ?? rule.name;
  return {
    rule: rule.name,
    where: `${from}${lineOf(join(root, from), specifier)}`,
    message: `imports ${ring.length > 0 ? ring.join(' → ') : (specifier ?? to)}; ${comment}`,
  };
}

function lineOf(path: string, specifier: string | undefined): string {
  if (specifier === undefined) return '';
  const index = readFileSync(path, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(`'${specifier}'`) || line.includes(`"${specifier}"`));
  return index < 0 ? '' : `:${String(index + 1)}`;
}

/** A folder, or the file of that name. */
function within(path: string): string {
  return `^${path}(/|\\.ts$)`;
}

/** Folders with rules of their own: the longest match counts. */
function foldersBelow(folder: string): string[] {
  return IMPORT_RULES.filter((rule) => rule.folder.startsWith(`${folder}/`)).map((rule) => within(rule.folder));
}

function packagePath(name: string): string {
  return `node_modules/${name.endsWith('/*') ? name.slice(0, -1) : `${name}/`}`;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ');
}

if (import.meta.main) {
  const { files, violations } = await checkBoundaries(resolve(import.meta.dirname, '../..'));
  for (const { rule, where, message } of violations) console.error(`${where}: ${message} [${rule}]`);
  console.log(`boundaries: ${String(files.length)} files read, ${String(violations.length)} violations`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
