import { jetstreamManager } from '@nats-io/jetstream';
import { connect, headers } from '@nats-io/transport-node';
import { expect, test } from 'vitest';

import { Past } from '../../../harness/bus/past.ts';
import { openReferenceBus } from '../../../harness/bus/reference-bus.ts';
import type { AuditRecord } from '../../../harness/model/audit.ts';
import { replaySubject } from '../../../harness/model/names.ts';
import { ChainVerifier } from '../../../harness/observe/audit-chain.ts';
import { topologyOf } from '../../../harness/patterns/topology.ts';
import { sampleEvent } from '../../fixtures/events.ts';
import { lastValueFlow, orderedFlow, questionsFlow, workQueueFlow } from '../../fixtures/flows.ts';
import { plannedOf } from '../../fixtures/planned.ts';
import { useReferenceSpace } from './reference-space.ts';

const open = useReferenceSpace();
const task = (id: string) => sampleEvent({ type: 'Task', id, payload: { text: `secret of ${id} X7K2QW9ZTB` } });
const inShort = ({ change, id, application, how, reason, deliveries }: AuditRecord): string =>
  [change, id, application, how, reason, deliveries].filter((part) => part !== '' && part !== 0).join(' ');

test('each change of custody is recorded once, in an unbroken chain, whatever became of the message', async () => {
  const events = ['taken', 'refused', 'late', 'failing'].map(task);
  await using space = await open(workQueueFlow, { planned: plannedOf(workQueueFlow.id, ...events) });
  for (const event of events) await space.publish('sample.tasks', event);
  const verbs: Readonly<Record<string, string>> = {
    taken: '+ACK',
    refused: '+TERM rejected',
    late: '+TERM expired',
    failing: '-NAK {"delay": 1000000}',
  };
  await space.work('sink', 6, (message) => verbs[message.headers?.get('ce-id') ?? '']);
  await space.bus.drainExhausted(['sink'], 3_000);
  await space.end();

  expect((await space.trail()).map(inShort).toSorted()).toEqual([
    'accepted failing',
    'accepted late',
    'accepted refused',
    'accepted taken',
    'dead-lettered failing sink exhausted 3',
    'dead-lettered refused sink rejected 1',
    'settled failing sink exhausted exhausted 3',
    'settled late sink expired expired 1',
    'settled refused sink rejected rejected 1',
    'settled taken sink acknowledged 1',
  ]);
  const audit = space.rows('audit');
  expect(audit).toHaveLength(10);
  expect(audit.every(({ chain, canary, digest }) => chain === 'yes' && canary === 'no' && digest === 'no')).toBe(true);
  expect(space.rows('anchor').map(({ number, signature, head, final }) => [number, signature, head, final])).toEqual([
    [10, 'yes', 'yes', 'yes'],
  ]);
  expect(
    space
      .rows('deadLetter')
      .map(({ id, reason, attempts, bodyIntact, headersIntact }) => [id, reason, attempts, bodyIntact, headersIntact]),
  ).toEqual([
    ['refused', 'rejected', 1, 'yes', 'yes'],
    ['failing', 'exhausted', 3, 'yes', 'yes'],
  ]);
  expect(space.problems).toEqual([]);
  expect(space.rows('problem')).toEqual([]);
});

test('what a person wrote is found nowhere outside of a body', async () => {
  const event = task('one');
  await using space = await open(workQueueFlow, { planned: plannedOf(workQueueFlow.id, event) });
  await space.publish('sample.tasks', event);
  await space.work('sink', 1, () => '+TERM rejected');
  await space.end();
  const scans = space.rows('scan');
  expect(scans.map(({ kind }) => kind).toSorted()).toEqual([
    'advisory',
    'audit',
    'dead-letter',
    'header',
    'journal',
    'log',
    'notice',
    'object-name',
    'subject',
  ]);
  expect(scans.every(({ hits, control, canaries }) => hits === 0 && control === 'yes' && canaries === 1)).toBe(true);
});

