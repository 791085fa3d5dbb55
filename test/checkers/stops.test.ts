import { describe, expect, test } from 'vitest';
import { judgeStops } from '../../harness/checkers/stops.ts';
import type { Flow } from '../../harness/model/flow.ts';
import { leftRunning } from '../../harness/model/ending.ts';
import type { PartialRow } from '../../harness/model/history.ts';
import type { Finding } from '../../harness/model/verdict.ts';
import { wordOf, type Rows } from './build.ts';
import { flows } from './flows.ts';
import { judged, steadyLag } from './judged.ts';

const [told, gone] = [2000, 3000];
const sender = { application: 'sender', instance: 0 } as const;

/** A sender that is told to end, and does. */
const ending = (more: PartialRow<'lifecycle'> = {}): PartialRow<'lifecycle'>[] => [
  { ...sender, at: 0, change: 'started' },
  { ...sender, at: 10, change: 'ready' },
  { ...sender, at: told, change: 'stopping' },
  { ...sender, at: gone, change: 'ended', reason: '', ...more },
];

/** What its application waits for an answer to, from before it was told until after. */
const waiting = (more: PartialRow<'send'> = {}): PartialRow<'send'> => ({
  ...sender,
  message: 0,
  at: told - 301,
  done: told + 500,
  status: 0,
  outcome: 'info',
  ...more,
});

const rowsOf = (flow: Flow, more: Partial<Rows> = {}): Partial<Rows> => ({
  planned: [{ flow: flow.id, application: 'sender', id: 'a', expires: 4000 }],
  lifecycle: ending(),
  send: [waiting()],
  lag: steadyLag(10_000),
  ...more,
});
const said = (flow: Flow, more: Partial<Rows> = {}): Finding => judged(flow, rowsOf(flow, more), 'LIF-1', judgeStops);
const word = (flow: Flow, more: Partial<Rows> = {}): string => wordOf(said(flow, more));

const queue = flows['work-queue'];
const asking = flows['request-reply'];

describe('an adapter that is told to end', () => {
  test('answers its application about what it has in hand', () => {
    expect(said(queue).failures[0]).toMatchObject({
      application: 'sender',
      observed: 'it left, and its application heard nothing',
    });
    for (const status of [202, 409, 503]) expect(word(queue, { send: [waiting({ status })] })).not.toBe('fail');
  });

  test('has not in hand what was on its way to it, was answered before, is of another instance or of another application', () => {
    for (const own of [
      { at: told - 299 },
      { done: told },
      { done: told - 1 },
      { instance: 1 },
      { application: 'one' },
    ] as const)
      expect(word(queue, { send: [waiting(own)] })).not.toBe('fail');
    expect(word(queue, { send: [waiting({ at: told - 300 })] })).toBe('fail');
  });

  test('tells its application of a reply that was given in time', () => {
    const reply = { at: 1800, done: 2200, message: 0, flow: asking.id, application: 'one', outcome: 'ok', status: 200 };
    const of = (status: number, more: PartialRow<'delivery'> = {}): Partial<Rows> => ({
      send: [waiting({ status, outcome: 'ok' })],
      delivery: [{ ...reply, outcome: 'ok', ...more }],
    });
    expect(said(asking, of(504)).failures[0]?.observed).toBe('504, though the reply was given in time');
    expect(word(asking, of(500))).toBe('fail');
    expect(word(asking, of(499))).not.toBe('fail');
    expect(word(asking, of(200))).not.toBe('fail');
    // Nobody has given one: it failed, came after the deadline, or was not heard.
    for (const none of [{ status: 500 }, { done: 4000 }, { outcome: 'info' }] as const)
      expect(word(asking, of(504, none))).not.toBe('fail');
    expect(word(asking, { send: [waiting({ status: 504 })], delivery: [] })).not.toBe('fail');
    // Where there is a stream, the outcome of an event is not known until the bus has said so.
    expect(word(queue, of(504))).not.toBe('fail');
  });

  test('exits with 0 in time; of one that was not told to end nothing is said', () => {
    const send = [waiting({ status: 202 })];
    const reason = 'exited with 1';
    expect(said(queue, { send, lifecycle: ending({ reason }) }).failures[0]?.observed).toBe('it exited with 1');
    expect(word(queue, { send, lifecycle: ending({ at: told + 12_000 }), lag: steadyLag(16_000) })).toBe('fail');
    expect(word(queue, { send, lifecycle: ending({ reason: leftRunning }) })).toBe('not-exercised');
  });
});
