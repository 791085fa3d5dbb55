import { describe, expect, test } from 'vitest';
import { anonymousPlace, declaredNames } from '../../harness/model/declared.ts';

const schema = {
  properties: { contacts: { additionalProperties: { $ref: '#/$defs/contact' } }, 'a/b': true },
  $defs: { contact: { properties: { phones: { items: { type: 'string' } } } } },
};

describe('a place that may be logged', () => {
  test('has the names of the schema, wherever it has them', () => {
    expect([...declaredNames(schema)].toSorted()).toEqual(['a/b', 'contacts', 'phones']);
  });

  test('has neither the names of a map’s members, which are content, nor indexes', () => {
    expect(anonymousPlace(schema, '/contacts/Ada Lovelace/phones/0')).toBe('/contacts/*/phones/*');
    expect(anonymousPlace(schema, '/a~1b')).toBe('/a~1b');
    expect(anonymousPlace(true, '/07700900123')).toBe('/*');
    expect(anonymousPlace(schema, '')).toBe('');
  });
});
