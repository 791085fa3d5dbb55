import { expect, test } from 'vitest';

import { standardSteps, type Steps } from '../../../harness/patterns/steps.ts';
import { sampleEvent } from '../../fixtures/events.ts';
import { readsFlow, sampleService, workQueueFlow } from '../../fixtures/flows.ts';
import { PlayedApplication } from '../../fixtures/played-application.ts';
import { useSampleBus, type SampleBus } from './sample-bus.ts';

const bus = useSampleBus();
const nobody = new PlayedApplication();
const task = (id: string, text = 'content') => sampleEvent({ type: 'Task', id, payload: { text } });

async function taskWith(space: SampleBus, broken: Partial<Steps>, sink: PlayedApplication): Promise<void> {
  const steps = { ...standardSteps, ...broken };
  await space.adapter('sink', sink, { steps });
  const source = await space.adapter('source', nobody, { steps });
  await source.send(task('t1'));
  await sink.until(1);
}

test('an adapter that acknowledges before the effect does so before its application has answered', async () => {
  await using space = await bus(sampleService(workQueueFlow));
  const release = Promise.withResolvers<void>();
  const sink = new PlayedApplication(async () => {
    await release.promise;
    return { status: 200 };
  });
  const handOver: Steps['handOver'] = (held, post) => {
    held.acknowledge();
    return post();
  };
  await taskWith(space, { handOver }, sink);
  await space.untilVerb('+ACK');
  expect(space.verbs.map(({ text }) => text)).toEqual(['+ACK']);
  release.resolve();
});

test('an adapter without message ids stores a repeat twice', async () => {
  await using space = await bus(sampleService(workQueueFlow));
  const source = await space.adapter('source', nobody, { steps: { ...standardSteps, messageId: () => undefined } });
  await source.send(task('t1'));
  await source.send(task('t1'));
  expect(await space.stored('TASKS')).toHaveLength(2);
});

test('an adapter that carries too little drops a header on both sides', async () => {
  await using space = await bus(sampleService(workQueueFlow));
  const sink = new PlayedApplication();
  const carry: Steps['carry'] = (event, way) => {
    const { traceparent: _dropped, ...headers } = standardSteps.carry(event, way).headers;
    return { ...event, headers };
  };
  await taskWith(space, { carry }, sink);
  expect(sink.handed[0]?.event.headers['traceparent']).toBeUndefined();
});

test('an adapter whose reasons tell too much puts content into the verb', async () => {
  await using space = await bus(sampleService(workQueueFlow));
  const reason: Steps['reason'] = (code, event) => `${code} ${new TextDecoder().decode(event.body)}`;
  await taskWith(space, { reason }, new PlayedApplication(() => ({ status: 400 })));
  await space.untilVerb('+TERM rejected {"text":"content"}');
  expect(space.verbs).toHaveLength(1);
});

test('an adapter that does not wait for the bus answers 202 for what is never stored', async () => {
  await using space = await bus(sampleService(workQueueFlow));
  const answerAfter: Steps['answerAfter'] = () => Promise.resolve({ status: 202, reason: 'stored' });
  const source = await space.adapter('source', nobody, {
    steps: { ...standardSteps, answerAfter, subject: () => 'sample.nowhere' },
  });
  expect((await source.send(task('t1'))).status).toBe(202);
  expect(await space.stored('TASKS')).toEqual([]);
});

test('a standard adapter hands an at-most-once event over once, whatever the application answers', async () => {
  await using space = await bus(sampleService(readsFlow));
  const sink = new PlayedApplication(() => ({ status: 500 }));
  await space.adapter('sink', sink);
  const source = await space.adapter('source', nobody);
  for (const id of ['r1', 'r2']) {
    expect((await source.send(sampleEvent({ type: 'Read', id }))).status).toBe(202);
    await space.untilVerb('-NAK', Number(id.slice(1)));
  }
  expect(sink.ids).toEqual(['r1', 'r2']);
});
