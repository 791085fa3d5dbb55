import { describe, expect, test } from 'vitest';
import { faultsOfRefusal } from '../../harness/observe/made-refusal.ts';
import type { JsonObject } from '../../harness/model/json.ts';
import type { PlannedEvents } from '../../harness/model/planned.ts';
import { flows } from '../checkers/flows.ts';

const flow = flows['request-reply'];
const now = Date.parse('2026-03-01T12:00:00Z');
const bytes = (payload: JsonObject): Uint8Array => Buffer.from(JSON.stringify(payload));

const refused = { 'ce-id': '1', 'ce-classification': 'OFFICIAL', 'ce-partitionkey': 'k', traceparent: '00' };
const planned = {
  list: [{ message: { id: '1', flow: flow.id }, event: { headers: refused, body: bytes({ caseRef: 'a', plan: 1 }) } }],
} as unknown as PlannedEvents;
const sound = {
  ...refused,
  'ce-id': '1-refused',
  'ce-type': flow.refusal ?? '',
  'ce-source': `urn:application:${flow.receivers[0]?.application ?? ''}`,
  'ce-time': '2026-03-01T13:00:10+01:00',
  'ce-causationid': '1',
};
const faults = (headers: Readonly<Record<string, string>>, payload: JsonObject): string =>
  faultsOfRefusal({ headers, body: bytes(payload) }, planned, [flow], now);

describe('a refusal that an adapter made', () => {
  test('has what it has in common with what it refuses as that has it, and its own besides', () => {
    expect(faults(sound, { code: 'rejected', retryable: false, caseRef: 'a', remark: 'new' })).toBe('');
    expect(faults(sound, { code: 'rejected', retryable: false, caseRef: 'b' })).toBe('/copies');
    expect(faults(sound, { reasonCodes: ['content'], plan: 1 })).toBe('');
  });
  test('is to be tried again where nobody was there to answer, and only there', () => {
    expect(faults(sound, { code: 'unavailable', retryable: true })).toBe('');
    expect(faults(sound, { code: 'unavailable', retryable: false })).toBe('/retryable');
    expect(faults(sound, { code: 'rejected', retryable: true })).toBe('/retryable');
    expect(faults(sound, { code: 'rejected' })).toBe('');
  });
  test('has the attributes that are due', () => {
    const payload = { code: 'rejected' };
    for (const [name, value] of [
      ['ce-id', '1'],
      ['ce-source', 'urn:application:another'],
      ['ce-time', '2026-03-01T14:00:00Z'],
      ['ce-classification', 'SECRET'],
      ['ce-partitionkey', 'l'],
      ['traceparent', '01'],
      ['tracestate', 'a=1'],
    ] as const)
      expect(faults({ ...sound, [name]: value }, payload)).toBe(name);
  });
  test('of what nobody planned, or of another type, says nothing', () => {
    expect(faults({ ...sound, 'ce-causationid': '2', 'ce-id': 'x' }, {})).toBe('');
    expect(faults({ ...sound, 'ce-type': 'Thing', 'ce-id': 'x' }, {})).toBe('');
  });
});
