import { expect, test } from 'vitest';

import { headers as natsHeaders } from '@nats-io/transport-node';

import type { CloudEvent } from '../../../harness/model/event.ts';
import { sampleEvent } from '../../fixtures/events.ts';
import { questionsFlow, sampleService } from '../../fixtures/flows.ts';
import { PlayedApplication } from '../../fixtures/played-application.ts';
import { useSampleBus, type SampleBus } from './sample-bus.ts';

const bus = useSampleBus();
const service = sampleService(questionsFlow);
const nobody = new PlayedApplication();

const question = (id: string, leftMs = 600, text = 'what?'): CloudEvent =>
  sampleEvent({
    type: 'Question',
    id,
    payload: { text },
    headers: { 'ce-expirytime': new Date(Date.now() + leftMs).toISOString() },
  });

const answerTo = (request: CloudEvent, text = 'that'): CloudEvent =>
  sampleEvent({
    type: 'Answer',
    id: `answer-${request.headers['ce-id']}`,
    payload: { text },
    headers: { 'ce-causationid': request.headers['ce-id'] ?? '' },
  });

const textOf = (event: CloudEvent | undefined): string => new TextDecoder().decode(event?.body);

/** Replies to every request by hand, in the answerers' account. */
function answerByHand(space: SampleBus, replies: (request: CloudEvent) => readonly CloudEvent[]): void {
  space.answerers.subscribe('sample.questions', {
    callback: (_error, message) => {
      const request = {
        headers: Object.fromEntries(
          message.headers?.keys().map((name) => [name, message.headers?.get(name) ?? '']) ?? [],
        ),
        body: message.data,
      };
      for (const reply of replies(request)) {
        const made = natsHeaders();
        for (const [name, value] of Object.entries(reply.headers)) made.append(name, value);
        message.respond(reply.body, { headers: made });
      }
    },
  });
}

test('a request is answered with the application’s reply, byte for byte', async () => {
  await using space = await bus(service);
  const oracle = new PlayedApplication((event) => ({ status: 200, event: answerTo(event, '☃ 42') }));
  await space.adapter('oracle', oracle);
  const asker = await space.adapter('asker', nobody);
  const answer = await asker.send(question('q1', 5000));
  expect(answer).toMatchObject({ status: 200, reason: 'reply' });
  const sent = answerTo(question('q1'), '☃ 42');
  expect(answer.event?.headers).toEqual(sent.headers);
  expect(textOf(answer.event)).toBe(textOf(sent));
  expect(oracle.handed[0]?.timeLimitMs).toBeGreaterThan(2500);
  expect(oracle.handed[0]?.timeLimitMs).toBeLessThanOrEqual(5000);
});

test('requests of two askers side by side each get their own reply', async () => {
  await using space = await bus(service);
  await space.adapter('oracle', new PlayedApplication((event) => ({ status: 200, event: answerTo(event) })));
  const askers = await Promise.all(['asker', 'asker', 'other-asker'].map((name) => space.adapter(name, nobody)));
  const answers = await Promise.all(
    Array.from({ length: 30 }, async (_, n) => askers[n % 3]?.send(question(`q${n}`, 2000))),
  );
  expect(answers.map((answer) => answer?.event?.headers['ce-causationid'])).toEqual(answers.map((_, n) => `q${n}`));
  expect(await space.notices()).toEqual([]);
});

test('with nobody to answer the asker hears of it at once', async () => {
  await using space = await bus(service);
  const asker = await space.adapter('asker', nobody);
  const before = performance.now();
  expect(await asker.send(question('q1', 5000))).toEqual({ status: 503, reason: 'no-responder' });
  expect(performance.now() - before).toBeLessThan(500);
});

