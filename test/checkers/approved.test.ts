import { describe, expect, test } from 'vitest';
import { approvedIn } from './approved.ts';
import { neighbours } from './neighbours.ts';
import { said } from './said.ts';

describe.each([
  ['said.txt', said],
  ['neighbours.txt', neighbours],
] as const)('%s is what was approved, and what `npm run docs` writes', (file, sections) => {
  const approved = approvedIn(file);

  test.each(sections.map((one) => [one.name, one] as const))('of %s', (name, { text }) => {
    expect(text()).toBe(approved.get(name));
  });

  test('and nothing is approved that is said of nothing', () => {
    expect([...approved.keys()]).toEqual(sections.map(({ name }) => name));
  });
});
