import { afterEach, expect, test, vi } from 'vitest';
import { Gate } from '../../harness/engine/gate.ts';

const shares = vi.hoisted((): number[] => []);
vi.mock('../../harness/engine/processors.ts', () => ({
  Processors: class {
    busy = (): number => shares.shift() ?? 1;
  },
}));

const never = new AbortController().signal;
afterEach(() => {
  shares.length = 0;
});

test('one more job than were meant to run at once may begin while a quarter of the processors is free, looked at for each by itself', async () => {
  shares.push(0.74, 0.75, 0);
  const gate = new Gate();
  const entering = [gate.enterBeyond(never), gate.enterBeyond(never), gate.enterBeyond(never)];
  expect(await Promise.all(entering)).toEqual([true, false, true]);
});

test('those that are meant to run do not wait for others to look at the processors', async () => {
  shares.push(0);
  const gate = new Gate();
  let looked = false;
  const beyond = gate.enterBeyond(never).then(() => {
    looked = true;
  });
  await gate.enter(never);
  expect(looked).toBe(false);
  await beyond;
});

test('whoever is told to stop does not wait any more', async () => {
  const stopped = AbortSignal.abort();
  const gate = new Gate();
  await gate.enter(stopped);
  expect(await gate.enterBeyond(stopped)).toBe(false);
});
