import { describe, expect, test } from 'vitest';
import { anonymousPlace, declaredNames } from '../../harness/model/declared.ts';

/** Anew each time: what was worked out of one is kept. */
const newSchema = () => ({
  properties: { contacts: { additionalProperties: { $ref: '#/$defs/contact' } }, 'a/b': true },
  $defs: { contact: { properties: { phones: { items: { type: 'string' } } } } },
  allOf: [{ properties: { inList: true } }, true],
});

describe('a place that may be logged', () => {
  test('has the names of the schema, wherever it has them', () => {
    const schema = newSchema();
    expect([...declaredNames(schema)].toSorted()).toEqual(['a/b', 'contacts', 'inList', 'phones']);
    expect(declaredNames(schema)).toBe(declaredNames(schema));
    expect([...declaredNames({ properties: true })]).toEqual([]);
  });

  test('has neither the names of a map’s members, which are content, nor indexes', () => {
    const schema = newSchema();
    expect(anonymousPlace(schema, '/contacts/Ada Lovelace/phones/0')).toBe('/contacts/*/phones/*');
    expect(anonymousPlace(schema, '/a~1b')).toBe('/a~1b');
    expect(anonymousPlace(true, '/07700900123')).toBe('/*');
    expect(anonymousPlace(schema, '')).toBe('');
  });
});
