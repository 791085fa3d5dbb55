import { expect, test } from 'vitest';

import { Changes } from '../../harness/engine/changes.ts';
import type { Endpoint } from '../../harness/engine/endpoint.ts';
import { Instances } from '../../harness/engine/instances.ts';
import type { PlayedApplication } from '../../harness/engine/played-application.ts';
import type { TrialState } from '../../harness/engine/trial-state.ts';
import { HistoryBuilder, rowAt } from '../../harness/model/history.ts';

const endpoint = (ended: string[]): Endpoint => ({
  send: () => Promise.resolve({ status: 202, reason: '' }),
  stop: () => {
    ended.push('stopped');
    return Promise.resolve('');
  },
  health: () => Promise.resolve(200),
  crash: () => Promise.resolve(void ended.push('crashed')),
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

test('an instance that is to crash while it starts crashes once it is ready, and is started again', async () => {
  const history = new HistoryBuilder();
  const changes = new Changes();
  const ended: string[] = [];
  const first = Promise.withResolvers<Endpoint>();
  let starts = 0;
  const instances = new Instances({
    // What instances look at, and no more.
    state: { history, changes, clock: { now: () => 0 } } as unknown as TrialState,
    applications: new Map([
      ['one', { behind: () => undefined, journalCrashes: () => undefined } as unknown as PlayedApplication],
    ]),
    start: () => (++starts === 1 ? first.promise : Promise.resolve(endpoint(ended))),
    log: () => undefined,
    lost: () => undefined,
  });
  const started = instances.start('one', 0);
  const crashed = instances.crashAndRestart('one', 0);
  expect(ended).toEqual([]);
  first.resolve(endpoint(ended));
  await Promise.all([started, crashed]);
  expect(ended).toEqual(['crashed']);
  await instances[Symbol.asyncDispose]();
  const rows = history.history();
  const told = Array.from({ length: rows.lifecycle.length }, (_, row) => rowAt(rows, 'lifecycle', row).change);
  expect(told).toEqual(['started', 'ready', 'crashed', 'started', 'ready', 'stopping', 'ended']);
});
