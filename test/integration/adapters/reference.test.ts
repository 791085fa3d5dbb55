import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';

import { AdapterClient } from '../../../harness/adapters/http/adapter-client.ts';
import { answered } from '../../../harness/engine/played-application.ts';
import { materialise } from '../../../harness/generate/events/materialise.ts';
import { crosses, type CloudEvent } from '../../../harness/model/event.ts';
import { WorkloadBuilder } from '../../../harness/generate/workload-builder.ts';
import type { Flow, Service } from '../../../harness/model/flow.ts';
import type { PlannedEvents } from '../../../harness/model/planned.ts';
import type { Workload } from '../../../harness/model/workload.ts';
import { PlayedApplication } from '../../fixtures/played-application.ts';
import { flows } from '../../fixtures/services.ts';
import { useSampleBus } from '../patterns/sample-bus.ts';
import { environmentOf, ReferenceProcess, startProgram } from './reference-process.ts';

const bus = useSampleBus();

const samples = [
  'incident-lifecycle/incidents',
  'anpr-hit/hits',
  'unit-state/status',
  'custody-task/tasks',
  'records-check/person-checks',
  'case-file-transfer/bundles',
];

/** Five events for the first receiver, of two keys where the flow keeps order or values by key. */
function workloadOf(service: Service, flow: Flow): Workload {
  const build = new WorkloadBuilder(service, flow, 7);
  const keys = ['ordered-stream', 'last-value'].includes(flow.pattern) ? build.keys(2) : [];
  const messages = Array.from({ length: 5 }, (_, n) =>
    build.message({ to: flow.receivers[0]!, ...(keys.length > 0 && { key: keys[n % 2]! }) }),
  );
  build.sendInLanes(messages);
  return build.build();
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const plain = ({ headers, body }: CloudEvent) => ({
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => crosses(name))),
  body: hex(body),
});

/** Every content of every bundle, under the name that it is staged by. */
async function contentsOf(planned: PlannedEvents): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const { index, message } of planned.list) {
    for (const item of (message.contents ?? []).keys()) {
      const parts: Uint8Array[] = [];
      for await (const part of planned.content(index, item)) parts.push(part);
      found.set(`${message.id}/${item}`, Buffer.concat(parts));
    }
  }
  return found;
}

/** What must be handed over: of a last value that was overtaken on the stream nothing is left. */
function expectedOf(flow: Flow, planned: PlannedEvents): readonly CloudEvent[] {
  const events = planned.list.filter(({ message }) => flow.messages.some(({ name }) => name === message.type));
  const last = new Map(events.map(({ message, event }) => [`${message.type} ${message.key}`, event]));
  return flow.pattern === 'last-value' ? [...last.values()] : events.map(({ event }) => event);
}

describe('the reference adapter as a program carries', () => {
  test.each(samples)('%s, byte for byte, and ends with 0', async (id) => {
    const { service, flow } = flows.find((candidate) => candidate.flow.id === id)!;
    const workload = workloadOf(service, flow);
    const planned = materialise(workload, service, Date.now());
    const receiver = flow.receivers[0]!;
    const replyTo = (event: CloudEvent): CloudEvent | undefined => {
      const message = planned.identify(event.headers['ce-source'] ?? '', event.headers['ce-id'] ?? '', event.body);
      const script = workload.scripts.find((candidate) => candidate.message === message);
      const reply = planned.list[script?.answers[0]?.reply ?? -1]?.event;
      return reply && answered(event, reply);
    };
    const sink = new PlayedApplication((event) => {
      const reply = replyTo(event);
      return reply === undefined ? { status: 204 } : { status: 200, event: reply };
    });
    const source = new PlayedApplication();
    for (const [name, bytes] of await contentsOf(planned)) source.contents.set(name, bytes);
    await using space = await bus(service);
    await using receiving = await ReferenceProcess.start(space, service, receiver.application, sink);
    await using sending = await ReferenceProcess.start(space, service, flow.senders[0]!, source);
    expect([await sending.client.health(), await receiving.client.health()]).toEqual([200, 200]);
    for (const { message, event } of planned.list) {
      if (!flow.messages.some(({ name }) => name === message.type)) continue;
      const answer = await sending.client.send(event);
      if (flow.pattern !== 'request-reply') expect(answer).toEqual({ status: 202, reason: 'stored' });
      else expect(plain(answer.event!)).toEqual(plain(replyTo(event)!));
    }
    const expected = expectedOf(flow, planned);
    const missing = (): boolean => expected.some(({ headers }) => !sink.ids.includes(headers['ce-id'] ?? ''));
    while (missing()) await sink.until(sink.handed.length + 1);
    for (const event of expected) {
      const handed = sink.handed.filter((one) => one.event.headers['ce-id'] === event.headers['ce-id']);
      expect(handed.map((one) => plain(one.event))).toEqual([plain(event)]);
    }
    const inHex = (contents: ReadonlyMap<string, Uint8Array>) =>
      Object.fromEntries([...contents].map(([name, bytes]) => [name, hex(bytes)]));
    expect(inHex(sink.staged)).toEqual(inHex(source.contents));
    for (const { started } of [sending, receiving]) {
      started.send('SIGTERM');
      const { code, stdout, stderr } = await started.ended;
      expect([code, stderr]).toEqual([0, '']);
      const leaked = planned.list.flatMap(({ canaries }) => canaries).filter((canary) => stdout.includes(canary));
      expect(leaked).toEqual([]);
    }
  });
});

