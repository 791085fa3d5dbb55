import { describe, expect, test } from 'vitest';
import { judgeAnswers } from '../../harness/checkers/answers.ts';
import type { PartialRow } from '../../harness/model/history.ts';
import { NONE } from '../../harness/model/table.ts';
import { wordOf, type Rows } from './build.ts';
import { flows } from './flows.ts';
import { judged, steadyLag } from './judged.ts';

const flow = flows['request-reply'];
const [began, deadline] = [1000, 5000];

interface What {
  readonly send?: PartialRow<'send'>;
  readonly delivery?: PartialRow<'delivery'> | null;
  readonly more?: Partial<Rows>;
}

/** A request that is answered by the event of a reply, planned as 1. */
function said({ send = {}, delivery = {}, more = {} }: What): string {
  const rows: Partial<Rows> = {
    planned: [
      { flow: flow.id, application: 'sender', id: 'request', expires: deadline },
      { flow: flow.id, application: 'one', id: 'reply', role: 'reply' },
      { flow: flow.id, application: 'one', id: 'bad', role: 'reply', violation: 'schema:type:/a' },
      {
        flow: flow.id,
        application: 'one',
        id: 'other',
        role: 'reply',
        violation: 'header:ce-datacontenttype:not-allowed',
      },
    ],
    send: [{ at: began, done: 1200, message: 0, application: 'sender', status: 200, outcome: 'ok', reply: 1, ...send }],
    delivery:
      delivery === null
        ? []
        : [
            {
              at: 1050,
              done: 1100,
              message: 0,
              flow: flow.id,
              application: 'one',
              status: 200,
              outcome: 'ok',
              reply: 1,
              ...delivery,
            },
          ],
    lag: steadyLag(10_000),
    lifecycle: [
      { at: 0, application: 'one', instance: 0, change: 'started' },
      { at: 10, application: 'one', instance: 0, change: 'ready' },
    ],
    ...more,
  };
  return wordOf(judged(flow, rows, 'REP-1', judgeAnswers));
}
type Reason = 'invalid' | 'rejected' | 'unavailable' | 'other';
const refused = (replyReason: Reason): PartialRow<'send'> => ({
  reply: NONE,
  replyType: 'Refusal',
  replyReason,
});

describe('a request ends in a reply, a refusal, 503 or 504', () => {
  test.each<[string, string, What]>([
    ['pass', 'a reply', {}],
    ['pass', '503, while nobody was ready', { send: { status: 503 }, delivery: null, more: { lifecycle: [] } }],
    ['pass', '504, while nobody was ready', { send: { status: 504 }, delivery: null, more: { lifecycle: [] } }],
    ['fail', '202', { send: { status: 202 } }],
    ['fail', '500', { send: { status: 500 }, delivery: null, more: { lifecycle: [] } }],
    ['fail', 'nothing', { send: { status: 0 } }],
    ['not-exercised', 'a rejection before it is one', { send: { status: 422 } }],
    ['fail', 'a reply long after its deadline', { send: { done: 5401 } }],
    ['pass', 'a reply hardly after its deadline', { send: { done: 5400 } }],
    ['undecided', 'a reply so late that the timer may have been it', { send: { done: 5401 }, more: { lag: [] } }],
  ])('%s: %s', (word, _, what) => {
    expect(said(what)).toBe(word);
  });
});

describe('a refusal gives the reason that there was', () => {
  test.each<[string, Reason, PartialRow<'delivery'>, PartialRow<'send'>?]>([
    ['pass', 'rejected', { status: 422 }],
    ['fail', 'unavailable', { status: 422 }],
    ['fail', 'invalid', { status: 422 }],
    ['pass', 'unavailable', { status: 503 }],
    ['fail', 'rejected', { status: 503 }],
    ['pass', 'unavailable', { status: 204 }],
    ['fail', 'invalid', { status: 204 }],
    ['pass', 'unavailable', { status: 200, reply: NONE }],
    ['fail', 'invalid', { status: 200, reply: NONE }],
    ['fail', 'invalid', { status: 200 }],
    ['pass', 'invalid', { status: 200, reply: 2 }],
    ['fail', 'unavailable', { status: 200, reply: 2 }],
    ['fail', 'unavailable', { status: 204, reply: 1 }, { replyReason: 'invalid' }],
    ['pass', 'invalid', { status: 200, reply: 3 }],
    ['pass', 'unavailable', { status: 200, reply: 3 }],
    ['fail', 'rejected', { status: 200, reply: 3 }],
    ['fail', 'other', { status: 503 }],
    ['pass', 'other', { status: 503, outcome: 'info' }],
  ])('%s: "%s" after %j', (word, reason, delivery, more = {}) => {
    expect(said({ send: { ...refused(reason), ...more }, delivery })).toBe(word);
  });

  test('which nobody can say where it was handed over more than once, or never', () => {
    const own = { message: 0, flow: flow.id, application: 'one', outcome: 'ok', reply: NONE } as const;
    const twice = [
      { ...own, at: 1050, done: 1060, status: 503 },
      { ...own, at: 1100, done: 1110, status: 422 },
    ];
    expect(said({ send: refused('other'), more: { delivery: twice } })).toBe('pass');
    expect(said({ send: refused('other'), delivery: null })).toBe('pass');
  });
});

