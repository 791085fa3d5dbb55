import { describe, expect, test } from 'vitest';
import { randomFrom } from '../../harness/generate/random.ts';
import type { Workload } from '../../harness/model/workload.ts';
import { sizeOf } from '../../harness/shrink/events.ts';
import { shrink, type Budget, type ShrinkOptions } from '../../harness/shrink/shrink.ts';
import { planned } from '../fixtures/services.ts';

const found = planned.find(({ id }) => id === 'custody-task/tasks/crash');
if (found === undefined) throw new Error('no such scenario');
const workload = found.scenario.workload(found.service, found.flow, 3);
const [, , third, , , sixth] = workload.messages;
const plenty: Budget = { runs: 1000, ms: 60_000 };

const has = (simpler: Workload, id: string | undefined): boolean =>
  simpler.messages.some((message) => message.id === id);

function search(fails: (simpler: Workload) => boolean, options: Partial<ShrinkOptions<string>> = {}) {
  let now = 0;
  const performed: Workload[] = [];
  const result = shrink<string>({
    workload,
    concerned: new Set(),
    width: 3,
    budget: plenty,
    signal: new AbortController().signal,
    ...options,
    attempt: (simpler) => {
      performed.push(simpler);
      return Promise.resolve({ failed: fails(simpler), told: `run ${String(performed.length)}` });
    },
    now: () => now++,
  });
  return { result, performed };
}

describe('shrink', () => {
  test('finds the two messages that it takes, and nothing beside them', async () => {
    const shrunk = await search((simpler) => has(simpler, third?.id) && has(simpler, sixth?.id)).result;
    expect(shrunk.workload.messages.map(({ id }) => id)).toEqual([third?.id, sixth?.id]);
    expect(sizeOf(shrunk.workload).events).toBe(0);
    expect(shrunk).toMatchObject({ minimal: true, rate: { failed: 21, tried: 21 } });
  });

  test('keeps the crash that it takes', async () => {
    const crashes = (simpler: Workload): boolean =>
      simpler.scripts.some(({ answers }) => answers.some(({ crash }) => crash === 'after-effect'));
    const { workload: smallest } = await search(crashes).result;
    expect(sizeOf(smallest)).toEqual({ messages: 1, events: 1 });
  });

  test('begins with what the failure names', async () => {
    const { result, performed } = search((simpler) => has(simpler, sixth?.id), { concerned: new Set([5]) });
    await result;
    expect(performed[0]?.messages.map(({ id }) => id)).toEqual([sixth?.id]);
  });

  test('says that a failure which never shows again does not', async () => {
    const { result, performed } = search(() => false);
    const shrunk = await result;
    expect(shrunk.workload).toBe(workload);
    expect(shrunk.rate).toEqual({ failed: 0, tried: 9 });
    expect(shrunk.minimal).toBe(false);
    expect(performed.length).toBe(9);
  });

  test.each([1, 2, 3, 4, 5])(
    'tries each step several times where the failure shows only sometimes, and tells its rate (seed %i)',
    async (seed) => {
      const random = randomFrom(seed);
      const shrunk = await search((simpler) => has(simpler, third?.id) && random.integer(1, 2) === 1).result;
      expect(has(shrunk.workload, third?.id)).toBe(true);
      expect(shrunk.workload.messages.length).toBeLessThan(workload.messages.length);
      expect(shrunk.rate.failed).toBeGreaterThan(0);
      expect(shrunk.rate.tried).toBeGreaterThanOrEqual(shrunk.rate.failed);
    },
  );

  test('takes no smaller one that fails less surely than what was found', async () => {
    let seldom = 0;
    const { result } = search(
      (simpler) => has(simpler, third?.id) && (simpler.messages.length > 1 || ++seldom % 9 !== 0),
    );
    const shrunk = await result;
    expect(shrunk.workload.messages.length).toBe(2);
    expect(shrunk.rate).toEqual({ failed: 21, tried: 21 });
  });

  test('confirms what is left where it is told to, and not where it was found', async () => {
    const confirmed: Workload[] = [];
    const shrunk = await search((simpler) => has(simpler, third?.id), {
      confirm: (simpler) => {
        confirmed.push(simpler);
        return Promise.resolve({ failed: simpler.messages.length > 1, told: 'confirmed' });
      },
    }).result;
    expect(confirmed.length).toBeGreaterThanOrEqual(20);
    expect(shrunk.workload.messages.length).toBeGreaterThan(1);
    expect(shrunk.told).toBe('confirmed');
  });

  test('stops at the budget of runs, and says that there may be something simpler', async () => {
    const { result, performed } = search((simpler) => has(simpler, third?.id), { budget: { runs: 12, ms: 60_000 } });
    const shrunk = await result;
    expect(performed.length).toBeLessThanOrEqual(12 + 3);
    expect(has(shrunk.workload, third?.id)).toBe(true);
    expect(shrunk.minimal).toBe(false);
  });

  test('stops at the budget of time', async () => {
    const { result } = search((simpler) => has(simpler, third?.id), { budget: { runs: 1000, ms: 40 } });
    expect((await result).minimal).toBe(false);
  });

  test('takes no workload under which healthy adapters fail, too', async () => {
    const healthyFail = (simpler: Workload): boolean => simpler.messages.length < 2;
    const shrunk = await search((simpler) => has(simpler, third?.id), {
      control: (simpler) => Promise.resolve(!healthyFail(simpler)),
    }).result;
    expect(shrunk.control).toBe(true);
    expect(shrunk.workload.messages.length).toBeGreaterThanOrEqual(2);
  });

  test('counts a performance that cannot be set up as no failure', async () => {
    let runs = 0;
    const shrunk = await shrink<string>({
      workload,
      concerned: new Set([2]),
      width: 1,
      budget: plenty,
      signal: new AbortController().signal,
      attempt: () => Promise.resolve(++runs % 2 === 0 ? undefined : { failed: true, told: '' }),
      now: () => 0,
    });
    expect(shrunk.rate.failed).toBe(shrunk.rate.tried);
  });
});
