import { describe, expect, test } from 'vitest';
import { faultsOfNotice } from '../../harness/observe/notice.ts';
import type { PlannedEvents } from '../../harness/model/planned.ts';
import { flows } from '../checkers/flows.ts';

const event = (more: Readonly<Record<string, string>> = {}) => ({
  'ce-id': '1',
  'ce-source': 'urn:sender',
  'ce-type': 'Thing',
  'ce-time': 'then',
  traceparent: '00',
  ...more,
});
const planned = (...events: readonly Readonly<Record<string, string>>[]): PlannedEvents =>
  ({ list: events.map((headers) => ({ event: { headers, body: new Uint8Array() } })) }) as unknown as PlannedEvents;
const faults = (
  notice: Readonly<Record<string, string>>,
  ...events: readonly Readonly<Record<string, string>>[]
): string =>
  faultsOfNotice({ Reason: 'conflict', ...notice }, planned(...events), [flows['fan-out'], flows['request-reply']]);
const { traceparent: _, ...attributes } = event();

describe('a notice of an event', () => {
  test('has its attributes, and needs none of its other headers', () => {
    expect(faults(attributes, event())).toBe('');
  });
  test('lacks none of them, and has each as it is', () => {
    const { 'ce-time': _time, ...without } = attributes;
    expect(faults(without, event())).toBe('ce-time');
    expect(faults({ ...attributes, 'ce-type': 'thing' }, event())).toBe('ce-type');
  });
  test('has no id of its own for the bus', () => {
    expect(faults({ ...attributes, 'Nats-Msg-Id': '1' }, event())).toBe('Nats-Msg-Id');
  });
  test('may be of any of those that have its id', () => {
    expect(faults({ ...attributes, 'ce-time': 'now' }, event(), event({ 'ce-time': 'now' }))).toBe('');
    expect(faults({ ...attributes, 'ce-time': 'later' }, event(), event({ 'ce-time': 'now' }))).toBe('ce-time');
  });
  test('of something else says nothing', () => {
    expect(faults({ 'ce-id': '2', 'ce-source': 'urn:sender' }, event())).toBe('');
    expect(faults({ 'ce-id': '1', 'ce-source': 'urn:another' }, event())).toBe('');
    expect(faults({ 'ce-id': '1', 'ce-source': 'urn:sender' }, event({ 'ce-type': 'Reply' }))).toBe('');
  });
});
