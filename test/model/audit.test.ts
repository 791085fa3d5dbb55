import { describe, expect, test } from 'vitest';
import { anchorText, canonicalJson, parseAuditRecord, parseSignedAnchor } from '../../harness/model/audit.ts';

const record = {
  number: 2,
  previous: 'ab',
  change: 'settled',
  when: '2026-01-02T03:04:05Z',
  flow: 'service/things',
  stream: 'THINGS',
  sequence: 7,
  id: 'm1',
  source: 'urn:sender',
  type: 'Thing',
  correlation: 'c1',
  classification: 'OFFICIAL',
  trace: '00-1',
  from: 'bus',
  to: ['one', 'two'],
  application: 'one',
  how: 'rejected',
  deliveries: 3,
  reason: 'invalid',
};

describe('an audit record', () => {
  test('is read as it was written', () => {
    expect(parseAuditRecord(JSON.stringify(record))).toEqual(record);
  });

  test('has nothing where it was written with nothing, or with another type', () => {
    const bare = { number: 1, previous: '', change: 'accepted' };
    const empty = {
      ...Object.fromEntries(Object.keys(record).map((name) => [name, ''])),
      sequence: 0,
      deliveries: 0,
      to: [],
      ...bare,
    };
    expect(parseAuditRecord(JSON.stringify(bare))).toEqual(empty);
    expect(parseAuditRecord(JSON.stringify({ ...bare, when: 1, sequence: '2', to: 'one', how: 'lost' }))).toEqual(
      empty,
    );
    expect(parseAuditRecord(JSON.stringify({ ...bare, to: ['one', 2, 'two'] }))?.to).toEqual(['one', 'two']);
  });

  test.each(['accepted', 'settled', 'dead-lettered', 'replayed', 'answered'])('may be of the change %s', (change) => {
    expect(parseAuditRecord(JSON.stringify({ ...record, change }))?.change).toBe(change);
  });

  test.each(['acknowledged', 'rejected', 'expired', 'exhausted', 'discarded'])('may be of what was %s', (how) => {
    expect(parseAuditRecord(JSON.stringify({ ...record, how }))?.how).toBe(how);
  });

  test.each([
    ['text that is no JSON', '{'],
    ['no object', '[]'],
    ['an unknown change', JSON.stringify({ ...record, change: 'lost' })],
    ['a number that is text', JSON.stringify({ ...record, number: '2' })],
    ['no link to the record before', JSON.stringify({ ...record, previous: undefined })],
  ])('is none: %s', (_, text) => {
    expect(parseAuditRecord(text)).toBeUndefined();
  });
});

describe('a signed anchor', () => {
  const anchor = { number: 2, head: 'ab', final: false, signature: 'cd' };

  test('is read as it was written, and nothing beside it', () => {
    expect(parseSignedAnchor(JSON.stringify({ ...anchor, more: 1 }))).toEqual(anchor);
  });

  test.each(Object.keys(anchor))('is none without its %s', (name) => {
    expect(parseSignedAnchor(JSON.stringify({ ...anchor, [name]: undefined }))).toBeUndefined();
    expect(parseSignedAnchor(JSON.stringify({ ...anchor, [name]: null }))).toBeUndefined();
  });

  test('is none in what is no object', () => {
    expect(parseSignedAnchor('null')).toBeUndefined();
    expect(parseSignedAnchor('')).toBeUndefined();
  });

  test('is signed without its signature, members in their order', () => {
    expect(anchorText({ ...anchor, final: true })).toBe('{"final":true,"head":"ab","number":2}');
  });
});

describe('canonical JSON', () => {
  test.each<[unknown, string]>([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ b: { d: 1, c: [3, { z: 1, y: 2 }] }, a: null }, '{"a":null,"b":{"c":[3,{"y":2,"z":1}],"d":1}}'],
    [[2, 1], '[2,1]'],
    ['a"b', '"a\\"b"'],
    [{ a: undefined, b: 1 }, '{"b":1}'],
    [{ 'a"': 1 }, '{"a\\"":1}'],
    [{}, '{}'],
    [[], '[]'],
    [true, 'true'],
  ])('has the members of every object in the order of their names: %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });
});
