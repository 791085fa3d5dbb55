import { describe, expect, test } from 'vitest';
import { crosses, messageIdOf, parseTime } from '../../harness/model/event.ts';

describe('a header', () => {
  test.each([
    ['ce-id', true],
    ['ce-anything', true],
    ['traceparent', true],
    ['tracestate', true],
    ['x-ce-id', false],
    ['traceparents', false],
    ['nats-msg-id', false],
    ['', false],
  ])('of this name crosses between HTTP and the bus or does not: %s', (name, does) => {
    expect(crosses(name)).toBe(does);
  });
});

test('an event is known by its source and its id', () => {
  const event = (headers: Readonly<Record<string, string>>): string => messageIdOf({ headers, body: new Uint8Array() });
  expect(event({ 'ce-source': 'urn:a', 'ce-id': '1' })).toBe('urn:a 1');
  expect(event({})).toBe(' ');
});

describe('a time', () => {
  test.each([
    ['2026-01-02T03:04:05Z', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['2026-01-02t03:04:05z', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['2026-01-02T03:04:05.250Z', Date.UTC(2026, 0, 2, 3, 4, 5, 250)],
    ['2026-01-02T03:04:05+01:00', Date.UTC(2026, 0, 2, 2, 4, 5)],
    ['2026-01-02T03:04:05-01:30', Date.UTC(2026, 0, 2, 4, 34, 5)],
    ['2026-01-02T03:04:05', undefined],
    ['2026-01-02 03:04:05Z', undefined],
    ['2026-13-02T03:04:05Z', undefined],
    [' 2026-01-02T03:04:05Z', undefined],
    ['2026-01-02T03:04:05Z ', undefined],
    ['2026-01-02T03:04:05.Z', undefined],
    ['2026-01-02', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('is one of RFC 3339 with an offset: %s', (text, at) => {
    expect(parseTime(text)).toBe(at);
  });
});
