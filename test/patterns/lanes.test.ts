import fc from 'fast-check';
import { expect, test } from 'vitest';

import { Lanes } from '../../harness/patterns/lanes.ts';

const names = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 2 });

test('work that shares a name runs one at a time in the order it came; all of it runs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(names, { maxLength: 12 }), async (scheduler, works) => {
      const lanes = new Lanes();
      const busy = new Set<string>();
      const begun: number[] = [];
      const all = works.map((own, index) =>
        lanes.run(own, async () => {
          for (const name of own) expect(busy.has(name)).toBe(false);
          for (const name of own) busy.add(name);
          begun.push(index);
          await scheduler.schedule(Promise.resolve());
          for (const name of own) busy.delete(name);
          if (index % 3 === 0) throw new Error('work may fail');
        }),
      );
      const ended = Promise.allSettled(all);
      await scheduler.waitFor(ended);
      expect([...begun].sort((one, other) => one - other)).toEqual(works.map((_, index) => index));
      for (const name of ['a', 'b', 'c', 'd'] as const) {
        const turn = begun.filter((index) => works[index]?.includes(name));
        expect(turn).toEqual([...turn].sort((one, other) => one - other));
      }
      expect(lanes.busy(['a', 'b', 'c', 'd'])).toBe(false);
    }),
    { numRuns: 60 },
  );
});
