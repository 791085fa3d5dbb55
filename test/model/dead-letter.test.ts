import { expect, test } from 'vitest';
import { isKept } from '../../harness/model/dead-letter.ts';
import type { BadInputPolicy, Flow } from '../../harness/model/flow.ts';
import { flows } from '../checkers/flows.ts';

const kept = (badInput: BadInputPolicy): readonly string[] =>
  ['expired', 'gap', 'exhausted', 'rejected', 'invalid'].filter((reason) =>
    isKept({ ...(flows['fan-out'] satisfies Flow), badInput }, reason),
  );

test('what expired is never kept, what is parked always, and bad input as the flow says', () => {
  expect(kept('dead-letter')).toEqual(['gap', 'exhausted', 'rejected', 'invalid']);
  expect(kept('refuse')).toEqual(['gap', 'exhausted']);
  expect(kept('drop')).toEqual(['gap']);
});
