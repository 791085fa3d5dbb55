import { join } from 'node:path';
import { expect, it } from 'vitest';

import { createValidators, loadService } from '../../harness/contracts/index.ts';
import { Changes } from '../../harness/engine/changes.ts';
import { startClock } from '../../harness/engine/clock.ts';
import { PlayedApplication } from '../../harness/engine/played-application.ts';
import { newProgress, type TrialState } from '../../harness/engine/trial-state.ts';
import { HistoryBuilder } from '../../harness/model/history.ts';
import { NONE } from '../../harness/model/table.ts';
import { standardFactSteps } from '../../harness/observe/facts.ts';
import { contracts } from '../cli/busworthy.ts';

it('an application that is handed events without end tells so once, and takes and records no more', async () => {
  const service = await loadService(join(contracts, 'custody-task'));
  const [clock, history] = [startClock(), new HistoryBuilder()];
  const state = {
    service,
    workload: { scripts: [] },
    planned: { list: [], identify: () => NONE },
    history,
    clock,
    now: clock.now,
    changes: new Changes(),
    signal: new AbortController().signal,
    progress: newProgress(),
  } as unknown as TrialState;
  const told: (readonly [number, number])[] = [];
  const application = new PlayedApplication({
    name: 'forensic',
    state,
    validators: await createValidators(service),
    facts: standardFactSteps,
    crash: () => Promise.resolve(),
    flooded: (instance, handovers) => told.push([instance, handovers]),
  }).behind(0, { over: false });
  const statuses = new Map<number, number>();
  for (let id = 0; id < 2100; id++) {
    const headers = { 'ce-id': String(id), 'ce-source': 'urn:flood', 'ce-type': 'BiometricRequest' };
    const { status } = await application.deliver({ headers, body: new Uint8Array() }, 1000);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  expect(told).toEqual([[0, 2000]]);
  expect(statuses).toEqual(
    new Map([
      [200, 2000],
      [0, 100],
    ]),
  );
  expect(history.lengthOf('delivery')).toBe(2000);
});