describe('only a 200 is an answer', () => {
  test.each<[string, string, PartialRow<'delivery'>, PartialRow<'send'>]>([
    ['pass', 'its event was taken', { status: 200 }, {}],
    ['fail', 'the event of a 204 was taken', { status: 204 }, {}],
    ['pass', 'the event of a 204 was not taken', { status: 204 }, { reply: 2 }],
    ['pass', 'there was no event', { status: 204, reply: NONE }, { reply: NONE }],
    ['pass', 'nobody knows what was answered', { status: 204, outcome: 'info' }, {}],
  ])('%s: %s', (word, _, delivery, send) => {
    expect(said({ delivery, send })).toBe(word);
  });
});

const lagging = (worstMs: number): Rows['lag'] => steadyLag(10_000).map((row) => ({ ...row, worstMs }));

describe('what was answered in good time reaches the caller', () => {
  const send = { status: 504, outcome: 'info', done: 5000 } as const;
  const crash = (application: string, at: number): Partial<Rows> => ({
    lifecycle: [
      { at: 0, application: 'one', instance: 0, change: 'started' },
      { at: 10, application: 'one', instance: 0, change: 'ready' },
      { at, application, instance: 0, change: 'crashed' },
    ],
  });
  test.each<[string, string, PartialRow<'delivery'>, Partial<Rows>?]>([
    ['fail', 'it was', {}],
    ['fail', 'it was, on a machine that stood still for a tenth of that time', {}, { lag: lagging(400) }],
    ['undecided', 'it was, on one that stood still for longer', {}, { lag: lagging(401) }],
    ['fail', 'whatever it was', { status: 422 }],
    ['fail', 'by a tenth of the time before the deadline', { done: deadline - 401 }],
    ['pass', 'later', { done: deadline - 400 }],
    ['pass', 'nobody knows what was answered', { outcome: 'info' }],
    ['pass', 'nothing was answered', { status: 0 }],
    ['pass', 'its asker crashed', {}, crash('sender', 3000)],
    ['pass', 'its answerer crashed', {}, crash('one', 3000)],
    ['fail', 'another crashed', {}, crash('another', 3000)],
    ['pass', 'something failed on purpose', {}, { fault: [{ at: 0, done: 10, kind: 'x', target: 'y', took: 'yes' }] }],
  ])('%s: %s', (word, _, delivery, more = {}) => {
    expect(said({ send, delivery, more })).toBe(word);
  });

  test('of this try, not of the one before', () => {
    expect(said({ send, delivery: { at: began - 1, done: began }, more: { lifecycle: [] } })).toBe('pass');
    expect(said({ send, delivery: { at: began }, more: { lifecycle: [] } })).toBe('fail');
  });
});

describe('a request reaches the application whose adapter was ready', () => {
  const send = { status: 504, outcome: 'info', done: 5000 } as const;
  const lag = (worstMs: number): Partial<Rows> => ({
    lag: steadyLag(10_000).map((row, at) => (at === 3 ? { ...row, worstMs } : row)),
  });
  test.each<[string, string, Partial<Rows>]>([
    ['fail', 'it never did', {}],
    ['pass', 'its adapter was not ready', { lifecycle: [] }],
    ['pass', 'it was ready later', { lifecycle: [{ at: began + 1, application: 'one', change: 'ready' }] }],
    ['fail', 'the timer lagged by a tenth', lag(400)],
    ['undecided', 'the timer lagged by more', lag(401)],
  ])('%s: %s', (word, _, more) => {
    expect(said({ send, delivery: null, more })).toBe(word);
  });
});
