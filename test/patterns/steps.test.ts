import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { hold } from '../../harness/patterns/held.ts';
import { standardSteps as steps } from '../../harness/patterns/steps.ts';
import { sampleEvent } from '../fixtures/events.ts';
import { fanOutFlow, lastValueFlow, orderedFlow, readsFlow } from '../fixtures/flows.ts';

const at = (time: string) => sampleEvent({ type: 'Value', id: 'v', headers: { 'ce-time': time } });
const numbered = (sequence: string) => sampleEvent({ type: 'Ordered', id: 'o', headers: { 'ce-sequence': sequence } });

describe('the standard steps', () => {
  test('take 2xx for accepted, 4xx but 408 and 429 for rejected, and all else for failed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 599 }), (status) => {
        const kind = Math.floor(status / 100);
        const expected =
          kind === 2 ? 'accepted' : kind === 4 && status !== 408 && status !== 429 ? 'rejected' : 'failed';
        expect(steps.classify(status)).toBe(expected);
      }),
    );
  });

  test('delay the n-th redelivery as declared, the last delay repeating', () => {
    expect([1, 2, 3, 9].map((attempt) => steps.delay(orderedFlow, attempt))).toEqual([40, 80, 80, 80]);
    expect(steps.delay(readsFlow, 1)).toBeUndefined();
  });

  test('take a sequence for next, past or gap by the last accepted one', () => {
    expect(steps.follows(0, numbered('1'))).toBe('next');
    expect(steps.follows(4, numbered('4'))).toBe('past');
    expect(steps.follows(4, numbered('6'))).toBe('gap');
    expect(steps.follows(0, numbered('nonsense'))).toBe('gap');
  });

  test('compare times as moments; equal is superseded for the sender and not outdated for the receiver', () => {
    const [early, late] = [at('2026-03-29T02:30:00+02:00'), at('2026-03-29T00:30:01Z')];
    expect(steps.superseded(early, late)).toBe(true);
    expect(steps.superseded(late, early)).toBe(false);
    expect(steps.superseded(early, early)).toBe(true);
    const newest = Date.parse('2026-03-29T00:30:00Z');
    expect(steps.outdated(newest, early)).toBe(false);
    expect(steps.outdated(newest + 1, early)).toBe(true);
    expect(steps.outdated(undefined, early)).toBe(false);
  });

  test('let an event expire at its expiry time, and never where it has none', () => {
    const event = sampleEvent({ type: 'Hit', id: 'h', headers: { 'ce-expirytime': '2026-03-01T12:00:00Z' } });
    const moment = Date.parse('2026-03-01T12:00:00Z');
    expect(steps.expired(event, moment - 1, 'to-bus')).toBe(false);
    expect(steps.expired(event, moment, 'to-bus')).toBe(true);
    expect(steps.expired(sampleEvent({ type: 'Hit', id: 'h' }), moment, 'to-bus')).toBe(false);
  });

  test('carry attributes and trace alone, and leave the body as it is', () => {
    const event = sampleEvent({
      type: 'Hit',
      id: 'h',
      headers: { 'Nats-Msg-Id': 'x', authorization: 'secret', tracestate: 'a=b' },
    });
    const carried = steps.carry(event, 'to-application');
    expect(
      Object.keys(carried.headers)
        .filter((name) => !name.startsWith('ce-'))
        .sort(),
    ).toEqual(['traceparent', 'tracestate']);
    expect(carried.body).toBe(event.body);
  });

  test('work on sixteen at once, on one where order matters, and on one of a last value', () => {
    expect(steps.inHand(fanOutFlow)).toBe(16);
    expect(steps.inHand(orderedFlow)).toBe(1);
    expect(steps.oneAtATime(lastValueFlow, at('2026-03-01T12:00:00Z'))).toEqual(['id urn:sample v', 'name Value ']);
    expect(steps.timeLimit(fanOutFlow)).toBe(400);
  });

  test('report attributes and a reason, without body and trace', () => {
    const note = steps.notice(sampleEvent({ type: 'Hit', id: 'h' }), 'late');
    expect(note?.body).toHaveLength(0);
    expect(Object.keys(note?.headers ?? {}).filter((name) => !name.startsWith('ce-'))).toEqual(['Reason']);
  });
});

describe('a message in hand', () => {
  const spoken: string[] = [];
  const speak = (subject: string, text: string): void => void spoken.push(`${subject} ${text}`);
  const event = at('2026-03-01T12:00:00Z');

  test('is known from its acknowledgement subject, with and without a domain', () => {
    const known = { stream: 'S', consumer: 'C', deliveries: 2, sequence: 17 };
    expect(hold(event, '$JS.ACK.S.C.2.17.5.1700000000.3', speak)).toMatchObject(known);
    expect(hold(event, '$JS.ACK.hub.ACCOUNT.S.C.2.17.5.1700000000.3.random', speak)).toMatchObject(known);
    expect(hold(event, '_INBOX.x', speak)).toBeUndefined();
  });

  test('is settled by verbs on that subject, delays in nanoseconds', () => {
    const subject = '$JS.ACK.S.C.1.1.1.1.0';
    const held = hold(event, subject, speak);
    held?.refuse(250);
    held?.refuse();
    held?.terminate('gap');
    held?.terminate('');
    held?.working();
    held?.acknowledge();
    expect(spoken).toEqual(
      ['-NAK {"delay":250000000}', '-NAK', '+TERM gap', '+TERM', '+WPI', '+ACK'].map((verb) => `${subject} ${verb}`),
    );
  });
});