test('what the application sends in another mode, too large or wrong is refused without content', async () => {
  const { service, flow } = flows.find((candidate) => candidate.flow.id === 'custody-task/tasks')!;
  await using space = await bus(service);
  await using sending = await ReferenceProcess.start(space, service, flow.senders[0]!, new PlayedApplication());
  const planned = materialise(workloadOf(service, flow), service, Date.now());
  const { event } = planned.list[0]!;
  const refused = async (sent: CloudEvent) => {
    const { status, reason } = await sending.client.send(sent);
    return `${status} ${reason}`;
  };
  const changed = (headers: Record<string, string>): CloudEvent => ({
    ...event,
    headers: { ...event.headers, ...headers },
  });
  expect(await refused(changed({ 'ce-datacontenttype': 'application/cloudevents+json' }))).toBe('415 not-binary');
  expect(await refused({ ...event, body: new Uint8Array(flow.maxBytes + 1) })).toBe('413 too-large');
  expect(await refused({ ...event, body: new Uint8Array(5 * 1024 ** 2) })).toBe('413 too-large');
  expect(await refused(changed({ 'ce-type': 'Stranger' }))).toBe('422 unknown-type');
  expect(await refused(changed({ 'ce-time': 'yesterday' }))).toBe('422 invalid');
  expect(await refused(event)).toBe('202 stored');
  expect(await refused({ ...event, body: Buffer.concat([event.body, Buffer.from(' ')]) })).toBe('409 conflict');
  expect(await sending.client.health()).toBe(200);
});

describe('without a bus the reference adapter', () => {
  test('is there, unhealthy, answers 503, and ends with 0 when told to', async () => {
    const environment = await environmentOf('custody-task', 'custody', 'provider');
    await using started = startProgram(environment);
    await started.until(/^starting/m);
    using client = new AdapterClient(`http://127.0.0.1:${environment['LISTEN_PORT']!}`, { timeoutMs: 5000 });
    expect(await client.health()).toBe(503);
    expect(await client.send({ headers: { 'ce-id': 'a' }, body: new Uint8Array() })).toEqual({
      status: 503,
      reason: 'not-connected',
    });
    started.send('SIGTERM');
    expect((await started.ended).code).toBe(0);
  });

  test('does not start with a wrong environment, and says so in a line', async () => {
    const environment = await environmentOf('custody-task', 'custody', 'consumer');
    await using started = startProgram(environment);
    const { code, stdout, stderr } = await started.ended;
    expect([code, stdout, stderr]).toEqual([
      2,
      'cannot start: ROLE is consumer, and custody is a provider; set ROLE to provider\n',
      '',
    ]);
  });

  test('does not start on a port that is taken', async () => {
    const environment = await environmentOf('custody-task', 'custody', 'provider');
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(Number(environment['LISTEN_PORT']), resolve));
    await using started = startProgram(environment);
    const { code, stdout } = await started.ended;
    taken.close();
    expect([code, stdout]).toEqual([
      2,
      `cannot start: port ${environment['LISTEN_PORT']!} is taken; give another port\n`,
    ]);
  });
});
