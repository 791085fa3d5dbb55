import { describe, expect, test } from 'vitest';
import { parseAdvisory } from '../../harness/model/advisory.ts';

const nothing = {
  kind: 'other',
  when: '',
  stream: '',
  consumer: '',
  sequence: 0,
  deliveries: 0,
  reason: '',
  status: 0,
  trace: '',
  responder: '',
};

describe('an advisory of the server', () => {
  test.each([
    ['io.nats.jetstream.advisory.v1.terminated', 'terminated'],
    ['io.nats.jetstream.advisory.v1.max_deliver', 'max-deliver'],
    ['io.nats.jetstream.advisory.v1.nak', 'nak'],
    ['io.nats.jetstream.metric.v1.consumer_ack', 'acknowledged'],
    ['io.nats.server.metric.v1.service_latency', 'latency'],
    ['io.nats.jetstream.advisory.v1.stream_action', 'other'],
  ])('is of the kind that its type says: %s', (type, kind) => {
    expect(parseAdvisory(JSON.stringify({ type })).kind).toBe(kind);
  });

  test('tells which delivery of which message it is about', () => {
    const body = {
      timestamp: '2026-01-02T03:04:05Z',
      stream: 'THINGS',
      consumer: 'one',
      stream_seq: 7,
      deliveries: 3,
      reason: 'rejected',
    };
    expect(parseAdvisory(JSON.stringify(body))).toEqual({
      ...nothing,
      when: '2026-01-02T03:04:05Z',
      stream: 'THINGS',
      consumer: 'one',
      sequence: 7,
      deliveries: 3,
      reason: 'rejected',
    });
  });

  test('tells how a request was answered, by whom, and its trace', () => {
    const header = { Accept: ['x'], Traceparent: ['00-1', '00-2'] };
    const body = { status: 200, responder: { name: 'one' }, header };
    expect(parseAdvisory(JSON.stringify(body))).toEqual({ ...nothing, status: 200, responder: 'one', trace: '00-1' });
  });

  test.each([
    ['text that is no JSON', '{'],
    ['an empty text', ''],
    ['no object', '[]'],
    ['null', 'null'],
    ['members of other types', '{"type":1,"stream":2,"stream_seq":"3","responder":"one","header":["traceparent"]}'],
    ['a responder without a name', '{"responder":{"name":4}}'],
    ['a trace that is no text', '{"header":{"traceparent":[5]}}'],
    ['a trace without a value', '{"header":{"traceparent":[]}}'],
    ['no trace', '{"header":{"tracestate":["x"]}}'],
  ])('says nothing where it holds nothing: %s', (_, body) => {
    expect(parseAdvisory(body)).toEqual(nothing);
  });

  test('may have its trace as one text', () => {
    expect(parseAdvisory('{"header":{"traceparent":"00-1"}}').trace).toBe('00-1');
  });
});
