import { connect } from '@nats-io/transport-node';
import { expect, inject, test } from 'vitest';

import { ChainWriter } from '../../../harness/bus/audit/chain-writer.ts';
import { startProcess } from '../../../harness/bus/runtime/process.ts';
import { ChainVerifier } from '../../../harness/observe/audit-chain.ts';
import { sampleEvent } from '../../fixtures/events.ts';
import { workQueueFlow } from '../../fixtures/flows.ts';
import { ReferenceSpace } from './reference-space.ts';

test('a server that is killed and started again leaves one whole audit trail, with every change once', async () => {
  const binary = inject('serverBinary');
  await using started = await startProcess(binary === undefined ? {} : { binary });
  await using space = await ReferenceSpace.open(started, workQueueFlow);
  const count = 60;
  const publish = async (from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n++) await space.publish('sample.tasks', sampleEvent({ type: 'Task', id: `t${n}` }));
  };
  await publish(0, count);
  await space.work('sink', count, () => '+ACK');
  await started.control?.kill();
  await started.control?.start();
  const back = await connect({ ...space.namespace.connectionOptions('admin'), waitOnFirstConnect: true });
  await back.close();
  expect(await space.bus.settle(20_000)).toBe(true);
  await space.bus.close();

  const fresh = await connect(space.namespace.connectionOptions('admin'));
  const texts = await space.texts('AUDIT', fresh);
  await fresh.close();
  const verifier = new ChainVerifier(space.bus.auditKey);
  expect(texts.every((text) => verifier.follow(text))).toBe(true);
  const names = texts.map((text) => {
    const { change, id } = JSON.parse(text) as { change: string; id: string };
    return `${change} ${id}`;
  });
  expect(names.filter((name) => name.startsWith('accepted')).toSorted()).toEqual(
    Array.from({ length: count }, (_, n) => `accepted t${n}`).toSorted(),
  );
  expect(new Set(names).size).toBe(names.length);
}, 40_000);

test('records on their way when the server is killed are stored once and in order', async () => {
  const binary = inject('serverBinary');
  await using started = await startProcess(binary === undefined ? {} : { binary });
  await using space = await ReferenceSpace.open(started, workQueueFlow);
  const reconnecting = { maxReconnectAttempts: -1, reconnectTimeWait: 20, reconnectJitter: 0 };
  const connection = await connect({ ...space.namespace.connectionOptions('admin'), ...reconnecting });
  const writer = new ChainWriter(connection, 0);
  const texts = Array.from({ length: 1_200 }, (_, n) => `{"n":${n}}`);
  const some = Promise.withResolvers<void>();
  const written = texts.map(async (text, n) => {
    await writer.write(text, `text ${n}`);
    if (n === 300) some.resolve();
  });
  await some.promise;
  await started.control?.kill();
  await started.control?.start();
  await Promise.all(written);
  expect(await space.texts('AUDIT', connection)).toEqual(texts);
  await connection.close();
}, 40_000);
