import { describe, expect, test } from 'vitest';
import { heardBy, mayHaveGivenUp, patienceMs, starvedBetween, timeLimitMs } from '../../harness/checkers/heard.ts';
import { trialOf, type Trial } from '../../harness/checkers/trial.ts';
import type { Flow } from '../../harness/model/flow.ts';
import type { PartialRow } from '../../harness/model/history.ts';
import { contractOf, historyOf, type Rows } from './build.ts';
import { flows } from './flows.ts';

const fan = flows['fan-out'];
const ordered = flows['ordered-stream'];
const [began, answered] = [1000, 1200];

/** How late the harness's timer was, by the end of the tenth of a second that it was so in. */
const lagging = (late: Readonly<Record<number, number>> = {}): PartialRow<'lag'>[] =>
  Array.from({ length: 60 }, (_, tenth) => ({
    at: 100 * (tenth + 1),
    intervalMs: 100,
    worstMs: late[100 * (tenth + 1)] ?? 0,
  }));

const told = (at: number, more: PartialRow<'acknowledgement'> = {}): PartialRow<'acknowledgement'> => ({
  at,
  stream: 'THINGS',
  consumer: 'one',
  application: 'one',
  sequence: 2,
  deliveries: 1,
  verb: 'nak',
  ...more,
});
const handed = (more: PartialRow<'delivery'> = {}): PartialRow<'delivery'> => ({
  at: began,
  done: answered,
  message: 1,
  flow: fan.id,
  application: 'one',
  outcome: 'ok',
  ...more,
});

interface What {
  readonly back?: readonly PartialRow<'acknowledgement'>[];
  readonly before?: readonly PartialRow<'delivery'>[];
  readonly row?: PartialRow<'delivery'>;
  readonly storedAt?: readonly number[];
  readonly late?: Readonly<Record<number, number>>;
  readonly flow?: Flow;
}

/** The second of two messages, handed over to `one`, which waits for the answer for a second, and for nine tenths of it for sure. */
function trial({ back = [], before = [], row = {}, storedAt = [100], late = {}, flow = fan }: What): Trial {
  const stored = storedAt.map((at, nth) => ({ at, storedAt: at, sequence: nth + 2, message: 1 }));
  const rows: Partial<Rows> = {
    planned: [0, 1].map((nth) => ({ flow: flow.id, application: 'sender', id: String(nth) })),
    stored: [{ at: 5, storedAt: 5, sequence: 1, message: 0 }, ...stored].map((each) => ({
      ...each,
      stream: 'THINGS',
      subject: 'service.things.k0',
    })),
    delivery: [handed(row), ...before],
    acknowledgement: [...back],
    lag: lagging(late),
  };
  return trialOf(contractOf(flow), historyOf(rows));
}
const heard = (by: number, what: What = {}): string => heardBy(trial(what), 0, by);
const gaveUp = (by: number, what: What): boolean => mayHaveGivenUp(trial(what), 0, by);

test('an adapter waits for half of the acknowledgement wait, and a tenth less for sure', () => {
  expect([timeLimitMs(trial({})), patienceMs(trial({}))]).toEqual([1000, 900]);
  const endless = trial({ flow: flows['request-reply'] });
  expect([timeLimitMs(endless), patienceMs(endless)]).toEqual([Infinity, Infinity]);
});

describe('an answer was heard', () => {
  test.each([
    ['yes', 'as it was given', answered, {}],
    ['no', 'but not before', answered - 1, {}],
    ['no', 'but not where it failed', 5000, { row: { outcome: 'fail' } }],
    ['no', 'but not where nobody knows of it', 5000, { row: { outcome: 'info' } }],
    ['yes', 'just within the patience', 5000, { row: { done: began + 899 } }],
    ['no', 'but not after it', 5000, { row: { done: began + 900 } }],
    ['cannot-say', 'unless it was given back when the limit was over', 5000, { back: [told(began + 900)] }],
  ] as const)('%s: %s', (said, _, by, what) => {
    expect(heard(by, what)).toBe(said);
  });
});

test('a harness that lagged for half of the patience at a stretch may have starved an adapter', () => {
  const starved = (ms: number): boolean => starvedBetween(trial({ late: { 2000: ms } }), 1950, 2050);
  expect([449, 450, 451].map(starved)).toEqual([false, true, true]);
});