test('a reason that quotes the message is found in the audit trail, the dead letter and the advisory', async () => {
  const event = task('one');
  await using space = await open(workQueueFlow, { planned: plannedOf(workQueueFlow.id, event) });
  await space.publish('sample.tasks', event);
  await space.work('sink', 1, () => '+TERM rejected: x7k2qw9ztb');
  await space.end();
  const hit = space.rows('scan').filter(({ hits }) => hits > 0);
  expect(hit.map(({ kind }) => kind).toSorted()).toEqual(['advisory', 'audit', 'dead-letter', 'journal']);
  expect(space.rows('deadLetter')[0]?.canary).toBe('yes');
  expect(space.rows('audit').filter(({ canary }) => canary === 'yes')).toHaveLength(2);
});

test('the first settlement counts: what a second holder says later changes nothing', async () => {
  await using space = await open(workQueueFlow);
  await space.publish('sample.tasks', task('acknowledged'));
  await space.publish('sample.tasks', task('terminated'));
  const replies: string[] = [];
  await space.work('sink', 2, (message) => {
    replies.push((message as unknown as { msg: { reply: string } }).msg.reply);
    return undefined;
  });
  space.main.publish(replies[0] ?? '', '+ACK');
  space.main.publish(replies[0] ?? '', '+TERM rejected');
  space.main.publish(replies[1] ?? '', '+TERM rejected');
  space.main.publish(replies[1] ?? '', '+ACK');
  space.main.publish(replies[1] ?? '', '+TERM invalid');
  await space.main.flush();
  await space.end();
  const settled = (await space.trail()).filter(({ change }) => change !== 'accepted').map(inShort);
  expect(settled).toEqual([
    'settled acknowledged sink acknowledged 1',
    'settled terminated sink rejected rejected 1',
    'dead-lettered terminated sink rejected 1',
  ]);
  expect(space.rows('acknowledgement').map(({ verb }) => verb)).toEqual(['ack', 'term', 'term', 'ack', 'term']);
});

test('a policy of dropping leaves a record and no dead letter', async () => {
  await using space = await open({ ...workQueueFlow, badInput: 'drop' });
  await space.publish('sample.tasks', task('bad'));
  await space.work('sink', 1, () => '+TERM invalid');
  await space.end();
  expect((await space.trail()).map(inShort)).toEqual(['accepted bad', 'settled bad sink rejected invalid 1']);
  expect(space.rows('deadLetter')).toEqual([]);
});

