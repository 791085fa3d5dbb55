import fc from 'fast-check';
import { expect, it } from 'vitest';

import { Turns } from '../../../harness/adapters/launch/turns.ts';

it('never lets more work at once than it is told, lets each work once and in its order, whatever fails', async () => {
  const works = fc.array(fc.record({ ticks: fc.integer({ min: 1, max: 3 }), fails: fc.boolean() }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), works, async (atOnce, works) => {
      const turns = new Turns(atOnce);
      const began: number[] = [];
      let [now, most] = [0, 0];
      const results = await Promise.allSettled(
        works.map(({ ticks, fails }, index) =>
          turns.take(async () => {
            began.push(index);
            most = Math.max(most, ++now);
            for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
            now--;
            if (fails) throw new Error('failed');
            return index;
          }),
        ),
      );
      expect(most).toBe(Math.min(atOnce, works.length));
      expect(began).toEqual(works.map((_, index) => index));
      expect(results.map(({ status }) => status)).toEqual(works.map(({ fails }) => (fails ? 'rejected' : 'fulfilled')));
    }),
  );
});
