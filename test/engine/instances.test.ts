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

/** Instances of an application `one`, and what becomes of them. */
function supervised(start: () => Promise<Endpoint>) {
  const history = new HistoryBuilder();
  const instances = new Instances({
    // What instances look at, and no more.
    state: { history, changes: new Changes(), clock: { now: () => 0 } } as unknown as TrialState,
    applications: new Map([
      ['one', { behind: () => undefined, journalCrashes: () => undefined } as unknown as PlayedApplication],
    ]),
    start,
    log: () => undefined,
    lost: () => undefined,
  });
  const told = (): readonly string[] => {
    const rows = history.history();
    return Array.from({ length: rows.lifecycle.length }, (_, row) => rowAt(rows, 'lifecycle', row).change);
  };
  return { instances, told };
}

test('an instance that is to crash while it starts crashes once it is ready, and is started again', async () => {
  const ended: string[] = [];
  const first = Promise.withResolvers<Endpoint>();
  let starts = 0;
  const { instances, told } = supervised(() => (++starts === 1 ? first.promise : Promise.resolve(endpoint(ended))));
  const started = instances.start('one', 0);
  const crashed = instances.crashAndRestart('one', 0);
  expect(ended).toEqual([]);
  first.resolve(endpoint(ended));
  await Promise.all([started, crashed]);
  expect(ended).toEqual(['crashed']);
  await instances[Symbol.asyncDispose]();
  expect(told()).toEqual(['started', 'ready', 'crashed', 'started', 'ready', 'stopping', 'ended']);
});

test('an instance that its supervisor starts again is stopped once it is ready, and never runs twice', async () => {
  const ended: string[] = [];
  const again = Promise.withResolvers<Endpoint>();
  let starts = 0;
  const { instances, told } = supervised(() => (++starts === 2 ? again.promise : Promise.resolve(endpoint(ended))));
  await instances.start('one', 0);
  await instances.crashAndRestart('one', 0);
  const [stopped, started] = [instances.stop('one', 0), instances.start('one', 0)];
  again.resolve(endpoint(ended));
  await Promise.all([stopped, started]);
  await instances.start('one', 0);
  await instances[Symbol.asyncDispose]();
  expect(ended.filter((how) => how === 'crashed').length).toBe(1);
  expect(ended.filter((how) => how === 'stopped').length).toBe(starts - 1);
  expect(told().filter((change) => change === 'ready').length).toBe(starts);
});

test('an instance that lives on is left as it is at the end of its trial, and is not said to have ended by its own', async () => {
  const ended: string[] = [];
  const lives = { ...endpoint(ended), stay: () => void ended.push('left') };
  const { instances, told } = supervised(() => Promise.resolve(lives));
  await instances.start('one', 0);
  await instances[Symbol.asyncDispose]();
  expect(ended).toEqual(['left']);
  expect(told()).toEqual(['started', 'ready', 'stopping', 'ended']);
});
