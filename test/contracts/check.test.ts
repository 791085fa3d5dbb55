import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createCheck, createValidators, loadService } from '../../harness/contracts/index.ts';
import type { CloudEvent } from '../../harness/model/event.ts';
import { contracts, fullCheckMs } from './folders.ts';

vi.setConfig({ testTimeout: fullCheckMs });

const service = await loadService(join(contracts, 'incident-lifecycle'));
const flow = service.flows[0]!;
const check = createCheck(service);
const payload = JSON.parse(
  await readFile(join(contracts, 'incident-lifecycle/examples/IncidentCreated.valid.json'), 'utf8'),
);

const headers: Readonly<Record<string, string>> = {
  'ce-specversion': '1.0',
  'ce-id': 'a-1',
  'ce-source': 'urn:application:command-and-control',
  'ce-type': 'IncidentCreated',
  'ce-time': '2026-03-05T14:02:40+00:00',
  'ce-datacontenttype': 'application/json',
  'ce-dataschema': 'urn:busworthy:incident-lifecycle:IncidentCreated:1',
  'ce-correlationid': 'c-1',
  'ce-classification': 'OFFICIAL-SENSITIVE',
  'ce-partitionkey': payload.incidentNo,
  'ce-sequence': '1',
};
const event = (changed: Readonly<Record<string, string | undefined>> = {}, body: unknown = payload): CloudEvent => ({
  headers: Object.fromEntries(
    Object.entries({ ...headers, ...changed }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ),
  body: body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body)),
});

describe('the check of an event', () => {
  it('passes what the contract allows, unknown fields and text outside ASCII included', () => {
    expect(check(flow, event())).toBeUndefined();
    expect(check(flow, event({}, { ...payload, unknown: { deep: ['é', '🚓'] }, summary: 'Zoë 🚓' }))).toBeUndefined();
  });

  it.each(Object.keys(headers))('refuses an event without %s', (name) => {
    expect(check(flow, event({ [name]: undefined }))).toEqual({
      reason: 'invalid',
      detail: expect.stringContaining(name),
    });
  });

  it.each([
    ['ce-specversion', '1.1'],
    ['ce-id', 'two words'],
    ['ce-type', 'IncidentDeleted'],
    ['ce-time', '2026-03-05T14:02:40'],
    ['ce-time', 'yesterday'],
    ['ce-datacontenttype', 'application/xml'],
    ['ce-dataschema', 'urn:busworthy:incident-lifecycle:IncidentCreated:2'],
    ['ce-classification', 'SECRET'],
    ['ce-classification', ''],
    ['ce-sequence', '0'],
    ['ce-sequence', '2'],
    ['ce-partitionkey', '4712/05MAR26'],
    ['ce-expirytime', 'soon'],
  ])('refuses %s: %s, and does not say the value', (name, value) => {
    const failure = check(flow, event({ [name]: value }));
    expect(failure?.reason).toBe('invalid');
    if (value !== '' && value.length > 1) expect(failure?.detail).not.toContain(value);
  });

  it('refuses a classification over the ceiling of the flow', () => {
    expect(check({ ...flow, classification: 'OFFICIAL' }, event())).toEqual({
      reason: 'invalid',
      detail: 'header ce-classification: over the ceiling OFFICIAL',
    });
  });

  it('passes a body of the largest size, and refuses one byte more as too large', () => {
    const text = JSON.stringify({ ...payload, pad: '' });
    const sized = (bytes: number): Uint8Array =>
      new TextEncoder().encode(
        text.replace('"pad":""', `"pad":"${'x'.repeat(bytes - new TextEncoder().encode(text).length)}"`),
      );
    expect(check(flow, event({}, sized(flow.maxBytes)))).toBeUndefined();
    expect(check(flow, event({}, sized(flow.maxBytes + 1)))).toEqual({
      reason: 'too-large',
      detail: 'body: more than 65536 bytes',
    });
  });

  it.each([
    ['a schema', { ...payload, grade: 'SECRETGRADE' }, 'payload schema: enum at /grade'],
    ['a format', { ...payload, reportedAt: '2026-13-05T14:02:11Z' }, 'payload schema: format at /reportedAt'],
    [
      'a time without an offset',
      { ...payload, reportedAt: '2026-03-05T14:02:11' },
      'payload schema: format at /reportedAt',
    ],
    ['the order of dates', { ...payload, openedAt: '2026-03-05T14:02:10Z' }, 'rule 2: not-before at /openedAt'],
    ['UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'body: not JSON in UTF-8'],
    ['JSON', new TextEncoder().encode('{"a":1,}'), 'body: not JSON in UTF-8'],
    ['JSON with a byte order mark', new TextEncoder().encode('\uFEFF{}'), 'body: not JSON in UTF-8'],
    ['JSON by being empty', new Uint8Array(), 'body: not JSON in UTF-8'],
  ])('refuses a body that breaks %s, naming keyword and place alone', (_, body, detail) => {
    expect(check(flow, event({}, body))).toEqual({ reason: 'invalid', detail });
  });

  it('never looks at the trace, present, malformed or absent, even where the header schema wants it sampled', async () => {
    const records = await loadService(join(contracts, 'records-check'));
    const request = records.flows[0]!;
    const message = request.messages.find(({ name }) => name === 'VehicleCheckRequest')!;
    const sent = event(
      {
        'ce-type': message.name,
        'ce-dataschema': message.dataschema,
        'ce-expirytime': '2026-03-05T14:02:45+00:00',
        'ce-partitionkey': undefined,
        'ce-sequence': undefined,
        traceparent: 'nonsense',
      },
      message.examples.find(({ valid }) => valid)?.payload,
    );
    const failure = createCheck(records)(request, sent);
    expect(failure?.detail ?? '').not.toContain('trace');
    expect(check(flow, event({ traceparent: 'nonsense', tracestate: '=,' }))).toBeUndefined();
  });
});

describe('the validators that facts are made with', () => {
  it('are two, agree on every example, and write faults as the history does', async () => {
    const validators = await createValidators(service);
    for (const message of flow.messages) {
      for (const example of message.examples) {
        const [first, second] = [
          validators.payloadFault(message, example.payload),
          validators.payloadFaultAgain(message, example.payload),
        ];
        expect(first === undefined).toBe(second === undefined);
        if (example.valid) expect(first).toBeUndefined();
      }
    }
    const message = validators.find('IncidentCreated')?.message;
    expect(message).toBeDefined();
    expect(validators.payloadFault(message!, { ...payload, grade: 'X' })).toBe('schema:enum:/grade');
    expect(validators.payloadFaultAgain(message!, { ...payload, grade: 'X' })).toBe('schema:enum:/grade');
    expect(validators.payloadFaultAgain(message!, { ...payload, reportedAt: 'now' })).toBe('schema:format:/reportedAt');
    expect(validators.headerFault(message!, { ...headers, 'ce-sequence': '0' })).toBe('header:ce-sequence');
    const { 'ce-id': _, ...without } = headers;
    expect(validators.headerFault(message!, without)).toBe('header:ce-id');
    expect(validators.ruleFault(message!, { ...headers, 'ce-sequence': '9' }, payload)).toBe('rule:1');
  });
});
