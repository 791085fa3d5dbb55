import { connect, PermissionViolationError, RequestError } from '@nats-io/transport-node';
import { expect, test } from 'vitest';

import { bundlesFlow, orderedFlow, questionsFlow, receiptsFlow, sampleService } from '../../fixtures/flows.ts';
import { useSampleBus } from './sample-bus.ts';

const bus = useSampleBus();

/** Whether the server lets a user publish; what it publishes is asked for, so that a refusal is known at once. */
async function allowed(space: Awaited<ReturnType<typeof bus>>, user: string, subject: string): Promise<boolean> {
  const connection = await connect(space.space.connectionOptions(user));
  try {
    await connection.request(subject, '{}', { timeout: 300 });
    return true;
  } catch (error) {
    return (
      !(error instanceof RequestError && error.cause instanceof PermissionViolationError) &&
      !(error instanceof PermissionViolationError)
    );
  } finally {
    await connection.close();
  }
}

test.each([
  ['source', 'sample.ordered.A', true],
  ['source', '$JS.API.STREAM.MSG.GET.ORDERED', true],
  ['source', '$JS.API.CONSUMER.MSG.NEXT.ORDERED.sink-0', false],
  ['source', 'notice.sink', false],
  ['source', '$O.FILES.M.x', true],
  ['sink', 'sample.ordered.A', false],
  ['sink', '$JS.API.STREAM.MSG.GET.ORDERED', false],
  ['sink', '$JS.API.DIRECT.GET.ORDERED', false],
  ['sink', '$JS.API.CONSUMER.MSG.NEXT.ORDERED.archive-0', false],
  ['sink', '$JS.ACK.ORDERED.archive-0.1.1.1.1.1', false],
  ['sink', '$KV.ORDERED_SEQUENCES.sink.A', true],
  ['sink', '$KV.ORDERED_SEQUENCES.archive.A', false],
  ['sink', '$JS.API.DIRECT.GET.KV_ORDERED_SEQUENCES.$KV.ORDERED_SEQUENCES.archive.A', false],
  ['sink', '$O.FILES.M.x', false],
  ['sink', '$JS.API.STREAM.PURGE.OBJ_FILES', false],
  ['sink', 'sample.receipts', true],
  ['sink', 'dead-letter.sample.ordered.sink', false],
  ['sink', 'audit.record', false],
  ['sink', '$JS.API.STREAM.DELETE.ORDERED', false],
  ['sink', '$JS.API.CONSUMER.CREATE.ORDERED', false],
  ['oracle', 'notice.oracle', true],
  ['oracle', 'sample.questions', false],
  ['asker', 'sample.questions', true],
  ['asker', '_INBOX_oracle.reply.x', false],
] as const)('%s publishing on %s: %s', async (user, subject, expected) => {
  const service = sampleService(orderedFlow, bundlesFlow, receiptsFlow, questionsFlow);
  await using space = await bus(service);
  expect(await allowed(space, user, subject)).toBe(expected);
});

test('the leader alone is asked what a stream holds, a bucket may be asked of any replica', async () => {
  const service = sampleService(orderedFlow, bundlesFlow, receiptsFlow, questionsFlow);
  await using space = await bus(service);
  const direct: Record<string, boolean> = {};
  for await (const { config } of space.jsm.streams.list()) direct[config.name] = config.allow_direct;
  expect(direct).toMatchObject({ ORDERED: false, KV_ORDERED_SEQUENCES: true, OBJ_FILES: true });
});
