import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ownAdapter } from '../../../harness/adapters/launch/adapter-file.ts';
import { Launcher } from '../../../harness/adapters/launch/launcher.ts';
import { startProcess } from '../../../harness/bus/runtime/process.ts';
import type { StartedBus } from '../../../harness/bus/runtime/runtime.ts';
import { writeEffective } from '../../../harness/contracts/index.ts';
import { Lives } from '../../../harness/explore/lives.ts';
import { Stage, type Performance } from '../../../harness/explore/stage.ts';
import type { Flow, Service } from '../../../harness/model/flow.ts';
import { rowAt } from '../../../harness/model/history.ts';
import type { Workload } from '../../../harness/model/workload.ts';
import { WorkloadBuilder } from '../../../harness/generate/workload-builder.ts';
import { flows } from '../../fixtures/services.ts';

const program = fileURLToPath(new URL('../../../harness/adapters/reference/typescript/main.ts', import.meta.url));
const contracts = fileURLToPath(new URL('../../../contracts/', import.meta.url));
const { signal } = new AbortController();

let bus: StartedBus;
let folder: string;
beforeAll(async () => {
  bus = await startProcess();
  folder = await mkdtemp(join(tmpdir(), 'busworthy-lives-'));
});
afterAll(async () => {
  await bus[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A stage on which an application of a flow, its first receiver, has a program for an adapter that lives through all performances. */
async function staged(
  stack: AsyncDisposableStack,
  flow: Flow,
  service: Service,
  application = flow.receivers[0]?.application ?? '',
) {
  const contract = await writeEffective(service, join(contracts, service.name), join(folder, service.name));
  const adapter = ownAdapter(service.name, application, [process.execPath, program]);
  const launcher = stack.use(new Launcher([{ ...adapter, startMs: 30_000 }]));
  const lives = stack.use(new Lives(bus, (of) => launcher.keep(of, contract)));
  const relaying = () => ({ applications: [application], unobserved: [] });
  return { stage: new Stage({ services: [service], bus, lives, relaying }), lives };
}

function performance(
  service: Service,
  flow: Flow,
  seed: number,
  change: (build: WorkloadBuilder) => void = () => undefined,
): Performance {
  const build = new WorkloadBuilder(service, flow, seed);
  build.sendInLanes(build.messages(3, { to: flow.receivers[0]! }));
  change(build);
  const header = { id: 'a', flow: flow.id, scenario: 'property', title: '', clauses: [], seed };
  return { header, service, flow, workload: build.build() };
}

const restart =
  (flow: Flow) =>
  (build: WorkloadBuilder): void => {
    const { application } = flow.receivers[0]!;
    build.lane({ do: 'stop', application, instance: 0 }, { do: 'start', application, instance: 0 });
  };

describe('performances in one life', () => {
  test.each([
    'custody-task/tasks',
    'incident-lifecycle/incidents',
    'unit-state/status',
    'case-file-transfer/bundles',
    'records-check/vehicle-checks',
  ])('of the adapters of %s begin where the one before has ended, each as if it were alone', async (id) => {
    const { service, flow } = flows.find((candidate) => candidate.flow.id === id)!;
    await using stack = new AsyncDisposableStack();
    const { stage, lives } = await staged(stack, flow, service);
    const whole = performance(service, flow, 1);
    const all: readonly Performance[] = [
      whole,
      performance(service, flow, 2),
      { ...whole, again: true },
      // Who asks while nobody answers gets no answer.
      performance(service, flow, 3, flow.stream === undefined ? undefined : restart(flow)),
      { ...whole, again: true },
    ];
    let records = 0;
    for (const each of all) {
      const trial = await stage.perform(each, signal);
      records += trial.history.audit.length;
      const { findings } = stage.judge(trial);
      expect(findings.filter(({ failed, undecided }) => failed > 0 || undecided !== undefined)).toEqual([]);
      expect(
        findings.find(({ clause }) => clause === (flow.stream === undefined ? 'REP-1' : 'DEL-3'))?.exercised,
      ).toBeGreaterThan(0);
      const { stored, streamState, delivery } = trial.history;
      expect(delivery.length).toBeGreaterThanOrEqual(each.workload.messages.length - 3);
      const rows = Array.from({ length: stored.length }, (_, at) => rowAt(trial.history, 'stored', at));
      const own = rows.filter(({ flow: of }) => of === flow.id).map(({ sequence }) => sequence);
      expect(own.toSorted((a, b) => a - b)).toEqual(own.map((_, at) => at + 1));
      const states = Array.from({ length: streamState.length }, (_, at) => rowAt(trial.history, 'streamState', at));
      if (flow.stream !== undefined) expect(states.find(({ flow: of }) => of === flow.id)?.last).toBe(own.length);
    }
    expect(lives.begun).toBe(1);
    // Of the audit trail, which is one for them all, each has followed what is new, and nothing a second time.
    const { chain } = (await lives.take(service, undefined)).account;
    expect(chain.records).toBe(chain.last);
    expect(chain.records).toBeGreaterThanOrEqual(records);
    expect(records).toBeGreaterThan(0);
  });

  test('end where a workload has ids or keys that were there before and is to keep them', async () => {
    const { service, flow } = flows.find((candidate) => candidate.flow.id === 'custody-task/tasks')!;
    await using stack = new AsyncDisposableStack();
    const { stage, lives } = await staged(stack, flow, service);
    const whole = performance(service, flow, 1);
    for (let time = 0; time < 2; time++) {
      const { findings } = stage.judge(await stage.perform(whole, signal));
      expect(findings.filter(({ failed }) => failed > 0)).toEqual([]);
    }
    expect(lives.begun).toBe(2);
  });

  test('are not taken for who made the requests of the one before, of which the bus tells when their asker ends', async () => {
    const { service, flow } = flows.find((candidate) => candidate.flow.id === 'records-check/vehicle-checks')!;
    await using stack = new AsyncDisposableStack();
    const [application = ''] = flow.senders;
    const { stage, lives } = await staged(stack, flow, service, application);
    const build = new WorkloadBuilder(service, flow, 1).instances(application, 2);
    for (const receiver of flow.receivers) build.instances(receiver.application, 0);
    const request = build.message({ application, expiresMs: 3000 });
    // Its reply does not come through the bus, which goes on waiting for one.
    build.lane({ do: 'send', message: request, instance: 1 });
    build.lane({ do: 'inject-reply', message: build.reply(request), request, straight: true });
    await stage.perform({ ...performance(service, flow, 1), workload: build.build() }, signal);
    const next = performance(service, flow, 2, (later) => later.instances(application, 1));
    const trial = await stage.perform(next, signal);
    expect(stage.judge(trial).findings.filter(({ failed }) => failed > 0)).toEqual([]);
    const { audit } = trial.history;
    const told = Array.from({ length: audit.length }, (_, at) => rowAt(trial.history, 'audit', at));
    expect(told.filter(({ reason }) => reason === '408').map((row) => row.flow)).toEqual(['']);
    expect(lives.begun).toBe(1);
  });

  test('end with one that was not drained', async () => {
    const { service, flow } = flows.find((candidate) => candidate.flow.id === 'custody-task/tasks')!;
    await using stack = new AsyncDisposableStack();
    const { stage, lives } = await staged(stack, flow, service);
    const { application } = flow.receivers[0]!;
    const away = performance(service, flow, 1, (build) => build.instances(application, 0));
    const workload: Workload = { ...away.workload, limitMs: 500 };
    await stage.perform({ ...away, workload }, signal);
    const trial = await stage.perform(performance(service, flow, 2), signal);
    expect(stage.judge(trial).findings.filter(({ failed }) => failed > 0)).toEqual([]);
    expect(lives.begun).toBe(2);
  });
});
