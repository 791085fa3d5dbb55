import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { AdapterClient } from '../../../harness/adapters/http/adapter-client.ts';
import { AdapterServer } from '../../../harness/adapters/http/adapter-server.ts';
import { ApplicationClient } from '../../../harness/adapters/http/application-client.ts';
import { ApplicationServer } from '../../../harness/adapters/http/application-server.ts';
import { httpHeadersOf, isStructured, readEvent } from '../../../harness/adapters/http/binary-mode.ts';
import type { CloudEvent } from '../../../harness/model/event.ts';
import { sampleEvent } from '../../fixtures/events.ts';
import { PlayedApplication } from '../../fixtures/played-application.ts';

/** Attribute values that HTTP and NATS can both carry: any text without control characters or white space at its ends. */
const value = fc
  .string({ unit: 'grapheme', maxLength: 60 })
  .filter((text) => !/[\p{Cc}\uFFFD]/u.test(text) && text.trim() === text);
const attribute = fc.stringMatching(/^ce-[a-z0-9]{1,20}$/).filter((name) => name !== 'ce-id');
const events: fc.Arbitrary<CloudEvent> = fc
  .record({
    id: value.filter((text) => text !== ''),
    attributes: fc.dictionary(attribute, value, { maxKeys: 12 }),
    more: fc.record({ traceparent: value, tracestate: value, 'ce-datacontenttype': value }, { requiredKeys: [] }),
    body: fc.uint8Array({ maxLength: 2000 }),
  })
  .filter(({ more }) => !isStructured(more['ce-datacontenttype']))
  .map(({ id, attributes, more, body }) => ({ headers: { ...attributes, ...more, 'ce-id': id }, body }));

const plain = ({ headers, body }: CloudEvent) => ({ headers: { ...headers }, body: Buffer.from(body).toString('hex') });
const log = (line: string): void => expect.unreachable(line);
const problem = (what: string): void => expect.unreachable(what);

describe('an event crosses HTTP byte for byte', () => {
  test('to the adapter, and its reply back', async () => {
    const seen: CloudEvent[] = [];
    const server = await AdapterServer.open(0, log);
    server.bind({
      healthy: () => true,
      send: (event) => {
        seen.push(event);
        return Promise.resolve({ status: 200, reason: 'reply', event });
      },
    });
    const client = new AdapterClient(`http://127.0.0.1:${server.port}`, { timeoutMs: 5000 });
    await fc.assert(
      fc.asyncProperty(events, async (event) => {
        const answer = await client.send(event);
        expect(answer.status).toBe(200);
        expect(plain(seen.pop()!)).toEqual(plain(event));
        expect(plain(answer.event!)).toEqual(plain(event));
      }),
    );
    client[Symbol.dispose]();
    await server.close();
  });

  test('to the application, and its reply back', async () => {
    const played = new PlayedApplication((event) => ({ status: 200, event }));
    await using server = await ApplicationServer.open({ behind: played, log, problem });
    using client = new ApplicationClient(server.url);
    await fc.assert(
      fc.asyncProperty(events, async (event) => {
        const answer = await client.deliver(event, 5000);
        expect(answer.status).toBe(200);
        expect(plain(played.handed.pop()!.event)).toEqual(plain(event));
        expect(plain(answer.event!)).toEqual(plain(event));
      }),
    );
  });
});

test('Content-Type is ce-datacontenttype; what is HTTP’s own is no part of an event, and what is foreign is passed on', () => {
  const event = sampleEvent({
    type: 'Task',
    id: 'a',
    headers: { 'x-other': 'a', 'Nats-Msg-Id': 'b', Host: 'c', 'content-type': 'd', 'x-bad': 'e ', tracestate: 'f=g' },
  });
  const headers = httpHeadersOf(event)!;
  expect(Object.keys(headers).toSorted()).toEqual([
    'Nats-Msg-Id',
    'ce-classification',
    'ce-correlationid',
    'ce-dataschema',
    'ce-id',
    'ce-source',
    'ce-specversion',
    'ce-time',
    'ce-type',
    'content-type',
    'traceparent',
    'tracestate',
    'x-other',
  ]);
  expect(headers['content-type']).toBe('application/json');
  const raw = [
    ...Object.entries(headers).flat(),
    'ce-datacontenttype',
    'text/plain',
    'User-Agent',
    'x',
    'Content-Length',
    '2',
    'X-Other',
    'y',
  ];
  const { 'Nats-Msg-Id': _id, Host: _host, 'content-type': _type, 'x-bad': _bad, ...rest } = event.headers;
  expect(readEvent(raw, event.body)).toEqual({
    event: { headers: { ...rest, 'nats-msg-id': 'b', 'x-other': 'a, y' }, body: event.body },
    unreadable: undefined,
  });
});

test.each([
  ['a control character', { 'ce-subject': 'a\u0001b' }],
  ['a line end', { 'ce-subject': 'a\r\nce-id: forged' }],
  ['white space at its end', { 'ce-subject': 'a ' }],
  ['half of a surrogate pair', { 'ce-subject': 'a\uD800' }],
  ['a name that is no token', { 'ce-sub ject': 'a' }],
])('an event with %s in a header is not sent', (_what, headers) => {
  expect(httpHeadersOf(sampleEvent({ type: 'Task', id: 'a', headers }))).toBeUndefined();
});

test.each([
  ['no UTF-8', ['ce-id', 'a', 'ce-subject', '\xFFa'], 'ce-subject'],
  ['repeated', ['ce-id', 'a', 'CE-ID', 'b'], 'ce-id'],
  ['a repeated Content-Type', ['content-type', 'a', 'Content-Type', 'a'], 'ce-datacontenttype'],
])('a header that is %s is named', (_what, raw, name) => {
  expect(readEvent(raw, new Uint8Array()).unreadable).toBe(name);
});

test('lines of tracestate are one list', () => {
  expect(readEvent(['tracestate', 'a=1', 'tracestate', 'b=2'], new Uint8Array())).toEqual({
    event: { headers: { tracestate: 'a=1, b=2' }, body: new Uint8Array() },
    unreadable: undefined,
  });
});
