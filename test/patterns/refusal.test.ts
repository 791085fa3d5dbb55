import { describe, expect, test } from 'vitest';

import type { CloudEvent } from '../../harness/model/event.ts';
import type { Port } from '../../harness/patterns/pattern.ts';
import { refusalOf } from '../../harness/patterns/refusal.ts';
import { standardSteps } from '../../harness/patterns/steps.ts';
import { sampleCheck, sampleEvent } from '../fixtures/events.ts';
import { bundlesFlow, questionsFlow, receiptsFlow } from '../fixtures/flows.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const port = { application: 'sink', steps: standardSteps, check: sampleCheck, now: () => now } as unknown as Port;
const payloadOf = (event: CloudEvent | undefined): unknown => JSON.parse(new TextDecoder().decode(event?.body));

describe('a refusal', () => {
  test('copies fields of the same name and no others, and carries the reason', () => {
    const refused = sampleEvent({ type: 'Bundle', id: 'b', payload: { text: 'secret', reference: 'R' } });
    expect(payloadOf(refusalOf(port, receiptsFlow, bundlesFlow.refusal, refused, 'content'))).toEqual({
      reference: 'R',
      reasonCodes: ['content'],
    });
  });

  test('is typed, timed and chained to what it refuses', () => {
    const refused = sampleEvent({ type: 'Question', id: 'q', headers: { 'ce-partitionkey': 'K' } });
    expect(refusalOf(port, questionsFlow, questionsFlow.refusal, refused, 'unavailable')?.headers).toEqual({
      'ce-specversion': '1.0',
      'ce-id': 'q-refused',
      'ce-source': 'urn:application:sink',
      'ce-type': 'QuestionRefused',
      'ce-time': '2026-03-01T12:00:00.000Z',
      'ce-datacontenttype': 'application/json',
      'ce-dataschema': 'urn:busworthy:sample:QuestionRefused:1',
      'ce-causationid': 'q',
      'ce-correlationid': 'correlation-q',
      'ce-classification': 'OFFICIAL',
      'ce-partitionkey': 'K',
      traceparent: refused.headers['traceparent'],
    });
  });

  test('leaves out fields that would make it invalid', () => {
    const refused = { ...sampleEvent({ type: 'Question', id: 'q' }), body: new TextEncoder().encode('{"text":[1]}') };
    expect(payloadOf(refusalOf(port, questionsFlow, questionsFlow.refusal, refused, 'invalid'))).toEqual({
      code: 'invalid',
      retryable: false,
    });
  });

  test('of what is no JSON says so without its fields', () => {
    const refused = { ...sampleEvent({ type: 'Question', id: 'q' }), body: Uint8Array.of(0xff) };
    expect(payloadOf(refusalOf(port, questionsFlow, questionsFlow.refusal, refused, 'invalid'))).toEqual({
      code: 'invalid',
      retryable: false,
    });
  });

  test('expires where its channel asks for it', () => {
    const [message] = receiptsFlow.messages;
    if (message === undefined) throw new Error('the fixture has a message');
    const headers = { type: 'object', required: ['ce-expirytime'] };
    const expiring = { ...receiptsFlow, expiryMs: 5000, messages: [{ ...message, headers }] };
    const refused = sampleEvent({ type: 'Bundle', id: 'b', payload: { reference: 'R' } });
    expect(refusalOf(port, expiring, 'BundleRefused', refused, 'content')?.headers['ce-expirytime']).toBe(
      '2026-03-01T12:00:05.000Z',
    );
  });
});
