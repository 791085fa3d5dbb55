import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableNames } from '../../harness/model/history.ts';
import { NONE } from '../../harness/model/table.ts';
import { runJson } from '../../reports/run-json.ts';
import { arbitraryRun } from './arbitrary.ts';
import { counterexample, line, run } from './build.ts';
import { judgedRun } from './judged.ts';
import { greenRun, realisticRun } from './realistic.ts';

const schema = JSON.parse(readFileSync(new URL('../../reports/run.schema.json', import.meta.url), 'utf8'));
const ajv = new Ajv2020({
  strict: true,
  allErrors: true,
  allowUnionTypes: true,
  strictRequired: false,
  strictTypes: false,
});
addFormats.default(ajv);
const valid = ajv.compile(schema);

function faults(document: unknown): readonly string[] {
  return valid(document) ? [] : (valid.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** Every subschema that stands under `properties`, with its path. */
function properties(node: unknown, path = ''): readonly (readonly [string, Record<string, unknown>])[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) => [
    ...(name === 'properties' && !/\/(if|then|else)$/u.test(path)
      ? Object.entries(value as object).map(([key, sub]) => [`${path}/${key}`, sub] as const)
      : []),
    ...properties(value, `${path}/${name}`),
  ]);
}

describe('run.json', () => {
  it('is what its published schema says, for runs that come out red and green', async () => {
    for (const each of [run(), await realisticRun(), await greenRun()]) {
      expect(faults(JSON.parse(runJson(each)))).toEqual([]);
    }
  });

  it('is what its published schema says, for a run that was judged from a journal', async () => {
    const judged = await judgedRun();
    expect(judged.answer).toBe('does not hold');
    expect(judged.lines.length).toBeGreaterThan(0);
    expect(faults(JSON.parse(runJson(judged)))).toEqual([]);
  });

  it('is what its published schema says, whatever verdicts, text and figures a run has', () => {
    fc.assert(
      fc.property(arbitraryRun, (each) => {
        expect(faults(JSON.parse(runJson(each)))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['a verdict that is no verdict', { verdict: 'passed' }],
    ['a pass that nothing put to the test', { exercised: 0 }],
    ['a fail without a failure', { verdict: 'fail', bound: undefined, reason: 'why' }],
    ['not tested without a reason', { verdict: 'not-tested', bound: undefined, reason: '' }],
    ['a member that nobody declared', { extra: 1 }],
  ])('has a schema that refuses %s', (_, change) => {
    const document = JSON.parse(runJson(run()));
    Object.assign(document.verdicts[0], change);
    expect(faults(JSON.parse(JSON.stringify(document)))).not.toEqual([]);
  });

  it('has a schema that describes every member, knows every table of the history, and names itself', () => {
    const silent = properties(schema).filter(
      ([, sub]) => typeof sub !== 'boolean' && sub['description'] === undefined && sub['$ref'] === undefined,
    );
    expect(silent.map(([path]) => path)).toEqual([]);
    expect(schema.$defs.table.enum).toEqual(tableNames);
    expect(schema.$id).toBe('urn:busworthy:run:1');
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  });

  it('gives its members in one order, however the run was put together', () => {
    const backwards = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(backwards);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([name, member]) => [name, backwards(member)]),
      );
    };
    const pacts = [{ flow: 'a/b', message: 'Thing', consumer: 'one', provider: 'other' }];
    const given = run({ counterexamples: [counterexample('ORD-1', 'incident-lifecycle/incidents')], pacts });
    expect(runJson(backwards(given) as typeof given)).toBe(runJson(given));
    expect(Object.keys(JSON.parse(runJson(given)))).toEqual(Object.keys(schema.properties));
  });

  it('writes null for a figure and a reference that there is not', () => {
    const lines = [line('t', 'delivery', 0, { at: 1, message: NONE, lateMs: Number.NaN, status: 0, id: '' })];
    expect(JSON.parse(runJson(run({ lines }))).lines[0].cells).toEqual({
      at: 1,
      message: null,
      id: '',
      status: 0,
      lateMs: null,
    });
  });
});
