/** The outcomes of the suite in short, as they are checked in: by file, and each schema that is refused by name. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultOf, type Conformance, type Judge } from './conformance.ts';

const PATH = join(import.meta.dirname, 'result.json');

export interface FileResult {
  readonly file: string;
  readonly schemas: number;
  readonly generated: number;
  /** Valid values, each refused by no validator that agrees with the suite on the schema. */
  readonly values: number;
  readonly brokenKeywords: number;
  /** Broken values that one validator takes and the other refuses. */
  readonly takenByOne: number;
  /** Schemas on which a validator contradicts the suite's own instances, or fails: it was not asked about them. */
  readonly unjudged: Readonly<Record<Judge, number>>;
  readonly faults: readonly string[];
}
export interface SuiteResult {
  readonly valuesOfEach: number;
  readonly files: readonly FileResult[];
  readonly refused: readonly { readonly file: string; readonly description: string; readonly outcome: string }[];
}

export function inShort(results: readonly Conformance[], valuesOfEach: number): SuiteResult {
  const files = [...new Set(results.map(({ file }) => file))].map((file): FileResult => {
    const of = results.filter((one) => one.file === file);
    const sum = (count: (one: Conformance) => number): number => of.reduce((total, one) => total + count(one), 0);
    return {
      file,
      schemas: of.length,
      generated: of.filter(({ outcome }) => outcome === 'generated').length,
      values: sum(({ values }) => values),
      brokenKeywords: sum(({ broken }) => broken),
      takenByOne: sum(({ takenByOne }) => takenByOne),
      unjudged: {
        ajv: of.filter(({ wrong }) => wrong.ajv > 0).length,
        hyperjump: of.filter(({ wrong }) => wrong.hyperjump > 0).length,
      },
      faults: of.flatMap((one) => {
        const fault = faultOf(one);
        return fault === undefined ? [] : [`${one.description}: ${fault}`];
      }),
    };
  });
  const refused = results
    .filter(({ outcome }) => outcome !== 'generated')
    .map(({ file, description, outcome }) => ({ file, description, outcome }));
  return { valuesOfEach, files, refused };
}

export const lastResult = (): SuiteResult => JSON.parse(readFileSync(PATH, 'utf8')) as SuiteResult;
export const keep = (result: SuiteResult): void => writeFileSync(PATH, `${JSON.stringify(result, null, 2)}\n`);