describe('a message was given back when the limit of its handing-over may have been over', () => {
  test.each([
    [true, 'it was over', 5000, { back: [told(began + 900)] }],
    [false, 'it was not', 5000, { back: [told(began + 899)] }],
    [true, 'it may have been, with the lag', 5000, { back: [told(began + 899)], late: { 1500: 1 } }],
    [true, 'with that before the handing-over', 5000, { back: [told(began + 899)], late: { 100: 1 } }],
    [false, 'not with that after it', 5000, { back: [told(began + 890)], late: { 2100: 100 } }],
    [false, 'it was never given back', 5000, {}],
    [false, 'not by then', began + 849, { back: [told(began + 900)] }],
    [true, 'as good as by then', began + 850, { back: [told(began + 900)] }],
    [false, 'another receiver gave it back', 5000, { back: [told(1950, { consumer: 'two', application: 'two' })] }],
    [false, 'another message was given back', 5000, { back: [told(1950, { sequence: 1 })] }],
    [false, 'it was acknowledged', 5000, { back: [told(1950, { verb: 'ack' })] }],
    [false, 'it was given back at once first', 5000, { back: [told(began + 300), told(began + 950)] }],
    [false, 'it was given back in the moment of its handing-over', 5000, { back: [told(began), told(began + 950)] }],
    [
      true,
      'it was given back before, after another handing-over',
      5000,
      { back: [told(400), told(began + 900)], before: [handed({ at: 300 })] },
    ],
  ] as const)('%s: %s', (said, _, by, what) => {
    expect(gaveUp(by, what)).toBe(said);
  });

  test('which counts from its handing-over, where that was later than a second after the start', () => {
    const back = [told(3890)];
    const row = { at: 3000, done: 3100 };
    expect(gaveUp(5000, { back, row, late: { 2000: 10 } })).toBe(true);
    expect(gaveUp(5000, { back, row, late: { 1900: 10 } })).toBe(false);
  });
});

describe('nobody waits for longer than they had the message', () => {
  const late = { 1000: 5000 };
  const back = [told(1100)];
  test.each([
    [true, 'stored long before', { storedAt: [199] }],
    [true, 'stored just as long before', { storedAt: [200] }],
    [false, 'stored later', { storedAt: [201] }],
    [true, 'stored twice, first long before', { storedAt: [150, 900] }],
    [false, 'settled since', { back: [told(300, { verb: 'ack' }), ...back] }],
    [true, 'settled long before', { back: [told(150, { verb: 'ack' }), ...back] }],
    [true, 'settled in that moment', { back: [told(began, { verb: 'ack' }), ...back] }],
    [true, 'at work since', { back: [told(300, { verb: 'in-progress' }), ...back] }],
    [true, 'settled by another consumer', { back: [told(300, { verb: 'ack', consumer: 'two' }), ...back] }],
    [true, 'another settled since', { back: [told(300, { verb: 'ack', sequence: 1 }), ...back] }],
    [
      false,
      'another settled since, in turn',
      { flow: ordered, back: [told(300, { verb: 'ack', sequence: 1 }), ...back] },
    ],
    [
      true,
      'another settled since, in another turn',
      { flow: ordered, back: [told(300, { verb: 'ack', sequence: 1, consumer: 'one-1' }), ...back] },
    ],
  ] as const)('%s: %s', (said, _, what) => {
    expect(gaveUp(5000, { late, back, ...what })).toBe(said);
  });
});

describe('what was POSTed may have been read when the message had been given back already', () => {
  test.each([
    [true, 'the two ways met', { back: [told(950)] }],
    [false, 'they did not', { back: [told(949)] }],
    [true, 'the harness lagged for as long', { back: [told(940)], late: { 1000: 10 } }],
    [true, 'it lagged in the limit before', { back: [told(940)], late: { 100: 10 } }],
    [false, 'it lagged for less', { back: [told(940)], late: { 1000: 9 } }],
    [false, 'it had been handed over before', { back: [told(960)], before: [handed({ at: 900 })] }],
    [true, 'it was given back more often', { back: [told(920), told(960)], before: [handed({ at: 900 })] }],
    [true, 'another had been handed it', { back: [told(960)], before: [handed({ at: 900, application: 'two' })] }],
    [true, 'it was handed over again later', { back: [told(960)], before: [handed({ at: 1300 })] }],
    [true, 'another message had been handed over', { back: [told(960)], before: [handed({ at: 900, message: 0 })] }],
    [false, 'it was given back in that moment', { back: [told(began)] }],
  ] as const)('%s: %s', (said, _, what) => {
    expect(gaveUp(5000, what)).toBe(said);
  });

  test('with the lag of no more than a limit before it was given back', () => {
    const row = { at: 3000, done: 3100 };
    const back = [told(2900)];
    expect(gaveUp(5000, { row, back, late: { 1900: 50 } })).toBe(true);
    expect(gaveUp(5000, { row, back, late: { 1800: 50 } })).toBe(false);
  });
});