test('a key that was parked comes back in order, to its own receiver alone, once, and on record', async () => {
  const step = (n: number) =>
    sampleEvent({ type: 'Ordered', id: `e${n}`, headers: { 'ce-partitionkey': 'k', 'ce-sequence': String(n) } });
  await using space = await open(orderedFlow);
  for (const n of [1, 2, 3]) await space.publish('sample.ordered.k', step(n));
  const manager = await jetstreamManager(space.main);
  const partition = (await manager.streams.getMessage('ORDERED', { seq: 1 }))?.subject.split('.')[1] ?? '';
  await space.work(`sink-${partition}`, 3, (message) =>
    message.headers?.get('ce-id') === 'e1' ? '+ACK' : '+TERM gap',
  );
  await space.work(`archive-${partition}`, 3, () => '+ACK');
  expect(await space.bus.settle(5_000)).toBe(true);

  const asked = { flow: orderedFlow, application: 'sink', key: 'k' };
  expect(await space.bus.replay({ ...asked, by: 'sink' })).toBeUndefined();
  expect(await space.bus.replay({ ...asked, key: 'another' })).toEqual([]);
  const replayed = await space.bus.replay(asked);
  expect(replayed?.map(({ id, subject, stream, sequence }) => [id, subject, stream, sequence])).toEqual([
    ['e2', replaySubject('sink', `partition.${partition}.sample.ordered.k`), 'ORDERED', 4],
    ['e3', replaySubject('sink', `partition.${partition}.sample.ordered.k`), 'ORDERED', 5],
  ]);
  expect(await space.bus.replay(asked)).toEqual([]);

  const seen: string[] = [];
  await space.work(`sink-${partition}`, 2, (message) => {
    seen.push(message.headers?.get('ce-id') ?? '');
    return '+ACK';
  });
  expect(seen).toEqual(['e2', 'e3']);
  expect((await manager.consumers.info('ORDERED', `archive-${partition}`)).num_pending).toBe(0);
  await space.end();
  const trail = await space.trail();
  expect(trail.filter(({ change }) => change === 'replayed').map(({ id, from, to }) => [id, from, to])).toEqual([
    ['e2', 'operator', ['sink']],
    ['e3', 'operator', ['sink']],
  ]);
  expect(
    trail.filter(({ change, application }) => change === 'settled' && application === 'sink').map(inShort),
  ).toEqual([
    'settled e1 sink acknowledged 1',
    'settled e2 sink rejected gap 1',
    'settled e3 sink rejected gap 1',
    'settled e2 sink acknowledged 1',
    'settled e3 sink acknowledged 1',
  ]);
  const stored = space.rows('stored');
  expect(stored.map(({ subject }) => subject)).toEqual(
    Array.from({ length: 5 }, () => `partition.${partition}.sample.ordered.k`),
  );
  expect(stored.map(({ replayFor, subjectIntact }) => [replayFor, subjectIntact])).toEqual([
    ['', 'yes'],
    ['', 'yes'],
    ['', 'yes'],
    ['sink', 'yes'],
    ['sink', 'yes'],
  ]);
});

