import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { describe, expect, it, vi } from 'vitest';
import { checkContracts, loadCatalogue, loadContracts } from '../../harness/contracts/index.ts';
import { hyperjumpValidator } from '../../harness/contracts/validate/hyperjump.ts';
import { Problem, Problems } from '../../harness/model/errors.ts';
import { ajvValidator } from '../../harness/contracts/validate/ajv.ts';
import { contracts, Folder, fullCheckMs } from './folders.ts';

vi.setConfig({ testTimeout: fullCheckMs });

const failureOf = async (promise: Promise<unknown>): Promise<Problem | Problems> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Problem || error instanceof Problems) return error;
  throw new Error('no problem was found', { cause: error });
};

describe('a contracts folder', () => {
  it('gives its services, parsed, with the clauses of the product where it has none of its own', async () => {
    await using folder = await Folder.of('incident-lifecycle');
    const { services, catalogue } = await loadContracts(folder.path);
    expect(services).toHaveLength(1);
    const [service] = services;
    expect(service).toMatchObject({
      name: 'incident-lifecycle',
      document: 'incident-lifecycle/asyncapi.yaml',
      applications: [
        { name: 'command-and-control', role: 'provider' },
        { name: 'mobile', role: 'consumer' },
        { name: 'crime-recording', role: 'consumer' },
        { name: 'analytics', role: 'consumer' },
        { name: 'partner-gateway', role: 'consumer' },
      ],
    });
    expect(service?.flows[0]).toMatchObject({
      id: 'incident-lifecycle/incidents',
      pattern: 'ordered-stream',
      address: 'incident-lifecycle.incidents.{incidentNo}',
      parameters: [{ name: 'incidentNo', location: { of: 'header', pointer: '/ce-partitionkey' } }],
      senders: ['command-and-control'],
      replies: [],
    });
    expect(catalogue).toEqual(await loadCatalogue(contracts));
  });

  it('holds payload schemas that stand alone: their references stay within themselves', async () => {
    const { services } = await loadContracts(contracts);
    const messages = services.flatMap(({ flows }) => flows.flatMap((flow) => [...flow.messages, ...flow.replies]));
    expect(messages.length).toBeGreaterThan(20);
    for (const { payload, headers } of messages) {
      for (const schema of [payload, headers]) {
        for (const [, target] of JSON.stringify(schema).matchAll(/"\$ref":"([^"]*)"/g))
          expect(target).toMatch(/^#\/\$defs\/[\w-]+$/);
        expect(() => ajvValidator(schema)).not.toThrow();
        await expect(hyperjumpValidator(schema)).resolves.toBeTypeOf('function');
      }
    }
  });

  it('takes another service as a folder alone, under any name', async () => {
    await using folder = await Folder.of('incident-lifecycle');
    await folder.editAll('incident-lifecycle', 'incident-lifecycle', 'parking-notice');
    await rename(join(folder.path, 'incident-lifecycle'), join(folder.path, 'parking-notice'));
    const summary = await folder.check();
    expect(summary.problems).toEqual([]);
    expect(summary.services).toMatchObject([{ name: 'parking-notice', flows: 1, messages: 6, examples: 12 }]);
  });

  it('is verified once: the same files are known again, and any other byte is verified anew', async () => {
    await using folder = await Folder.of('incident-lifecycle');
    await loadContracts(folder.path);
    const began = performance.now();
    await loadContracts(folder.path);
    expect(performance.now() - began).toBeLessThan(1000);
    await folder.edit('incident-lifecycle/examples/IncidentGraded.valid.json', '"grade": "S"', '"grade": "Z"');
    for (let time = 0; time < 2; time += 1) {
      expect((await failureOf(loadContracts(folder.path))).message).toContain('the valid example breaks the schema');
    }
  });

  it('without a service, or that is not there, is refused with the place', async () => {
    await using folder = await Folder.of();
    await mkdir(join(folder.path, 'empty'));
    expect((await failureOf(loadContracts(folder.path))).message).toBe('the contracts folder holds no service');
    expect((await failureOf(loadContracts(join(folder.path, 'nowhere')))).message).toBe(
      'the contracts folder cannot be read',
    );
  });

  it('does not know a service by another name, and says which it knows', async () => {
    const failure = await failureOf(loadContracts(contracts, ['incident-lifecicle']));
    expect(failure.exitCode).toBe(3);
    expect(failure).toMatchObject({ next: expect.stringContaining('incident-lifecycle') });
  });

  it('whose payload is closed at its top is refused', async () => {
    await using folder = await Folder.of('incident-lifecycle');
    await folder.edit(
      'incident-lifecycle/schemas/IncidentCreated.json',
      '"type": "object",',
      '"type": "object", "additionalProperties": false,',
    );
    const { problems } = await folder.check();
    expect(problems.map(({ message }) => message)).toEqual([
      'the payload of IncidentCreated is closed: additionalProperties is false at its top',
    ]);
  });
});

describe('a catalogue that', () => {
  const good = {
    clauses:
      'description: Invented.\nclauses:\n  - { id: ENV-1, level: MUST, subjects: [provider], text: It is an event., why: Nobody could read it., patterns: [fan-out], guarantees: [], test: tap, checker: envelope }\n',
    profiles: 'description: Invented.\nprofiles:\n  - { name: core, title: The core, clauses: all }\n',
    requirements:
      'description: Invented.\nrequirements:\n  - { id: R-1, source: The programme, text: It is audited all along., clauses: [ENV-1] }\n',
  };
  const load = async (changed: Partial<typeof good>) => {
    await using folder = await Folder.of();
    for (const [name, text] of Object.entries({ ...good, ...changed })) await folder.write(`${name}.yaml`, text);
    return await loadCatalogue(folder.path);
  };

  it('is sound is read, all of its clauses expanded', async () => {
    expect((await load({})).profiles).toEqual([{ name: 'core', title: 'The core', clauses: ['ENV-1'] }]);
  });

  it.each([
    [
      'has a requirement without a clause',
      { requirements: good.requirements.replace('[ENV-1]', '[]') },
      /clauses must NOT have fewer than 1 items/,
    ],
    [
      'names a clause that is not there',
      { requirements: good.requirements.replace('ENV-1', 'ENV-9') },
      /there is no clause ENV-9/,
    ],
    [
      'has a profile of an unknown clause',
      { profiles: good.profiles.replace('all', '[ABC-1]') },
      /there is no clause ABC-1/,
    ],
    ['has a clause twice', { clauses: good.clauses + good.clauses.split('\n')[2]! }, /"ENV-1" stands twice/],
    [
      'neither decides a clause nor says why not',
      { clauses: good.clauses.replace(', checker: envelope', '') },
      /lacks checker/,
    ],
    ['has an unknown level', { clauses: good.clauses.replace('MUST', 'WILL') }, /level is none of MUST, SHOULD, MAY/],
    ['is not YAML', { clauses: 'clauses: [' }, /not YAML/],
  ])('%s is refused at its line', async (_, changed, what) => {
    const failure = await failureOf(load(changed));
    expect(failure).toBeInstanceOf(Problems);
    const found = (failure as Problems).problems.find(({ message }) => what.test(message));
    expect(found?.place?.line).toBeGreaterThan(0);
  });
});

it('a full check says what it found of every service', async () => {
  const { services, clauses, problems } = await checkContracts(contracts, { only: ['incident-lifecycle'] });
  expect(problems).toEqual([]);
  expect(services).toMatchObject([{ name: 'incident-lifecycle', flows: 1, messages: 6, rules: 17, examples: 12 }]);
  expect(services[0]?.schemas[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(clauses).toBeGreaterThan(40);
});
