import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { performAll } from '../../harness/engine/schedule.ts';

const never = new AbortController().signal;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('jobs that are performed side by side', () => {
  test('are each performed once, in their order, never more at once than the width', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5), { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), async (turns, width) => {
        const begun: number[] = [];
        let running = 0;
        let most = 0;
        await performAll(
          [...turns.keys()],
          width,
          async (job) => {
            begun.push(job);
            most = Math.max(most, ++running);
            for (let at = turns[job] ?? 0; at > 0; at--) await turn();
            running--;
          },
          never,
        );
        expect(begun).toEqual([...turns.keys()]);
        expect(running).toBe(0);
        expect(most).toBeLessThanOrEqual(width);
        if (turns.length >= width && turns.every((count) => count > 0)) expect(most).toBe(width);
      }),
      { numRuns: 40 },
    );
  });

  test('are more at once than the width, by so many as are allowed, only while there is room', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(5), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(3),
        fc.boolean(),
        async (turns, width, beyond, room) => {
          const begun: number[] = [];
          let running = 0;
          let most = 0;
          const gate = {
            enter: () => turn().then(() => true),
            enterBeyond: async () => {
              await turn();
              return room;
            },
          };
          await performAll(
            [...turns.keys()],
            width,
            async (job) => {
              begun.push(job);
              most = Math.max(most, ++running);
              for (let at = turns[job] ?? 0; at >= 0; at--) await turn();
              running--;
            },
            never,
            gate,
            beyond,
          );
          expect(begun).toEqual([...turns.keys()]);
          expect(most).toBeLessThanOrEqual(room ? width + beyond : width);
          if (room && turns.length >= width + beyond && turns.every((count) => count > 3))
            expect(most).toBe(width + beyond);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('tell the trouble that came first, once all that runs has ended, and none begins after it', async () => {
    const jobs = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
    const begun: number[] = [];
    let told: unknown;
    const performed = performAll(
      [0, 1, 2, 3],
      3,
      (job) => {
        begun.push(job);
        return jobs[job]?.promise ?? Promise.resolve();
      },
      never,
    ).catch((cause: unknown) => {
      told = cause;
    });
    jobs[1]?.reject(new Error('first'));
    await turn();
    jobs[0]?.reject(new Error('second'));
    await turn();
    expect(told).toBeUndefined();
    jobs[2]?.resolve();
    await performed;
    expect(told).toEqual(new Error('first'));
    expect(begun).toEqual([0, 1, 2]);
  });

  test('tell of trouble that is no error as well', async () => {
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- whatever a job rejects with
    await expect(performAll([1], 1, () => Promise.reject(undefined), never)).rejects.toBeUndefined();
  });

  test('begin no more once they are aborted, and what runs ends', async () => {
    const abort = new AbortController();
    const job = Promise.withResolvers<void>();
    const begun: number[] = [];
    let ended = false;
    const performed = performAll(
      [0, 1],
      1,
      async (index) => {
        begun.push(index);
        await job.promise;
        ended = true;
      },
      abort.signal,
    );
    abort.abort();
    await turn();
    expect(ended).toBe(false);
    job.resolve();
    await performed;
    expect([begun, ended]).toEqual([[0], true]);
  });

  test.each([0, -1, Number.NaN])('have a width that performs something: not %s', async (width) => {
    await expect(performAll([1], width, () => Promise.resolve(), never)).rejects.toThrow('a width is 1 or more');
  });
});
