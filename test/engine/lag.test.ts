import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type os from 'node:os';
import type { Clock } from '../../harness/engine/clock.ts';
import { LagWatch } from '../../harness/engine/lag.ts';
import { HistoryBuilder, rowAt } from '../../harness/model/history.ts';

const counts = vi.hoisted(() => ({ user: 0, idle: 0 }));
vi.mock('node:os', async (original) => ({
  ...(await original<typeof os>()),
  cpus: () => [
    { times: { user: counts.user, nice: 0, sys: 0, idle: counts.idle, irq: 0 } },
    { times: { user: 0, nice: counts.user, sys: 0, idle: counts.idle, irq: 0 } },
  ],
}));

let now = 0;
const clock: Clock = { epochMs: 0, now: () => now, wall: () => now };

beforeEach(() => {
  now = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  if (vi.getTimerCount() > 0) throw new Error('a timer was left behind');
  vi.useRealTimers();
});

/** A bus that answers at once. */
const prompt = (): Promise<void> => Promise.resolve();

/** Time passes, and the timers run on time. */
function pass(ms: number): void {
  for (let at = 0; at < ms; at++) {
    now++;
    vi.advanceTimersByTime(1);
  }
}

/** The machine does nothing else for a while: time passes, and no timer runs until then. */
function stall(ms: number): void {
  now += ms;
}

const watchLag = (history: HistoryBuilder, ping: () => Promise<unknown>): Disposable =>
  new LagWatch(clock).watch({ history, clock, ping });

const rows = (history: HistoryBuilder) =>
  Array.from({ length: history.lengthOf('lag') }, (_, at) => rowAt(history.history(), 'lag', at));

test('a timer that is on time is written down as such, in intervals without a gap', () => {
  const history = new HistoryBuilder();
  const watch = watchLag(history, prompt);
  pass(250);
  watch[Symbol.dispose]();
  const seen = rows(history);
  expect(seen.map(({ worstMs }) => worstMs)).toEqual(seen.map(() => 0));
  expect(seen.reduce((sum, { intervalMs }) => sum + intervalMs, 0)).toBe(250);
  for (const [at, row] of seen.entries()) expect(row.at - row.intervalMs).toBe(seen[at - 1]?.at ?? 0);
});

test('a stall is written down with its length, in its interval alone', () => {
  const history = new HistoryBuilder();
  const watch = watchLag(history, prompt);
  pass(150);
  stall(80);
  pass(220);
  watch[Symbol.dispose]();
  const late = rows(history).filter(({ worstMs }) => worstMs > 0);
  expect(late).toHaveLength(1);
  const [row] = late;
  expect(row?.worstMs).toBe(80);
  expect((row?.at ?? 0) - (row?.intervalMs ?? 0)).toBeLessThanOrEqual(150);
  expect(row?.at).toBeGreaterThanOrEqual(230);
});

test('a stall that goes on to the end is written down too', () => {
  const history = new HistoryBuilder();
  const watch = watchLag(history, prompt);
  pass(20);
  stall(500);
  watch[Symbol.dispose]();
  expect(rows(history)).toMatchObject([{ at: 520, intervalMs: 520, worstMs: 490 }]);
});

test('an end before the timer was due is no negative lateness', () => {
  const history = new HistoryBuilder();
  const watch = watchLag(history, prompt);
  pass(3);
  watch[Symbol.dispose]();
  expect(rows(history)).toMatchObject([{ at: 3, intervalMs: 3, worstMs: 0 }]);
});

test('how long the processors were in use is written down, of each interval by itself', () => {
  const history = new HistoryBuilder();
  const watch = watchLag(history, prompt);
  const use = (user: number, idle: number): void => {
    counts.user += user;
    counts.idle += idle;
    pass(100);
  };
  use(25, 75);
  use(90, 10);
  use(0, 0);
  watch[Symbol.dispose]();
  const shares = rows(history).map(({ processorMs, intervalMs }) => processorMs / intervalMs);
  expect(shares.slice(0, 3)).toEqual([0.25, 0.9, 0]);
});

/** A bus that answers each ping after so many milliseconds. */
const answering =
  (afterMs: () => number): (() => Promise<void>) =>
  () =>
    new Promise((resolve) => {
      setTimeout(resolve, afterMs());
    });

async function passing(ms: number): Promise<void> {
  for (let at = 0; at < ms; at++) {
    now++;
    await vi.advanceTimersByTimeAsync(1);
  }
}

test('a bus that takes longer than its quickest answer is written down with what it took beyond that', async () => {
  const history = new HistoryBuilder();
  let afterMs = 5;
  const watch = watchLag(
    history,
    answering(() => afterMs),
  );
  await passing(300);
  expect(rows(history).every(({ busMs, worstMs }) => busMs === 0 && worstMs === 0)).toBe(true);
  afterMs = 45;
  await passing(100);
  afterMs = 5;
  await passing(200);
  watch[Symbol.dispose]();
  await passing(50);
  const late = rows(history).filter(({ busMs }) => busMs > 0);
  expect(Math.max(...late.map(({ busMs }) => busMs))).toBe(40);
  expect(late.length).toBeLessThanOrEqual(2);
});

test('a bus that has not answered yet, or never does, is late for as long as that', async () => {
  for (const never of [() => new Promise<void>(() => undefined), () => Promise.reject(new Error('closed'))]) {
    now = 0;
    const history = new HistoryBuilder();
    let asked = 0;
    const watch = watchLag(history, () => (asked++ < 3 ? Promise.resolve() : never()));
    await passing(500);
    watch[Symbol.dispose]();
    expect(asked).toBe(4);
    expect(rows(history).at(-1)?.busMs).toBe(460);
  }
});

test('trials side by side share the timer, and the bus is asked through one connection after another', async () => {
  const watch = new LagWatch(clock);
  const asked: string[] = [];
  const trial = (name: string) => {
    const history = new HistoryBuilder();
    const ping = (): Promise<void> => {
      asked.push(name);
      return Promise.resolve();
    };
    return { history, watched: watch.watch({ history, clock, ping }) };
  };
  const one = trial('one');
  await passing(140);
  const two = trial('two');
  expect(vi.getTimerCount()).toBe(1);
  asked.length = 0;
  await passing(40);
  expect(asked).toEqual(['one', 'two', 'one', 'two']);
  stall(70);
  await passing(200);
  one.watched[Symbol.dispose]();
  await passing(55);
  two.watched[Symbol.dispose]();
  two.watched[Symbol.dispose]();
  for (const [{ history }, from, to] of [
    [one, 0, 450],
    [two, 140, 505],
  ] as const) {
    const seen = rows(history);
    expect(seen.map(({ at, intervalMs }) => at - intervalMs)).toEqual([from, ...seen.slice(0, -1).map(({ at }) => at)]);
    expect(seen.at(-1)?.at).toBe(to);
    expect(Math.max(...seen.map(({ worstMs }) => worstMs))).toBe(70);
  }
});

test('what one connection waits for is written down for every trial, and forgotten with it', async () => {
  const watch = new LagWatch(clock);
  const silent = watch.watch({ history: new HistoryBuilder(), clock, ping: () => new Promise(() => undefined) });
  const history = new HistoryBuilder();
  const other = watch.watch({ history, clock, ping: prompt });
  await passing(250);
  silent[Symbol.dispose]();
  await passing(200);
  other[Symbol.dispose]();
  const seen = rows(history);
  expect(seen.filter(({ at }) => at <= 250).map(({ busMs }) => busMs)).toEqual([90, 190]);
  expect(seen.filter(({ at }) => at > 250).every(({ busMs }) => busMs === 0)).toBe(true);
});
