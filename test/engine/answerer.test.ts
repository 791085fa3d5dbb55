import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { expect, test } from 'vitest';

import { Answerer } from '../../harness/engine/answerer.ts';
import { Changes } from '../../harness/engine/changes.ts';
import { questionsFlow } from '../fixtures/flows.ts';

type Callback = (error: Error | null, message: Msg) => void;

function harness() {
  const callbacks: Callback[] = [];
  const connection = {
    subscribe: (_subject: string, { callback }: { callback: Callback }) => {
      callbacks.push(callback);
      return { unsubscribe: () => undefined };
    },
  } as unknown as NatsConnection;
  const changes = new Changes();
  const answerer = new Answerer(connection, questionsFlow, changes);
  const arrive = (id: string): void => callbacks[0]?.(null, { headers: new Map([['ce-id', id]]) } as unknown as Msg);
  return { answerer, arrive, changes };
}

const { signal } = new AbortController();

test('a request is there once it has come', async () => {
  const { answerer, arrive } = harness();
  const request = answerer.request('a', () => false, 60_000, signal);
  arrive('b');
  arrive('a');
  expect((await request)?.headers?.get('ce-id')).toBe('a');
});

test('a request that its asker has an answer to is not waited for', async () => {
  const { answerer, changes } = harness();
  let over = false;
  const request = answerer.request('a', () => over, 60_000, signal);
  over = true;
  changes.changed();
  expect(await request).toBeUndefined();
});
