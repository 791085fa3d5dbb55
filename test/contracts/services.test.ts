import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { checkContracts } from '../../harness/contracts/index.ts';
import { ajvValidator } from '../../harness/contracts/validate/ajv.ts';
import { readService } from '../../harness/contracts/service/service.ts';
import { fulfil } from '../../harness/generate/events/fulfil.ts';
import { sample, valid } from '../../harness/generate/schema/index.ts';
import { exchangePatterns, messagesOf, type Flow, type Message, type Rule } from '../../harness/model/flow.ts';
import { isJsonObject, type JsonValue } from '../../harness/model/json.ts';
import { ruleHolds } from '../../harness/model/rules.ts';
import { fullCheckMs } from './folders.ts';

const contracts = new URL('../../contracts/', import.meta.url);
const folders = (await readdir(contracts, { withFileTypes: true })).filter((entry) => entry.isDirectory());
const services = await Promise.all(
  folders.map(async ({ name }) => (await readService(new URL(name, contracts).pathname)).service),
);
const flows = services.flatMap((service) => service.flows);
const messages = flows.flatMap((flow) => messagesOf(flow).map((message) => ({ flow, message })));

const flowNamed = (id: string): Flow => {
  const found = flows.find((flow) => flow.id === id);
  if (found === undefined) throw new Error(`no flow ${id}`);
  return found;
};
const messageNamed = (name: string): Message => {
  const found = messages.find(({ message }) => message.name === name);
  if (found === undefined) throw new Error(`no message ${name}`);
  return found.message;
};

/** Attributes that rules compare fields with; each value is one that every flow's own formats allow. */
const headersFor = (flow: Flow): Readonly<Record<string, string>> => ({
  'ce-id': 'task-000003',
  'ce-causationid': 'task-000003',
  'ce-time': '2026-03-05T14:02:11+00:00',
  'ce-expirytime': '2026-03-08T14:00:00+00:00',
  'ce-sequence': '5',
  'ce-partitionkey': { callsign: 'ZZ42', ptiurn: '42ZZ0004726' }[flow.key?.slice(1) ?? ''] ?? '4711/05MAR26',
});

describe('the six services', () => {
  test('are six, and between them use every exchange pattern', () => {
    expect(services.map(({ name }) => name)).toEqual([
      'anpr-hit',
      'case-file-transfer',
      'custody-task',
      'incident-lifecycle',
      'records-check',
      'unit-state',
    ]);
    expect(new Set(services.map((service) => service.flows[0]?.pattern))).toEqual(new Set(exchangePatterns));
  });

  test(
    'are sound in every check that the harness makes of a contract',
    async () => {
      const { problems } = await checkContracts(contracts.pathname);
      expect(problems.map(({ message, place }) => [place?.file, place?.line, message])).toEqual([]);
    },
    fullCheckMs,
  );

  test.each(services)('$name says that it is illustrative and invented', async ({ document }) => {
    const text = await readFile(new URL(document, contracts), 'utf8');
    expect(text).toMatch(/description: >-\s+Illustrative\. Invented/);
  });

  test('have nothing in a subject but the fields that are declared to be no personal data', () => {
    const parameters = flows.flatMap((flow) =>
      flow.parameters.map(({ location }) => `${location.of}${location.pointer}`),
    );
    expect(new Set(parameters)).toEqual(new Set(['header/ce-partitionkey', 'header/ce-type', 'payload/priority']));
    expect(new Set(flows.flatMap((flow) => flow.key ?? []))).toEqual(new Set(['/incidentNo', '/callsign', '/ptiurn']));
  });

  test('give every task to one kind of worker', () => {
    const { messages: tasks, receivers } = flowNamed('custody-task/tasks');
    const taken = receivers.flatMap(({ filter }) => filter['type'] ?? []);
    expect(taken.toSorted()).toEqual(tasks.map(({ name }) => name).toSorted());
  });

  test('deliver a hit of the lowest priority to nobody who asked for urgent ones', () => {
    const { receivers } = flowNamed('anpr-hit/hits');
    const wanted = receivers.map(({ application, filter }) => [application, filter['priority'] ?? 'all']);
    expect(Object.fromEntries(wanted)).toEqual({
      'control-room': ['1', '2', '3'],
      'in-vehicle': ['1', '2'],
      intelligence: 'all',
    });
  });

  test('use the keywords that real contracts use', () => {
    const keywords = new Set(messages.flatMap(({ message }) => namesIn(message.payload)));
    const wanted = (
      '$defs $ref enum const pattern format minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf ' +
      'items prefixItems minItems maxItems uniqueItems contains required dependentRequired propertyNames ' +
      'additionalProperties maxProperties if then else allOf oneOf'
    ).split(' ');
    expect(wanted.filter((keyword) => !keywords.has(keyword))).toEqual([]);
  });
});

