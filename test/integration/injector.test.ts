import { createHash } from 'node:crypto';
import { jetstream } from '@nats-io/jetstream';
import { Objm, type ObjectInfo } from '@nats-io/obj';
import { expect, test } from 'vitest';
import { Changes } from '../../harness/engine/changes.ts';
import { startClock } from '../../harness/engine/clock.ts';
import { Injector } from '../../harness/engine/injector.ts';
import { newProgress, type TrialState } from '../../harness/engine/trial-state.ts';
import { HistoryBuilder } from '../../harness/model/history.ts';
import { bundlesFlow, receiptsFlow, sampleService } from '../fixtures/flows.ts';
import { sampleEvent } from '../fixtures/events.ts';
import { useSampleBus, type SampleBus } from './patterns/sample-bus.ts';

const bus = useSampleBus();
const service = sampleService(bundlesFlow, receiptsFlow);
const bytes = new TextEncoder().encode('a content');
const digest = createHash('sha256').update(bytes).digest('hex');
const event = sampleEvent({ type: 'Bundle', id: 'b1', payload: { text: 'a case' } });

/** The harness's own hand in a trial of one bundle with one content. */
function injectorOn(space: SampleBus): Injector {
  const clock = startClock();
  const spec = { bytes: bytes.length, seed: 1 };
  async function* content(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(bytes);
  }
  const state = {
    service,
    planned: {
      list: [{ message: { flow: bundlesFlow.id, id: 'b1', contents: [spec] }, event }],
      content,
      contentDigest: () => digest,
    },
    history: new HistoryBuilder(),
    clock,
    changes: new Changes(),
    progress: newProgress(),
  };
  return new Injector({
    state: state as unknown as TrialState,
    connection: space.admin,
    answerers: undefined,
    replay: () => Promise.resolve(0),
  });
}

const objectOn = async (space: SampleBus): Promise<ObjectInfo | null> =>
  (await new Objm(jetstream(space.admin)).open('FILES')).info('b1/0');

test('a bundle that is injected again leaves its contents as they are: somebody may be reading them', async () => {
  await using space = await bus(service);
  const injector = injectorOn(space);
  await injector.inject(0, {});
  const first = await objectOn(space);
  expect(first?.size).toBe(bytes.length);
  await injector.inject(0, { messageId: 'again' });
  expect((await objectOn(space))?.nuid).toBe(first?.nuid);
  expect(await space.stored('BUNDLES')).toHaveLength(2);
});

test('contents that are not the right ones are put right', async () => {
  await using space = await bus(service);
  const injector = injectorOn(space);
  await injector.misplace(0);
  const wrong = await objectOn(space);
  await injector.inject(0, {});
  expect((await objectOn(space))?.digest).not.toBe(wrong?.digest);
});
