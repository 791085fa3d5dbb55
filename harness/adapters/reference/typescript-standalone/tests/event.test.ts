import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fromHttp, fromNats, isStructured, toHttp, toNats, type Event } from '../adapter/event.ts';
import { Lanes } from '../adapter/lanes.ts';
import { Memory, Newest } from '../adapter/memory.ts';
import { parseTime } from '../adapter/time.ts';
import { event } from './samples.ts';

const empty = new Uint8Array();

void test('only attributes and trace context cross', () => {
  const headers = { 'ce-id': '1', 'Nats-Msg-Id': 's 1', traceparent: '00-x', tracestate: 'a=1', 'x-own': 'no' };
  assert.deepEqual(fromNats(toNats(headers), empty).headers, { 'ce-id': '1', traceparent: '00-x', tracestate: 'a=1' });
});

void test('the content type of HTTP is the data content type, and that alone', () => {
  const raw = ['Content-Type', 'application/json', 'CE-DataContentType', 'text/plain', 'CE-Id', '1'];
  const read = fromHttp(raw, empty);
  assert.deepEqual(read?.headers, { 'ce-datacontenttype': 'application/json', 'ce-id': '1' });
  assert.deepEqual(toHttp(read), { 'content-type': 'application/json', 'ce-id': '1' });
});

void test('a header is text in UTF-8, a character for each byte on HTTP', () => {
  const bytes = Buffer.from('é=ü').toString('latin1');
  const read = fromHttp(['tracestate', bytes], empty);
  assert.equal(read?.get('tracestate'), 'é=ü');
  assert.equal(toHttp(read)?.['tracestate'], bytes);
});

void test('a repeated attribute and one that is no UTF-8 are refused; lines of a tracestate are one list', () => {
  assert.equal(fromHttp(['ce-id', '1', 'Ce-Id', '1'], empty), undefined);
  assert.equal(fromHttp(['ce-id', '\xff'], empty), undefined);
  assert.equal(fromHttp(['tracestate', 'a=1', 'tracestate', 'b=2'], empty)?.get('tracestate'), 'a=1, b=2');
});

void test('structured and batch mode are known by their content type', () => {
  assert.ok(isStructured('application/cloudevents+json; charset=utf-8'));
  assert.ok(isStructured('application/cloudevents-batch+json'));
  assert.ok(!isStructured('application/json'));
});

void test('times are RFC 3339 with an offset', () => {
  assert.equal(parseTime('1970-01-01T01:00:00.5+01:00'), 500);
  for (const text of ['1970-01-01T00:00:00', '1970-01-01 00:00:00Z', '1970-13-01T00:00:00Z', '']) {
    assert.equal(parseTime(text), undefined);
  }
});

void test('what was accepted is known by id, type and body', () => {
  const memory = new Memory();
  memory.remember(event());
  assert.equal(memory.recall(event()), 'same');
  assert.equal(memory.recall(event('{}')), 'other');
  assert.equal(memory.recall(event(undefined, { 'ce-id': 'L2' })), 'unknown');
});

void test('an older value than the newest of its key is outdated', () => {
  const newest = new Newest();
  const at = (time: string): Event => event(undefined, { 'ce-time': time });
  newest.note(at('2026-01-01T00:00:02Z'));
  assert.ok(newest.outdated(at('2026-01-01T00:00:01Z')));
  assert.ok(!newest.outdated(at('2026-01-01T00:00:02Z')));
});

void test('work under one name is done in its order, under others beside it', async () => {
  const lanes = new Lanes();
  const done: string[] = [];
  const gate = Promise.withResolvers<void>();
  let waited = 0;
  const run = (name: string, what: string, work = Promise.resolve()): Promise<void> =>
    lanes.run(
      [name],
      () => {
        waited++;
        return () => waited--;
      },
      async () => {
        await work;
        done.push(what);
      },
    );
  const all = [run('a', 'first', gate.promise), run('a', 'second'), run('b', 'beside')];
  await all[2];
  assert.deepEqual([done, waited], [['beside'], 1]);
  gate.resolve();
  await Promise.all(all);
  assert.deepEqual([done, waited], [['beside', 'first', 'second'], 0]);
});