describe.each(messages)('$message.name on $flow.id', ({ flow, message }) => {
  const headers = headersFor(flow);
  const validate = ajvValidator(message.payload);
  /** What is wrong with a payload: the schema's keyword, else the first rule that fails. */
  const faultOf = (payload: JsonValue, rules: readonly Rule[] = message.rules): string | undefined =>
    validate(payload)?.keyword ?? rules.find((rule) => !ruleHolds(rule, payload, headers))?.rule;
  /** The same of an example, which has no attributes to be compared with. */
  const ownFaultOf = (payload: JsonValue): string | undefined =>
    faultOf(
      payload,
      message.rules.filter(({ rule }) => rule !== 'equals-header'),
    );

  test('has a valid example that its schema and rules allow', () => {
    const faults = message.examples.filter((example) => example.valid).map(({ payload }) => ownFaultOf(payload));
    expect(new Set(faults)).toEqual(new Set([undefined]));
  });

  test('has an invalid example that its schema or a rule refuses', () => {
    const faults = message.examples.filter((example) => !example.valid).map(({ payload }) => ownFaultOf(payload));
    expect(faults).not.toEqual([]);
    expect(faults).not.toContain(undefined);
  });

  test('takes an unknown optional field', () => {
    const example = message.examples.find(({ valid: isValid }) => isValid)?.payload;
    if (example === undefined || !isJsonObject(example)) throw new Error('the example is no object');
    expect(validate({ ...example, addedInAMinorVersion: { name: 'Zoë' } })).toBeUndefined();
  });

  test('can be made to meet schema, rules and size limit together', () => {
    for (const generated of sample(valid({ schema: message.payload }), 11, 60)) {
      const payload = fulfil(generated, message.rules, headers);
      const faults = [faultOf(payload), widestBytes(payload) <= flow.maxBytes ? undefined : 'size'];
      expect([payload, faults]).toEqual([payload, [undefined, undefined]]);
    }
  });
});

describe('an arrest summons number', () => {
  const rule = messageNamed('DetentionAuthorised').rules.find((candidate) => candidate.rule === 'check-character');
  if (rule === undefined) throw new Error('the rule is gone');

  test('has the check character of the public sample', () => {
    expect(ruleHolds(rule, { asn: '1101ZD0100000448754K' }, {})).toBe(true);
  });

  test.each(['1101ZD0100000448754J', '1201ZD0100000448754K', '1101ZD0100000448755K', '1102ZD0100000448754K'])(
    'is refused with a slip of one character: %s',
    (asn) => {
      expect(ruleHolds(rule, { asn }, {})).toBe(false);
    },
  );
});

/** The bytes of the widest way to write a payload: indented, with all but ASCII escaped. */
function widestBytes(payload: JsonValue): number {
  return JSON.stringify(payload, null, 1).replaceAll(/[^\p{ASCII}]/gu, (character) =>
    '\\u0000'.repeat(character.length),
  ).length;
}

function namesIn(value: JsonValue): readonly string[] {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).flatMap(namesIn);
  return isJsonObject(value) ? Object.entries(value).flatMap(([name, member]) => [name, ...namesIn(member)]) : [];
}
