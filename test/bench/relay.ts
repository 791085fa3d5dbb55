/**
 * What the relay adds to a message: a publish and its acknowledgement, straight and through a relay by turns, one after the other,
 * in one process. Two messages cross the relay in each round. The aim is less than 0.2 ms a message at the median. It prints
 * figures and asserts nothing. `node test/bench/relay.ts [rounds]`
 */
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { WireFaults } from '../../harness/adapters/relay/faults.ts';
import { Holds } from '../../harness/adapters/relay/holds.ts';
import { Relay } from '../../harness/adapters/relay/relay.ts';
import { startProcess } from '../../harness/bus/runtime/process.ts';
import { admin } from '../../harness/bus/security/spec.ts';
import { loadContracts } from '../../harness/contracts/index.ts';
import { startClock } from '../../harness/engine/clock.ts';
import { HistoryBuilder } from '../../harness/model/history.ts';
import { NONE } from '../../harness/model/table.ts';
import { topologyOf } from '../../harness/patterns/topology.ts';

const rounds = Number(process.argv[2] ?? 5000);
const warmUp = 500;
const bodyBytes = 1000;

const { services } = await loadContracts('contracts', ['unit-state']);
const [service] = services;
if (service === undefined) throw new Error('there is no service unit-state');
const history = new HistoryBuilder();
const { now } = startClock();
const trial = {
  history,
  now,
  identify: () => NONE,
  holds: new Holds(),
  faults: new WireFaults([], { history, now, senderOf: () => '' }),
};

await using bus = await startProcess();
await using namespace = await bus.namespace(topologyOf(service));
await using relay = await Relay.open({
  url: namespace.url,
  application: admin,
  instance: 0,
  trial: () => trial,
});
const straight = await connect(namespace.connectionOptions(admin));
const relayed = await connect({ ...namespace.connectionOptions(admin), servers: relay.url });
const jsm = await jetstreamManager(straight);
await jsm.streams.add({ name: 'BENCH', subjects: ['bench'], storage: 'memory' });

const body = new Uint8Array(bodyBytes);
async function timeOf(connection: NatsConnection, round: number): Promise<number> {
  const own = headers();
  own.set('ce-source', 'urn:bench');
  own.set('ce-id', String(round));
  const began = performance.now();
  await connection.request('bench', body, { headers: own, timeout: 2000 });
  return performance.now() - began;
}

const times = { straight: [] as number[], relayed: [] as number[] };
for (let round = -warmUp; round < rounds; round++) {
  const [first, second] = round % 2 === 0 ? ([straight, relayed] as const) : ([relayed, straight] as const);
  const [one, other] = [await timeOf(first, round), await timeOf(second, round)];
  if (round < 0) continue;
  times.straight.push(first === straight ? one : other);
  times.relayed.push(first === straight ? other : one);
}
await Promise.all([straight.close(), relayed.close()]);

const at = (list: readonly number[], share: number): number =>
  list.toSorted((a, b) => a - b)[Math.floor(share * (list.length - 1))] ?? Number.NaN;
const [direct, through] = [at(times.straight, 0.5), at(times.relayed, 0.5)];
console.log(
  `publish and acknowledgement, ${String(bodyBytes)} bytes, ${String(rounds)} rounds: median ${direct.toFixed(3)} ms straight, ` +
    `${through.toFixed(3)} ms through the relay, ${(through / direct).toFixed(2)} times as long; 99th percentile ` +
    `${at(times.straight, 0.99).toFixed(3)} and ${at(times.relayed, 0.99).toFixed(3)} ms`,
);
console.log(`the relay adds ${((through - direct) / 2).toFixed(3)} ms a message at the median`);