test('a rejection and a failure of the application come back as typed refusals with fields copied', async () => {
  await using space = await bus(service);
  const oracle = new PlayedApplication((event) => ({ status: event.headers['ce-id'] === 'no' ? 403 : 500 }));
  await space.adapter('oracle', oracle);
  const asker = await space.adapter('asker', nobody);
  const rejected = await asker.send(question('no'));
  expect(rejected.status).toBe(200);
  expect(JSON.parse(textOf(rejected.event))).toEqual({ code: 'rejected', retryable: false, text: 'what?' });
  expect(rejected.event?.headers).toMatchObject({
    'ce-id': 'no-refused',
    'ce-type': 'QuestionRefused',
    'ce-source': 'urn:application:oracle',
    'ce-causationid': 'no',
    'ce-correlationid': 'correlation-no',
    'ce-classification': 'OFFICIAL',
  });
  const unavailable = await asker.send(question('down'));
  expect(JSON.parse(textOf(unavailable.event))).toEqual({ code: 'unavailable', retryable: true, text: 'what?' });
  expect(oracle.handed).toHaveLength(2);
});

test('an invalid reply of the application is refused as invalid, and never travels', async () => {
  await using space = await bus(service);
  await space.adapter(
    'oracle',
    new PlayedApplication((event) => ({ status: 200, event: { ...answerTo(event), body: new Uint8Array() } })),
  );
  const asker = await space.adapter('asker', nobody);
  expect(JSON.parse(textOf((await asker.send(question('q'))).event))).toMatchObject({
    code: 'invalid',
    retryable: false,
  });
});

test('an invalid request is refused without asking the application', async () => {
  await using space = await bus(service);
  const oracle = new PlayedApplication();
  await space.adapter('oracle', oracle);
  const asker = await space.adapter('asker', nobody, { check: () => undefined });
  const bad = { ...question('bad'), body: new TextEncoder().encode('{"text":["x"]}') };
  const answer = await asker.send(bad);
  expect(JSON.parse(textOf(answer.event))).toEqual({ code: 'invalid', retryable: false });
  expect(oracle.handed).toEqual([]);
});

test('a request that expired on the way is noticed and has no reply', async () => {
  await using space = await bus(service);
  const oracle = new PlayedApplication();
  await space.adapter('oracle', oracle, { wallClock: () => Date.now() + 10_000 });
  const asker = await space.adapter('asker', nobody);
  expect(await asker.send(question('q', 150))).toEqual({ status: 504, reason: 'no-reply' });
  expect(await space.untilNotices(1)).toEqual(['expired q']);
  expect(oracle.handed).toEqual([]);
  expect((await space.stored('NOTICES'))[0]?.subject).toBe('notice.oracle');
});

test('a misdirected reply is noticed, and the right one still arrives', async () => {
  await using space = await bus(service);
  answerByHand(space, (request) => [
    { ...answerTo(request), headers: { ...answerTo(request).headers, 'ce-causationid': 'somebody-else' } },
  ]);
  const asker = await space.adapter('asker', nobody);
  expect(await asker.send(question('q', 200))).toEqual({ status: 504, reason: 'no-reply' });
  expect(await space.untilNotices(1)).toEqual(['misdirected answer-q']);
});

test('a late reply is noticed and handed to nobody', async () => {
  await using space = await bus(service);
  const release = Promise.withResolvers<void>();
  const oracle = new PlayedApplication(async (event) => {
    await release.promise;
    return { status: 200, event: answerTo(event) };
  });
  await space.adapter('oracle', oracle);
  const asker = await space.adapter('asker', nobody);
  expect(await asker.send(question('q', 150))).toEqual({ status: 504, reason: 'no-reply' });
  release.resolve();
  expect(await space.untilNotices(1)).toEqual(['late answer-q']);
});

test('a killed asker leaves its application without an answer at once', async () => {
  await using space = await bus(service);
  await space.adapter('oracle', new PlayedApplication(() => Promise.withResolvers<never>().promise));
  const asker = await space.adapter('asker', nobody);
  const asking = asker.send(question('q', 900));
  await asker.crash();
  expect(await asking).toEqual({ status: 0, reason: 'died' });
});
