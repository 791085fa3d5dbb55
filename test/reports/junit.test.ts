import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { junitXml } from '../../reports/junit.ts';
import { arbitraryRun } from './arbitrary.ts';
import { clause, failure, flow, line, run, service, verdict } from './build.ts';
import { junitCases, parseXml, type XmlElement } from './readers.ts';

/** What junit-10.xsd (Jenkins' xunit plugin) allows: children and attributes of each element, required ones with `!`. */
const grammar: Readonly<
  Record<string, { readonly children: readonly string[]; readonly attributes: readonly string[] }>
> = {
  testsuites: { children: ['testsuite'], attributes: ['name', 'time', 'tests', 'failures', 'errors'] },
  testsuite: {
    children: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
    attributes: [
      'name!',
      'tests!',
      'failures',
      'errors',
      'group',
      'time',
      'skipped',
      'timestamp',
      'hostname',
      'id',
      'package',
      'file',
      'log',
      'url',
      'version',
    ],
  },
  properties: { children: ['property'], attributes: [] },
  property: { children: [], attributes: ['name!', 'value!'] },
  testcase: {
    children: [
      'skipped',
      'error',
      'failure',
      'rerunFailure',
      'rerunError',
      'flakyFailure',
      'flakyError',
      'system-out',
      'system-err',
    ],
    attributes: ['name!', 'time', 'classname', 'group'],
  },
  skipped: { children: [], attributes: ['type', 'message'] },
  error: { children: [], attributes: ['type', 'message'] },
  failure: { children: [], attributes: ['type', 'message'] },
  'system-out': { children: [], attributes: [] },
};

function breaches({ name, attributes, children, text }: XmlElement): readonly string[] {
  const rule = grammar[name];
  if (rule === undefined) return [`no element ${name}`];
  const allowed = rule.attributes.map((attribute) => attribute.replace('!', ''));
  const required = rule.attributes
    .filter((attribute) => attribute.endsWith('!'))
    .map((attribute) => attribute.slice(0, -1));
  const mixed = ['failure', 'error', 'skipped', 'system-out'].includes(name);
  return [
    ...Object.keys(attributes)
      .filter((attribute) => !allowed.includes(attribute))
      .map((attribute) => `${name} has ${attribute}`),
    ...required.filter((attribute) => !(attribute in attributes)).map((attribute) => `${name} lacks ${attribute}`),
    ...children.filter((child) => !rule.children.includes(child.name)).map((child) => `${name} holds ${child.name}`),
    ...(!mixed && text.trim() !== '' ? [`${name} holds text`] : []),
    ...(attributes['time'] !== undefined && !/^\d+\.\d{3}$/u.test(attributes['time'])
      ? [`time ${attributes['time']}`]
      : []),
    ...children.flatMap(breaches),
  ];
}

const incidents = 'incident-lifecycle/incidents';

describe('junit.xml', () => {
  it('keeps to the structure of junit-10.xsd, and its counts are those of its cases', () => {
    fc.assert(
      fc.property(arbitraryRun, (each) => {
        const root = parseXml(junitXml(each));
        expect(breaches(root)).toEqual([]);
        for (const suite of root.children) {
          const cases = suite.children.filter(({ name }) => name === 'testcase');
          const of = (outcome: string) =>
            cases.filter(({ children }) => children.some(({ name }) => name === outcome)).length;
          expect(suite.attributes).toMatchObject({
            tests: String(cases.length),
            failures: String(of('failure')),
            errors: String(of('error')),
            skipped: String(of('skipped')),
          });
        }
        const sum = (count: string) =>
          root.children.reduce((all, { attributes }) => all + Number(attributes[count]), 0);
        for (const count of ['tests', 'failures', 'errors']) expect(root.attributes[count]).toBe(String(sum(count)));
      }),
      { numRuns: 40 },
    );
  });

  it('makes whatever is no pass visible: errors for inconclusive, and for a claimed MUST that nothing tested', () => {
    const ids = ['ORD-1', 'ENV-1', 'ENV-6', 'RES-1'];
    const report = junitXml(
      run({
        verdicts: [
          verdict('ORD-1', incidents, 'inconclusive', { reason: 'not drained' }),
          verdict('ENV-1', incidents, 'not-tested', { reason: 'nothing ran' }),
          verdict('ENV-6', incidents, 'not-tested', { reason: 'nothing ran' }),
          verdict('RES-1', incidents, 'not-tested', { reason: 'not yet' }),
        ],
        header: {
          claim: { profile: 'core', clauses: ['ORD-1', 'ENV-1', 'ENV-6'], narrowed: '' },
          catalogue: {
            clauses: ids.map((id) => clause(id, { level: id === 'ENV-6' ? 'SHOULD' : 'MUST' })),
            profiles: [],
            requirements: [],
          },
        },
      }),
    );
    expect(junitCases(report).map(({ outcome, message }) => `${outcome}: ${message}`)).toEqual([
      'error: not drained',
      'error: nothing ran',
      'skipped: nothing ran',
      'skipped: not yet',
    ]);
  });

  it('tells of a failure what was expected and observed, what proves it, and what reproduces it', () => {
    const trialId = `${incidents}/happy-flow`;
    const failures = [
      failure(trialId, {
        application: 'mobile',
        expected: 'sequence 3',
        observed: 'sequence 4',
        evidence: [{ table: 'delivery', row: 17 }],
      }),
    ];
    const report = junitXml(
      run({
        verdicts: [
          verdict('ORD-1', incidents, 'fail', {
            failures,
            failed: 25,
            reason: 'expected sequence 3; observed sequence 4',
          }),
        ],
        lines: [line(trialId, 'delivery', 17, { at: 1204.26, id: 'a-1', application: 'mobile', outcome: 'ok' })],
      }),
    );
    const [only] = junitCases(report);
    expect(only).toMatchObject({
      classname: incidents,
      name: 'ORD-1 What ORD-1 asks.',
      message: 'expected sequence 3; observed sequence 4',
    });
    expect(only!.text.split('\n')).toEqual([
      'failed 25 times; the first 1 told here',
      'requirements: PRG-ORDER',
      '',
      'application: mobile',
      'expected: sequence 3',
      'observed: sequence 4',
      '  delivery 17 at 1,204.3 ms: application mobile, id a-1, outcome ok',
      'reproduce: busworthy run incident-lifecycle --scenario happy-flow --seed 7 --profile core --time-scale 0.02 --bus process',
    ]);
  });

  it('has a suite for each flow, even one without a verdict, with seed, profile and versions', () => {
    const services = [service('incident-lifecycle', [flow(incidents), flow('incident-lifecycle/fixes')])];
    const root = parseXml(junitXml(run({ header: { services } })));
    expect(root.children.map(({ attributes }) => [attributes['name'], attributes['tests']])).toEqual([
      [incidents, '1'],
      ['incident-lifecycle/fixes', '0'],
    ]);
    const properties = root.children[0]!.children[0]!.children.map(({ attributes }) => [
      attributes['name'],
      attributes['value'],
    ]);
    expect(Object.fromEntries(properties)).toMatchObject({
      seed: '7',
      profile: 'core',
      busworthy: '0.1.0',
      'nats-server': '2.15.1',
      'service-version': '1.0.0',
    });
  });
});
