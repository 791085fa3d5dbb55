import { describe, expect, test } from 'vitest';

import type { CloudEvent } from '../../../harness/model/event.ts';
import type { Flow, Service } from '../../../harness/model/flow.ts';
import { PlayedApplication } from '../../fixtures/played-application.ts';
import { useSampleBus } from './sample-bus.ts';

export interface FlowUnderLaw {
  readonly flow: Flow;
  readonly service: Service;
  /** The n-th event of one key, counted from 1; the next in order and newer than the one before. */
  readonly event: (n: number, text?: string, headers?: Readonly<Record<string, string>>) => CloudEvent;
  /** The subject it travels on. */
  readonly subject: string;
}

const anHourAgo = (): string => new Date(Date.now() - 3_600_000).toISOString();

/** What the sender and the receiver of every flow with a stream are held to. */
export function adapterLaws(name: string, { flow, service, event, subject }: FlowUnderLaw): void {
  describe(`${name} keeps the laws of adapters`, () => {
    const bus = useSampleBus();
    const stream = flow.stream ?? '';
    const receivers = flow.receivers.length;
    const nobody = new PlayedApplication();

    test('an event arrives as it was sent, byte for byte, with every header that crosses', async () => {
      await using space = await bus(service);
      const sink = new PlayedApplication();
      await space.adapter('sink', sink);
      const source = await space.adapter('source', nobody);
      const sent = event(1, 'Ünïcødé ☃ 🚓', {
        tracestate: 'a=b',
        'ce-causationid': 'Because',
        'x-other': 'stays behind',
      });
      expect(await source.send(sent)).toEqual({ status: 202, reason: 'stored' });
      await sink.until(1);
      const { 'x-other': _dropped, ...crossing } = sent.headers;
      expect(sink.handed[0]?.event.headers).toEqual(crossing);
      expect(Buffer.compare(sink.handed[0]?.event.body ?? new Uint8Array(), sent.body)).toBe(0);
      expect(sink.handed[0]?.timeLimitMs).toBe((flow.ackWaitMs ?? 0) / 2);
      await space.untilVerb('+ACK');
      const [stored] = await space.stored(stream);
      expect(stored?.headers['Nats-Msg-Id']).toBe('urn:sample e1');
      expect(stored?.subject.endsWith(subject)).toBe(true);
    });

    test('the same event again is answered 202 and has one effect', async () => {
      await using space = await bus(service);
      const sink = new PlayedApplication();
      await space.adapter('sink', sink);
      const source = await space.adapter('source', nobody);
      expect((await source.send(event(1))).status).toBe(202);
      expect((await source.send(event(1))).status).toBe(202);
      expect((await source.send(event(2))).status).toBe(202);
      await sink.until(2);
      expect(sink.ids).toEqual(['e1', 'e2']);
      expect(await space.stored(stream)).toHaveLength(2);
    });

    test('the same id with other content is answered 409, noticed, and not stored', async () => {
      await using space = await bus(service);
      const source = await space.adapter('source', nobody);
      const restarted = await space.adapter('source', nobody);
      expect((await source.send(event(1))).status).toBe(202);
      expect(await restarted.send(event(1, 'other'))).toEqual({ status: 409, reason: 'conflict' });
      expect(await space.notices()).toEqual(['conflict e1']);
      expect(await space.stored(stream)).toHaveLength(1);
      expect((await space.stored('NOTICES'))[0]?.text).toBe('');
    });

    test('what fails the check is refused, and the size limit is exact', async () => {
      await using space = await bus(service);
      const source = await space.adapter('source', nobody);
      const padded = (bytes: number): CloudEvent => {
        const small = event(1);
        const body = new Uint8Array(bytes).fill(0x20);
        body.set(small.body);
        return { ...small, body };
      };
      expect(await source.send(padded(flow.maxBytes + 1))).toEqual({ status: 413, reason: 'too-large' });
      expect(await source.send(event(1, undefined, { 'ce-time': 'yesterday' }))).toEqual({
        status: 422,
        reason: 'invalid',
      });
      expect(await source.send({ ...event(1), body: new TextEncoder().encode('{"text":1}') })).toEqual({
        status: 422,
        reason: 'invalid',
      });
      expect(await source.send(event(1, undefined, { 'ce-expirytime': anHourAgo() }))).toEqual({
        status: 422,
        reason: 'expired',
      });
      expect(await source.send(event(1, undefined, { 'ce-type': 'Stranger' }))).toEqual({
        status: 422,
        reason: 'unknown-type',
      });
      expect(await space.stored(stream)).toHaveLength(0);
      expect((await source.send(padded(flow.maxBytes))).status).toBe(202);
    });

    test('what fails is delivered again after the declared back-off, attempts times at most', async () => {
      await using space = await bus(service);
      const sink = new PlayedApplication(() => ({ status: 503 }));
      await space.adapter('sink', sink);
      const source = await space.adapter('source', nobody);
      await source.send(event(1));
      await sink.until(flow.attempts);
      await space.untilVerb(`-NAK {"delay":${(flow.backoffMs.at(-1) ?? 0) * 1e6}}`, 2);
      const [first = 0, second = 0, third = 0] = sink.handed.map(({ at }) => at);
      expect(second - first).toBeGreaterThanOrEqual(38);
      expect(third - second).toBeGreaterThanOrEqual(78);
      const consumer = space.jsm.consumers;
      for await (const { num_ack_pending: pending } of consumer.list(stream)) expect(pending).toBeLessThanOrEqual(1);
      expect(sink.handed).toHaveLength(flow.attempts);
    });

    test('what fails and then is accepted has one acknowledgement', async () => {
      await using space = await bus(service);
      const sink = new PlayedApplication((_event, time) => ({ status: time < 2 ? 429 : 200 }));
      await space.adapter('sink', sink);
      const source = await space.adapter('source', nobody);
      await source.send(event(1));
      await space.untilVerb('+ACK');
      expect(space.verbs.map(({ text }) => text)).toEqual(['-NAK {"delay":40000000}', '+ACK']);
    });

    test('what the application rejects is terminated with the reason', async () => {
      await using space = await bus(service);
      await space.adapter('sink', new PlayedApplication(() => ({ status: 422 })));
      const source = await space.adapter('source', nobody);
      await source.send(event(1));
      await space.untilVerb('+TERM rejected');
      expect(space.verbs).toHaveLength(1);
    });

    test('what is invalid or expired on the bus never reaches the application', async () => {
      await using space = await bus(service);
      const sink = new PlayedApplication();
      await space.adapter('sink', sink);
      await space.inject(subject, { ...event(1), body: new TextEncoder().encode('{"text":1}') });
      await space.inject(subject, event(2, undefined, { 'ce-expirytime': anHourAgo() }));
      await space.inject(subject, { ...event(3), body: new Uint8Array() });
      await space.untilVerb('+TERM invalid', 2);
      await space.untilVerb('+TERM expired');
      expect(sink.ids).toEqual([]);
    });

    test('an accepted id that comes again is acknowledged unseen, and with other content given up as a conflict', async () => {
      await using space = await bus(service);
      const sink = new PlayedApplication();
      await space.adapter('sink', sink);
      await space.inject(subject, event(1));
      await space.untilVerb('+ACK');
      await space.inject(subject, event(1), 'another message id');
      await space.untilVerb('+ACK', 2);
      await space.inject(subject, event(1, 'other'), 'a third message id');
      await space.untilVerb('+TERM conflict');
      expect(sink.ids).toEqual(['e1']);
    });

    test('a stopped subscriber finishes what is in hand, and its successor goes on without a gap', async () => {
      await using space = await bus(service);
      const release = Promise.withResolvers<void>();
      const first = new PlayedApplication(async () => {
        await release.promise;
        return { status: 200 };
      });
      const adapter = await space.adapter('sink', first);
      const source = await space.adapter('source', nobody);
      await source.send(event(1));
      await first.until(1);
      const stopping = adapter.stop();
      release.resolve();
      await stopping;
      await space.untilVerb('+ACK');
      await source.send(event(2));
      const second = new PlayedApplication();
      await space.adapter('sink', second);
      await second.until(1);
      expect([...first.ids, ...second.ids]).toEqual(['e1', 'e2']);
    });

    test('two instances share the work, each event once', async () => {
      await using space = await bus(service);
      const sink = new PlayedApplication();
      await space.adapter('sink', sink);
      await space.adapter('sink', sink);
      const source = await space.adapter('source', nobody);
      for (let n = 1; n <= 12; n++) expect((await source.send(event(n))).status).toBe(202);
      await space.untilVerb('+ACK', 12);
      expect([...sink.ids].sort()).toEqual(Array.from({ length: 12 }, (_, at) => `e${at + 1}`).sort());
    });

    test('what a killed instance held goes to another one after the ack wait', async () => {
      await using space = await bus(service);
      const first = new PlayedApplication(() => Promise.withResolvers<never>().promise);
      const adapter = await space.adapter('sink', first);
      const source = await space.adapter('source', nobody);
      await source.send(event(1));
      await first.until(1);
      await adapter.crash();
      expect(adapter.healthy()).toBe(false);
      const second = new PlayedApplication();
      await space.adapter('sink', second);
      await second.until(1);
      const waited = (second.handed[0]?.at ?? 0) - (first.handed[0]?.at ?? 0);
      expect(waited).toBeGreaterThan((flow.ackWaitMs ?? 0) / 2);
      expect(space.verbs.filter(({ text }) => text !== '+ACK')).toEqual([]);
    });

    test('no log line holds content', async () => {
      await using space = await bus(service);
      const sink = new PlayedApplication(() => ({ status: 500 }));
      await space.adapter('sink', sink);
      await space.inject(subject, {
        ...event(1, 'canary-4711'),
        body: new TextEncoder().encode('{"text":["canary-4711"]}'),
      });
      await space.untilVerb('+TERM invalid');
      expect(space.log.join('\n')).toContain('invalid');
      expect(space.log.join('\n')).not.toContain('canary');
      expect(receivers).toBeGreaterThan(0);
    });
  });
}
