import { expect, test } from 'vitest';
import { payloadOf } from '../../harness/model/payload.ts';

const of = (body: Uint8Array) => payloadOf({ headers: {}, body });

test('the payload of an event is what its body says as JSON in UTF-8', () => {
  expect(of(Buffer.from('{"grade":"Ⅱ"}'))).toEqual({ grade: 'Ⅱ' });
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['no JSON', Buffer.from('<html>')],
  ['more behind the end', Buffer.from('{} {}')],
  ['a byte that stands for nothing', Buffer.from([0x22, 0xff, 0x22])],
])('a body with %s has none', (_what, body) => {
  expect(of(body)).toBeNull();
});
