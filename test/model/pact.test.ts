import { describe, expect, test } from 'vitest';
import { namesIn } from '../../harness/model/pact-generators.ts';
import { expectedOf, headerOf, partsOf, type Interaction, type PactPart } from '../../harness/model/pact.ts';

const part = (metadata: Readonly<Record<string, string>>): PactPart => ({
  type: 'Thing',
  metadata,
  matchingRules: {},
  generators: {},
  place: { file: 'pact.json' },
});
const interaction = (kind: Interaction['kind'], responses: readonly PactPart[]): Interaction => ({
  kind,
  description: 'a thing',
  states: [],
  pending: false,
  comments: {},
  message: part({}),
  responses,
  place: { file: 'pact.json' },
});

describe('a metadata key of a pact', () => {
  test.each([
    ['subject', undefined],
    ['Topic', undefined],
    ['destination', undefined],
    ['address', undefined],
    ['contentType', 'ce-datacontenttype'],
    ['Content-Type', 'ce-datacontenttype'],
    ['CE-Type', 'ce-type'],
  ])('stands for a header, or for the subject: %s', (key, header) => {
    expect(headerOf(key)).toBe(header);
  });

  test('gives a part its headers in lower case, and its subject', () => {
    expect(expectedOf(part({ 'CE-Id': '1', topic: 'service.things', contentType: 'application/json' }))).toEqual({
      headers: { 'ce-id': '1', 'ce-datacontenttype': 'application/json' },
      subject: 'service.things',
    });
    expect(expectedOf(part({}))).toEqual({ headers: {}, subject: undefined });
  });
});

test('an interaction has a message, or a request and its responses, numbered where there are several', () => {
  const names = (of: Interaction): readonly string[] => partsOf(of).map(([name]) => name);
  expect(names(interaction('asynchronous', []))).toEqual(['message']);
  expect(names(interaction('synchronous', [part({})]))).toEqual(['request', 'response']);
  expect(names(interaction('synchronous', [part({}), part({})]))).toEqual(['request', 'response 1', 'response 2']);
});

test('an expression names parameters in braces, or is a name', () => {
  expect(namesIn('${one}-${two}')).toEqual(['one', 'two']);
  expect(namesIn('one')).toEqual(['one']);
  expect(namesIn('')).toEqual(['']);
});
