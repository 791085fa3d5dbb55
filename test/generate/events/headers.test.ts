import { expect, test } from 'vitest';
import { violateHeader } from '../../../harness/generate/events/headers.ts';

test('a name in capitals stands in place of the one in lower case, with the same value', () => {
  const headers = { 'ce-id': '7', 'ce-correlationid': 'correlation-1' };
  expect(violateHeader(headers, 'ce-correlationid', 'in-capitals')).toEqual({
    'ce-id': '7',
    'Ce-Correlationid': 'correlation-1',
  });
});

test.each([
  ['absent', {}],
  ['malformed', { 'ce-time': '2026-03-05T14:00:00' }],
  ['not-allowed', { 'ce-time': 'not-allowed' }],
] as const)('a header is %s', (how, expected) => {
  expect(violateHeader({ 'ce-time': '2026-03-05T14:00:00Z' }, 'ce-time', how)).toEqual(expected);
});

test.each([
  ['not-allowed', 'application/cloudevents+json'],
  ['batch-mode', 'application/cloudevents-batch+json'],
  ['with-parameter', 'application/json; charset=utf-8'],
] as const)('a content type is %s: %s', (how, expected) => {
  expect(violateHeader({ 'ce-datacontenttype': 'application/json' }, 'ce-datacontenttype', how)).toEqual({
    'ce-datacontenttype': expected,
  });
});
