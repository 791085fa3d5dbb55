import { describe, expect, test } from 'vitest';
import type { Rule } from '../../harness/model/flow.ts';
import type { JsonValue } from '../../harness/model/json.ts';
import { ruleHolds } from '../../harness/model/rules.ts';

const at = (hour: number): string => `2026-01-02T0${String(hour)}:00:00Z`;

describe('a semantic rule', () => {
  test.each<[string, Rule, JsonValue, boolean]>([
    ['a text is the header', { rule: 'equals-header', field: '/id', header: 'ce-id' }, { id: '7' }, true],
    ['a number is', { rule: 'equals-header', field: '/id', header: 'ce-id' }, { id: 7 }, true],
    ['it is another text', { rule: 'equals-header', field: '/id', header: 'ce-id' }, { id: '8' }, false],
    ['it is no scalar', { rule: 'equals-header', field: '/id', header: 'ce-id' }, { id: ['7'] }, false],
    ['it is nothing', { rule: 'equals-header', field: '/id', header: 'ce-id' }, { id: null }, false],
    ['it is not there', { rule: 'equals-header', field: '/id', header: 'ce-id' }, {}, true],
    ['one of several is another', { rule: 'equals-header', field: '/*', header: 'ce-id' }, ['7', '8'], false],
    ['all of several are', { rule: 'equals-header', field: '/*', header: 'ce-id' }, ['7', '7'], true],
    ['a truth value is', { rule: 'equals-header', field: '/yes', header: 'ce-yes' }, { yes: true }, true],
    ['the header is missing', { rule: 'equals-header', field: '/id', header: 'ce-none' }, { id: '7' }, false],
    ['the count is right', { rule: 'count', field: '/n', of: '/a/*' }, { n: 2, a: [1, 1] }, true],
    ['the count is wrong', { rule: 'count', field: '/n', of: '/a/*' }, { n: 1, a: [1, 1] }, false],
    ['there is nothing to count', { rule: 'count', field: '/n', of: '/a/*' }, { n: 0 }, true],
    ['one of two counts is wrong', { rule: 'count', field: '/n/*', of: '/a/*' }, { n: [2, 3], a: [1, 1] }, false],
    ['the sum is right', { rule: 'sum', field: '/n', of: '/a/*' }, { n: 3, a: [1, 2] }, true],
    ['the sum is wrong', { rule: 'sum', field: '/n', of: '/a/*' }, { n: -3, a: [1, 2] }, false],
    ['one of two sums is wrong', { rule: 'sum', field: '/n/*', of: '/a/*' }, { n: [3, 4], a: [1, 2] }, false],
    ['a part of the sum is no number', { rule: 'sum', field: '/n', of: '/a/*' }, { n: 1, a: [1, '0'] }, false],
    ['the sum of nothing is nothing', { rule: 'sum', field: '/n', of: '/a/*' }, { n: 0, a: [] }, true],
    ['a time is the same', { rule: 'not-before', field: '/to', other: '/from' }, { to: at(1), from: at(1) }, true],
    ['a time is later', { rule: 'not-before', field: '/to', other: '/from' }, { to: at(2), from: at(1) }, true],
    ['a time is before', { rule: 'not-before', field: '/to', other: '/from' }, { to: at(1), from: at(2) }, false],
    ['a time is none', { rule: 'not-before', field: '/to', other: '/from' }, { to: 5, from: at(2) }, false],
    ['the other time is not there', { rule: 'not-before', field: '/to', other: '/from' }, { to: at(1) }, true],
    ['the check character is right', { rule: 'check-character', field: '/c', alphabet: 'ABCDE' }, { c: 'x7C' }, true],
    ['the check character is wrong', { rule: 'check-character', field: '/c', alphabet: 'ABCDE' }, { c: 'x7D' }, false],
    ['it has no digits', { rule: 'check-character', field: '/c', alphabet: 'ABCDE' }, { c: 'xA' }, false],
    ['it is no text', { rule: 'check-character', field: '/c', alphabet: 'ABCDE' }, { c: 7 }, false],
    [
      'its digits are those of its slices',
      {
        rule: 'check-character',
        field: '/c',
        alphabet: 'ABCDE',
        slices: [
          [2, 3],
          [0, 1],
        ],
      },
      { c: '1-3B' },
      true,
    ],
  ])('holds or does not: %s', (_, rule, payload, holds) => {
    expect(ruleHolds(rule, payload, { 'ce-id': '7', 'ce-yes': 'true' })).toBe(holds);
  });
});
