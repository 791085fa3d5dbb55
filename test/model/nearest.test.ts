import { describe, expect, test } from 'vitest';
import { nearest } from '../../harness/model/nearest.ts';

const known = ['happy-flow', 'crash', 'retried', 'rejected', 'gap'];

describe('the name that somebody may have meant', () => {
  test.each([
    ['happy-flaw', 'happy-flow'],
    ['hapy-flow', 'happy-flow'],
    ['happpy-flow', 'happy-flow'],
    ['HAPPY-FLOW', 'happy-flow'],
    ['crush', 'crash'],
    ['crahs', undefined],
    ['gp', 'gap'],
    ['retired', 'retried'],
    ['rejected', 'rejected'],
  ])('is the one that is a slip of the hand away: %s', (name, meant) => {
    expect(nearest(name, known)).toBe(meant);
  });

  test('is none where every name is further away than a third of its letters, or than one', () => {
    expect(nearest('abcdef', ['abxxxx'])).toBeUndefined();
    expect(nearest('abcdef', ['abcdxx'])).toBe('abcdxx');
    expect(nearest('abcdef', ['abcxxx'])).toBeUndefined();
    expect(nearest('ab', ['xb'])).toBe('xb');
    expect(nearest('ab', ['xy'])).toBeUndefined();
  });

  test('is none where two names are as near, and the nearer one where they are not', () => {
    expect(nearest('cat', ['bat', 'hat'])).toBeUndefined();
    expect(nearest('cats', ['bats', 'cats'])).toBe('cats');
    expect(nearest('abcdef', ['abcdxx', 'abcdex'])).toBe('abcdex');
    expect(nearest('cat', [])).toBeUndefined();
  });
});
