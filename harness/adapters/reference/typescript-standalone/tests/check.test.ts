import assert from 'node:assert/strict';
import { test } from 'node:test';

import { faultOf } from '../adapter/check.ts';
import { holds, type Rule } from '../adapter/rules.ts';
import { refusalOf } from '../adapter/refusal.ts';
import { event, flow } from './samples.ts';

void test('a sound event passes, and so do fields that nobody knows', () => {
  assert.equal(faultOf(flow('loans'), event()), undefined);
  assert.equal(faultOf(flow('loans'), event('{"loan":"L1","shelf":"A","new":1e400}')), undefined);
});

void test('trace context is never checked, whatever the header schema says', () => {
  assert.equal(faultOf(flow('loans'), event(undefined, { traceparent: 'no trace' })), undefined);
});

const headers: readonly (readonly [Record<string, string | undefined>, RegExp])[] = [
  [{ 'ce-id': undefined }, /header schema/],
  [{ 'ce-id': 'é' }, /header schema/],
  [{ 'ce-id': 'L2' }, /x-rule/],
  [{ 'ce-type': 'Question' }, /ce-type/],
  [{ 'ce-time': '2026-01-01' }, /header schema/],
  [{ 'ce-expirytime': 'soon' }, /ce-expirytime/],
  [{ 'ce-datacontenttype': 'application/json; charset=utf-8' }, /ce-datacontenttype/],
  [{ 'ce-dataschema': 'urn:library:BookLent:2' }, /header schema/],
  [{ 'ce-classification': 'OFFICIAL-SENSITIVE' }, /ceiling/],
  [{ 'ce-classification': 'SECRET' }, /header schema/],
];
for (const [wrong, why] of headers) {
  void test(`${JSON.stringify(wrong)} is invalid`, () => {
    const fault = faultOf(flow('loans'), event(undefined, wrong));
    assert.equal(fault?.reason, 'invalid');
    assert.match(fault.detail, why);
  });
}

const bodies = [
  '',
  '[]',
  '{"loan":"L1"}',
  '{"loan":"L1","shelf":"A","due":"2026-02-30"}',
  '{"loan":"L1","shelf":"A","pages":1e400}',
  '{"loan":"L1","shelf":"A","lost":1}',
  '{"loan":"L1","shelf":"A","marks":{"x":1}}',
  '{"loan":"L1","shelf":"A","marks":{"١":1}}',
  Buffer.from('{"loan":"L1","shelf":"\xff"}', 'latin1'),
];
for (const body of bodies) {
  void test(`the body ${body.toString()} is invalid, and what is said of it holds no content`, () => {
    const fault = faultOf(flow('loans'), event(body));
    assert.equal(fault?.reason, 'invalid');
    assert.doesNotMatch(fault.detail, /L1/);
  });
}

void test('so many bytes pass and one more does not', () => {
  const body = '{"loan":"L1","shelf":"A/1"}';
  assert.equal(faultOf(flow('loans'), event(body.padEnd(200))), undefined);
  assert.equal(faultOf(flow('loans'), event(body.padEnd(201)))?.reason, 'too-large');
});

void test('a check character follows from the digits', () => {
  const rule: Rule = { rule: 'check-character', field: '/a', alphabet: 'ABCDE' };
  assert.ok(holds(rule, { a: '12C' }, {}));
  assert.ok(!holds(rule, { a: '12D' }, {}));
  assert.ok(!holds(rule, { a: 'C' }, {}));
  assert.ok(holds(rule, {}, {}));
});

void test('times, counts and sums are compared', () => {
  const [early, late] = ['2026-01-01T00:00:00+01:00', '2026-01-01T00:00:00Z'];
  assert.ok(holds({ rule: 'not-before', field: '/end', other: '/start' }, { start: early, end: late }, {}));
  assert.ok(!holds({ rule: 'not-before', field: '/end', other: '/start' }, { start: late, end: early }, {}));
  assert.ok(!holds({ rule: 'not-before', field: '/end', other: '/start' }, { start: late, end: 'soon' }, {}));
  assert.ok(holds({ rule: 'count', field: '/n', of: '/items/*' }, { n: 2, items: [1, 1] }, {}));
  assert.ok(!holds({ rule: 'sum', field: '/n', of: '/items/*' }, { n: 1.5, items: [1.5] }, {}));
});

void test('a refusal copies fields, unless that would make it invalid too', () => {
  const body = (text: string): unknown => {
    const refusal = refusalOf('store', flow('receipts'), 'LoanRefused', event(text), 'invalid');
    assert.ok(refusal !== undefined && faultOf(flow('receipts'), refusal) === undefined);
    assert.equal(refusal.get('ce-causationid'), 'L1');
    return JSON.parse(Buffer.from(refusal.body).toString());
  };
  assert.deepEqual(body('{"shelf":"A"}'), { shelf: 'A', reasonCodes: ['invalid'] });
  assert.deepEqual(body('{"shelf":"much longer than twenty characters"}'), { reasonCodes: ['invalid'] });
  assert.deepEqual(body('{'), { reasonCodes: ['invalid'] });
});

void test('a refusal that must expire has an expiry, and says whether to try again', () => {
  const refusal = refusalOf('library', flow('questions'), 'NoAnswer', event(), 'unavailable');
  assert.ok(refusal !== undefined);
  assert.equal(faultOf(flow('questions'), refusal), undefined);
  assert.deepEqual(JSON.parse(Buffer.from(refusal.body).toString()), { code: 'unavailable', retryable: true });
});
