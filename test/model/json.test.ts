import { describe, expect, test } from 'vitest';
import { isJsonObject, valuesAt, withValueAt, type JsonValue } from '../../harness/model/json.ts';

const value: JsonValue = { a: [{ b: 1 }, { b: 2 }, { c: 3 }], 'x/y': { '~': 4 }, '': 5, n: null };

describe('the values at a JSON Pointer', () => {
  test.each<[string, readonly JsonValue[]]>([
    ['', [value]],
    ['/a/0/b', [1]],
    ['/a/*/b', [1, 2]],
    ['/a/2', [{ c: 3 }]],
    ['/a/3', []],
    ['/a/', []],
    ['/a/00', []],
    ['/a/-', []],
    ['/a/b', []],
    ['/x~1y/~0', [4]],
    ['/', [5]],
    ['/n', [null]],
    ['/n/a', []],
    ['/missing', []],
    ['/constructor', []],
    ['/a/0/toString', []],
    ['/a/0/*', []],
  ])('are those that stand there: %s', (pointer, found) => {
    expect(valuesAt(value, pointer)).toEqual(found);
  });
});

describe('a value that is put at a JSON Pointer', () => {
  test.each<[string, JsonValue, JsonValue]>([
    ['', {}, 9],
    ['/a', { b: 1 }, { b: 1, a: 9 }],
    ['/a/b', {}, { a: { b: 9 } }],
    ['/a/b', { a: 1 }, { a: { b: 9 } }],
    ['/a/1', { a: [1, 2, 3] }, { a: [1, 9, 3] }],
    ['/a/5', { a: [1] }, { a: [1] }],
    ['/a/0/b', { a: [{ c: 1 }] }, { a: [{ c: 1, b: 9 }] }],
    ['/x~1y', {}, { 'x/y': 9 }],
  ])('stands there, and all else as it was: %s', (pointer, before, after) => {
    const copy = structuredClone(before);
    expect(withValueAt(before, pointer, 9)).toEqual(after);
    expect(before).toEqual(copy);
  });
});

test('an object is no array, no null and no text', () => {
  expect([{}, [], null, 'a', 1, true, undefined].map((one) => isJsonObject(one))).toEqual([
    true,
    ...Array.from({ length: 6 }, () => false),
  ]);
});
