import fc from 'fast-check';
import { expect, test } from 'vitest';

import { parseAckSubject, parseAckVerb } from '../../harness/model/acknowledgement.ts';

const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
const info = fc.record({
  stream: name,
  consumer: name,
  deliveries: fc.nat(),
  sequence: fc.nat(),
  consumerSequence: fc.nat(),
  storedAtNs: fc.nat(),
  pending: fc.nat(),
});

test('both forms of an acknowledgement subject tell the same of a delivery', () => {
  fc.assert(
    fc.property(info, name, name, fc.boolean(), (given, domain, account, random) => {
      const { stream, consumer, deliveries, sequence, consumerSequence, storedAtNs, pending } = given;
      const tail = [stream, consumer, deliveries, sequence, consumerSequence, storedAtNs, pending].join('.');
      const expected = {
        stream,
        consumer,
        deliveries,
        sequence,
        consumerSequence,
        storedAtMs: storedAtNs / 1e6,
        pending,
      };
      expect(parseAckSubject(`$JS.ACK.${tail}`)).toEqual(expected);
      expect(parseAckSubject(`$JS.ACK.${domain}.${account}.${tail}${random ? '.Xy9' : ''}`)).toEqual(expected);
    }),
  );
});

test.each([
  'sample.tasks',
  '$JS.ACK.S.C.1.2.3.4',
  '$JS.ACK.S.C.1.2.3.4.5.6',
  '$JS.ACK.S.C.one.2.3.4.5',
  '$JS.API.S.C.1.2.3.4.5',
])('%s is no acknowledgement subject', (subject) => {
  expect(parseAckSubject(subject)).toBeUndefined();
});

test.each([
  ['', 'ack', 0, ''],
  ['+ACK', 'ack', 0, ''],
  ['+OK', 'ack', 0, ''],
  ['-NAK', 'nak', 0, ''],
  ['-NAK {"delay": 250000000}', 'nak', 250, ''],
  ['-NAK {"delay":1500000}', 'nak', 1.5, ''],
  ['-NAK 1m1.5s', 'nak', 61_500, ''],
  ['-NAK 20ms', 'nak', 20, ''],
  ['-NAK soon', 'nak', 0, ''],
  ['+TERM', 'term', 0, ''],
  ['+TERM gap', 'term', 0, 'gap'],
  ['+TERM  two words ', 'term', 0, 'two words'],
  ['+WPI', 'in-progress', 0, ''],
  ['+NXT {"batch":1}', 'next', 0, ''],
  ['hello', 'unknown', 0, ''],
])('"%s" is read as the server reads it', (body, verb, delayMs, reason) => {
  expect(parseAckVerb(body)).toEqual({ verb, delayMs, reason });
});