test('a recorder that is started again goes on with the chain and repeats nothing', async () => {
  await using space = await open(workQueueFlow);
  await space.publish('sample.tasks', task('before'));
  await space.work('sink', 1, () => '+TERM rejected');
  expect(await space.bus.settle(5_000)).toBe(true);
  await space.bus[Symbol.asyncDispose]();
  await space.publish('sample.tasks', task('between'));
  await using again = await openReferenceBus({
    namespace: space.namespace,
    service: space.service,
    topology: topologyOf(space.service),
    onProblem: (where, cause) => space.problems.push(`${where} ${String(cause)}`),
  });
  await space.publish('sample.tasks', task('after'));
  await space.work('sink', 2, () => '+ACK');
  expect(await again.settle(5_000)).toBe(true);
  await again.close();
  const trail = await space.trail();
  expect(trail.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(trail.map(inShort).toSorted()).toEqual([
    'accepted after',
    'accepted before',
    'accepted between',
    'dead-lettered before sink rejected 1',
    'settled after sink acknowledged 1',
    'settled before sink rejected rejected 1',
    'settled between sink acknowledged 1',
  ]);
  const verifier = new ChainVerifier(again.auditKey);
  expect((await space.texts('AUDIT')).every((text) => verifier.follow(text))).toBe(true);
  expect(space.problems).toEqual([]);
});

test('one that is given the past of the one before reads what has come since, and each record once', async () => {
  const past = new Past();
  await using space = await open(workQueueFlow);
  const options = {
    namespace: space.namespace,
    service: space.service,
    topology: topologyOf(space.service),
    past,
    onProblem: (where: string, cause: unknown) => space.problems.push(`${where} ${String(cause)}`),
  };
  await space.bus[Symbol.asyncDispose]();
  for (const round of [1, 2, 3]) {
    await using bus = await openReferenceBus(options);
    expect([past.isRead, past.number]).toEqual([true, 3 * (round - 1)]);
    await space.publish('sample.tasks', task(`task ${String(round)}`));
    await space.work('sink', 1, () => '+TERM rejected');
    expect(await bus.settle(5_000)).toBe(true);
    await bus.close();
  }
  const texts = await space.texts('AUDIT');
  const verifier = new ChainVerifier(space.bus.auditKey);
  expect(texts.map((text) => verifier.follow(text))).toEqual(Array.from({ length: 9 }, () => true));
  await past.read(space.main);
  expect(past.sequence).toBe(9);
  expect(past.known.has('settled TASKS sink 2')).toBe(true);
  expect(space.problems).toEqual([]);
});

test('attempts that are used up while nobody pulls are noticed, and what could still be delivered is left alone', async () => {
  await using space = await open({ ...workQueueFlow, ackWaitMs: 500 });
  await space.publish('sample.tasks', task('used-up'));
  await space.work('sink', 3, () => '-NAK');
  await space.publish('sample.tasks', task('fresh'));
  await space.publish('sample.tasks', task('waiting'));
  await space.bus.drainExhausted(['sink'], 400);
  expect(await space.bus.settle(5_000)).toBe(true);
  expect((await space.trail()).filter(({ change }) => change === 'settled').map(inShort)).toEqual([
    'settled used-up sink exhausted exhausted 3',
  ]);
  const seen: string[] = [];
  await space.work('sink', 2, (message) => {
    seen.push(`${message.headers?.get('ce-id') ?? ''} ${message.info.deliveryCount}`);
    return '+ACK';
  });
  expect(seen).toEqual(['fresh 1', 'waiting 1']);
});

test('a message with deliveries left is not taken by the drain, and keeps its count', async () => {
  await using space = await open(workQueueFlow);
  await space.publish('sample.tasks', task('failing'));
  await space.work('sink', 1, () => '-NAK');
  await space.bus.drainExhausted(['sink'], 150);
  const seen: number[] = [];
  await space.work('sink', 1, (message) => {
    seen.push(message.info.deliveryCount);
    return '+ACK';
  });
  expect(seen).toEqual([2]);
});

test('a newcomer of a last-value flow loses nothing to the drain', async () => {
  await using space = await open(lastValueFlow);
  const value = (key: string) => sampleEvent({ type: 'Value', id: key, headers: { 'ce-partitionkey': key } });
  await space.publish('sample.values.a', value('a'));
  await space.publish('sample.values.b', value('b'));
  await space.work('sink', 1, () => '-NAK');
  await space.bus.drainExhausted(['sink'], 100);
  const seen: string[] = [];
  await space.work('sink', 2, (message) => {
    seen.push(message.headers?.get('ce-id') ?? '');
    return '+ACK';
  });
  expect(seen.toSorted()).toEqual(['a', 'b']);
});

test('an answered request and one that nobody answers are on record by their trace', async () => {
  const ask = (id: string, trace: string) =>
    sampleEvent({ type: 'Question', id, headers: { traceparent: `00-${trace.repeat(32)}-${'1'.repeat(16)}-01` } });
  const [first, second] = [ask('q1', 'a'), ask('q2', 'b')];
  await using space = await open(questionsFlow, { planned: plannedOf(questionsFlow.id, first, second) });
  const oracle = await connect(space.namespace.connectionOptions('oracle'));
  const asker = await connect(space.namespace.connectionOptions('asker'));
  const send = async (event: typeof first): Promise<unknown> => {
    const list = headers();
    for (const [name, value] of Object.entries(event.headers)) list.set(name, value);
    return asker
      .request('sample.questions', event.body, { headers: list, timeout: 2_000 })
      .catch((error: unknown) => error);
  };
  const answering = oracle.subscribe('sample.questions', {
    queue: 'oracle',
    callback: (_error, message) => void message.respond('{}'),
  });
  await oracle.flush();
  await send(first);
  answering.unsubscribe();
  await oracle.flush();
  await send(second);
  await space.end();
  await Promise.all([oracle.close(), asker.close()]);
  expect(space.rows('audit').map(({ change, id, reason, application }) => [change, id, reason, application])).toEqual([
    ['answered', 'q1', '200', 'oracle'],
    ['answered', 'q2', '503', ''],
  ]);
  expect(space.rows('advisory').map(({ kind, status }) => [kind, status])).toEqual([
    ['latency', 200],
    ['latency', 503],
  ]);
});
