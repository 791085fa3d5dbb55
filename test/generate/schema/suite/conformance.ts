/** What becomes of each schema of the official test suite: generated from and judged, or refused by name. */
import * as api from '../../../../harness/generate/schema/index.ts';
import { validatorsOf, type Validators } from '../validators.ts';
import { documentOf, remotesOf, type SuiteCase } from './cases.ts';

export interface Conformance {
  readonly file: string;
  readonly description: string;
  /** `generated`, or the name of the error. */
  readonly outcome: string;
  /** Whether the suite knows a valid instance: then `UnsatisfiableSchema` would be wrong. */
  readonly isSatisfiable: boolean;
  /** Values drawn, and by whom some of them were refused. */
  readonly values: number;
  readonly refusedBy: readonly Judge[];
  /** Keywords that were broken; values of them that no validator refused, and that one of the two took. */
  readonly broken: number;
  readonly unrefused: number;
  readonly takenByOne: number;
  /** Instances of the suite's own on which a validator says otherwise than the suite, or fails: it is no judge of this schema. */
  readonly wrong: Readonly<Record<Judge, number>>;
}
export type Judge = 'ajv' | 'hyperjump';
const JUDGES: readonly Judge[] = ['ajv', 'hyperjump'];
const BROKEN_VALUES = 3;

type Takes = (value: api.JsonValue) => boolean | undefined;

/** `values`: how many are drawn of each schema. */
export async function conformanceOf(one: SuiteCase, values: number): Promise<Conformance> {
  const judges = await judgesOf(one.schema);
  const wrong = { ajv: 0, hyperjump: 0 };
  for (const judge of JUDGES)
    for (const { data, valid } of one.tests) if (judges[judge](data) !== valid) wrong[judge] += 1;
  const about = {
    file: one.file,
    description: one.description,
    isSatisfiable: one.tests.some(({ valid }) => valid),
    wrong,
  };
  const source = { schema: one.schema, resolve: documentOf };
  const said = (value: api.JsonValue, what: boolean): number =>
    JUDGES.filter((judge) => judges[judge](value) === what).length;
  try {
    const drawn = [api.minimal(source), ...api.sample(api.valid(source), 1, values)];
    const violations = api.violations(source);
    const broken = violations.flatMap((violation) => api.sample(api.invalid(source, violation), 1, BROKEN_VALUES));
    return {
      ...about,
      outcome: 'generated',
      values: drawn.length,
      refusedBy: JUDGES.filter((judge) => drawn.some((value) => judges[judge](value) === false)),
      broken: violations.length,
      unrefused: broken.filter((value) => said(value, true) > 0 && said(value, false) === 0).length,
      takenByOne: broken.filter((value) => said(value, true) > 0 && said(value, false) > 0).length,
    };
  } catch (error) {
    if (!(error instanceof api.SchemaError)) throw error;
    return { ...about, outcome: error.name, values: 0, refusedBy: [], broken: 0, unrefused: 0, takenByOne: 0 };
  }
}

/** A validator that fails on a schema says nothing of it. */
async function judgesOf(schema: api.JsonSchema): Promise<Readonly<Record<Judge, Takes>>> {
  const nothing: Takes = () => undefined;
  const asking =
    (validate: Validators[Judge]): Takes =>
    (value) => {
      try {
        return validate(value).length === 0;
      } catch {
        return undefined;
      }
    };
  const ask = async (judge: Judge): Promise<Takes> => {
    try {
      return asking((await validatorsOf(schema, remotesOf(schema), [judge]))[judge]);
    } catch {
      return nothing;
    }
  };
  return { ajv: await ask('ajv'), hyperjump: await ask('hyperjump') };
}

const META =
  'ajv asserts no formats inside the meta-schema, and the copy that hyperjump has of it lacks the deprecated `$recursiveRef`';
/** Schemas of which some broken values are refused by neither validator, and why that is not ours. */
export const EXCUSED: Readonly<Record<string, string>> = {
  'defs: validate definition against metaschema': META,
  'ref: remote ref, containing refs itself': META,
};

/** What is wrong with an outcome; undefined where all is as it should be. */
export function faultOf(one: Conformance): string | undefined {
  if (one.outcome === 'UnsatisfiableSchema' && one.isSatisfiable) return 'said to be unsatisfiable, which it is not';
  const sound = one.refusedBy.filter((judge) => one.wrong[judge] === 0);
  if (sound.length > 0) return `valid values refused by ${sound.join(', ')}`;
  const isExcused = EXCUSED[`${one.file}: ${one.description}`] !== undefined;
  return one.unrefused > 0 && !isExcused ? `${String(one.unrefused)} broken values that nobody refuses` : undefined;
}
