import { describe, expect, test } from 'vitest';
import { conclude, verdictsOf, type JudgedTrial } from '../../harness/model/judgement.ts';
import { applies, type Catalogue, type Clause } from '../../harness/model/clause.ts';
import { exchangePatterns, type Flow } from '../../harness/model/flow.ts';
import { NONE } from '../../harness/model/table.ts';
import { check, checkers } from '../../harness/checkers/index.ts';
import { trialHeader } from '../fixtures/journal.ts';
import { contractOf, historyOf, type Rows } from './build.ts';
import { flows } from './flows.ts';
import { worldOf, type World } from './world.ts';

const fan = flows['fan-out'];
const ordered = flows['ordered-stream'];
const queue = flows['work-queue'];
const last = flows['last-value'];
const asks = flows['request-reply'];

type Tell = (world: World, rows: Rows) => void;
interface Anomaly {
  readonly name: string;
  readonly flow: Flow;
  /** What happens before the trial is drained. */
  readonly tell: Tell;
  /** What is changed of the whole history. */
  readonly change?: (rows: Rows) => void;
  /** The verdict on a clause that the trial claims. */
  readonly says: Readonly<Record<string, 'pass' | 'fail' | 'inconclusive' | 'not-tested'>>;
}

const clauseOf = (id: string): Clause => ({
  id,
  level: 'MUST',
  subjects: ['consumer'],
  text: id,
  why: id,
  patterns: exchangePatterns,
  guarantees: [],
  test: '',
  checker: checkers.find((checker) => checker.clauses.includes(id))?.name ?? '',
});
const catalogueOf = (ids: readonly string[]): Catalogue => ({
  clauses: ids.map(clauseOf),
  profiles: [],
  requirements: [],
});

function trialOf(flow: Flow, clauses: readonly string[], rows: Rows, id = 'trial'): JudgedTrial {
  return {
    header: trialHeader({ id, flow: flow.id, clauses }),
    complete: true,
    findings: check(contractOf(flow, clauses), historyOf(rows)),
  };
}

function verdicts({ flow, tell, change, says }: Anomaly): Record<string, string> {
  const ids = Object.keys(says);
  const { world, rows } = worldOf(flow);
  tell(world, rows);
  world.finish();
  change?.(rows);
  const found = verdictsOf(catalogueOf(ids), [flow], [trialOf(flow, ids, rows)]);
  return Object.fromEntries(found.map(({ clause, verdict }) => [clause, verdict]));
}

const five = (world: World): readonly number[] => {
  const messages = Array.from({ length: 5 }, () => world.plan());
  for (const message of messages) world.send(message);
  return messages;
};
const cut = <T extends object>(list: T[], which: (row: T) => boolean): void => {
  const at = list.findIndex(which);
  if (at < 0) throw new Error('the history has no such row');
  list.splice(at, 1);
};
const sequences = (world: World, count: number, key = 'k0'): readonly number[] =>
  Array.from({ length: count }, (_, at) => world.plan({ key, sequence: at + 1 }));

const anomalies: readonly Anomaly[] = [
  {
    name: 'a message in the middle is lost, and silently acknowledged',
    flow: queue,
    tell: (world) => {
      for (const message of five(world)) world.take(message, 'one');
    },
    change: (rows) => cut(rows.delivery, ({ message }) => message === 2),
    says: { 'DEL-1': 'pass', 'DEL-3': 'fail', 'DLQ-4': 'fail', 'AUD-1': 'pass' },
  },
  {
    name: 'a message in the middle is gone from the stream that had acknowledged it',
    flow: queue,
    tell: (world) => {
      for (const message of five(world)) world.take(message, 'one');
    },
    change: (rows) => cut(rows.stored, ({ message }) => message === 2),
    // What the observer did not see proves nothing of an absence; the stream's own count says that it holds it.
    says: { 'DEL-1': 'inconclusive' },
  },
  {
    name: 'a crash after the effect brings the message again, and the application ignores it',
    flow: queue,
    tell: (world) => {
      const message = world.plan();
      world.send(message).hand(message, 'one', { status: 0, effect: 'yes' }).life('one', 'crashed');
      world.life('one', 'started').life('one', 'ready').pass(2000);
      world.hand(message, 'one', { effect: 'no' }).tell(message, 'one', 'ack', { deliveries: 2 });
    },
    says: { 'DEL-3': 'pass', 'DUP-2': 'pass', 'DLQ-4': 'pass' },
  },
  {
    name: 'the same without a crash is a second handing-over after a 2xx',
    flow: queue,
    tell: (world) => {
      const message = world.plan();
      world.send(message).hand(message, 'one');
      world.hand(message, 'one', { effect: 'no' }).tell(message, 'one', 'ack', { deliveries: 2 });
    },
    says: { 'DUP-2': 'fail' },
  },
  {
    name: 'a phantom that nobody sent is handed over',
    flow: fan,
    tell: (world) => {
      const message = world.plan();
      world.send(message).takeByAll(message).hand(message, 'one', { message: NONE, id: 'phantom' });
    },
    says: { 'DEL-3': 'fail' },
  },
  {
    name: 'a redelivery comes before what follows it',
    flow: ordered,
    tell: (world) => {
      const [a = 0, b = 0] = sequences(world, 2);
      world.send(a).send(b);
      for (const application of ['one', 'two'])
        world
          .failOnce(a, application, 1)
          .hand(a, application)
          .tell(a, application, 'ack', { deliveries: 2 })
          .take(b, application);
    },
    says: { 'ORD-1': 'pass', 'ORD-2': 'not-tested', 'DLQ-2': 'pass' },
  },
  {
    name: 'a redelivery comes after what follows it',
    flow: ordered,
    tell: (world) => {
      const [a = 0, b = 0] = sequences(world, 2);
      world.send(a).send(b);
      for (const application of ['one', 'two'])
        world
          .failOnce(a, application, 1)
          .take(b, application)
          .hand(a, application)
          .tell(a, application, 'ack', { deliveries: 2 });
    },
    says: { 'ORD-1': 'fail', 'ORD-2': 'fail', 'DEL-3': 'pass' },
  },
  {
    name: 'a later sequence is handed over across a gap, and nothing is parked',
    flow: ordered,
    tell: (world) => {
      const [a = 0, , c = 0] = sequences(world, 3);
      world.send(a).send(c).takeByAll(a).takeByAll(c);
    },
    says: { 'ORD-2': 'fail' },
  },
  {
    name: 'what waits behind a gap is tried until its attempts are used up',
    flow: ordered,
    tell: (world, rows) => {
      const [, b = 0] = sequences(world, 2);
      world.send(b);
      for (const application of ['one', 'two']) {
        rows.advisory.push({
          at: world.now,
          kind: 'max-deliver',
          stream: 'THINGS',
          consumer: application === 'one' ? 'one-0' : 'two-0',
          sequence: 1,
          deliveries: 3,
        });
      }
    },
    change: (rows) => {
      for (const advisory of rows.advisory) {
        const partition = rows.stored[0]?.subject?.split('.')[1] ?? '0';
        advisory.consumer = (advisory.consumer ?? '').replace(/\d$/, partition);
      }
    },
    says: { 'ORD-2': 'fail' },
  },
  {
    name: 'an acknowledgement races with the last attempt, and either is believed',
    flow: queue,
    tell: (world, rows) => {
      const message = world.plan();
      world.send(message).hand(message, 'one').tell(message, 'one', 'ack', { deliveries: 3 });
      rows.advisory.push({
        at: world.now,
        kind: 'max-deliver',
        stream: 'THINGS',
        consumer: 'one',
        sequence: 1,
        deliveries: 3,
      });
    },
    says: { 'DEL-3': 'pass', 'DLQ-1': 'not-tested', 'DLQ-4': 'pass', 'AUD-1': 'pass' },
  },
  {
    name: 'an acknowledgement comes after a termination, and the termination counts',
    flow: queue,
    tell: (world) => {
      const message = world.plan();
      world.send(message).hand(message, 'one', { status: 422 }).tell(message, 'one', 'term', { reason: 'rejected' });
      world.tell(message, 'one', 'nak');
    },
    change: (rows) => void rows.acknowledgement.push({ ...rows.acknowledgement[0], at: 50, verb: 'ack', reason: '' }),
    says: { 'DLQ-1': 'pass', 'DLQ-4': 'pass', 'AUD-1': 'pass' },
  },
  {
    name: 'attempts are used up long before the acknowledgement comes, and both are kept',
    flow: queue,
    tell: (world) => {
      const message = world.plan();
      world.send(message).exhaust(message, 'one').pass(1000);
    },
    change: (rows) =>
      void rows.acknowledgement.push({
        at: 900,
        stream: 'THINGS',
        consumer: 'one',
        application: 'one',
        sequence: 1,
        deliveries: 3,
        verb: 'ack',
      }),
    says: { 'DLQ-4': 'fail' },
  },
  {
    name: 'the audit trail has as many records as it should, and one of them of another sequence',
    flow: queue,
    tell: (world) => {
      for (const message of five(world)) world.take(message, 'one');
    },
    change: (rows) => {
      const settled = rows.audit.filter(({ change }) => change === 'settled');
      Object.assign(settled[1] ?? {}, { streamSequence: settled[0]?.streamSequence });
    },
    says: { 'AUD-1': 'fail', 'AUD-4': 'pass', 'DLQ-4': 'pass' },
  },
  {
    name: 'as many messages are settled as were stored, and one of them twice',
    flow: queue,
    tell: (world) => {
      for (const message of five(world)) world.take(message, 'one');
    },
    change: (rows) => Object.assign(rows.acknowledgement[1] ?? {}, { sequence: rows.acknowledgement[0]?.sequence }),
    says: { 'DLQ-4': 'fail' },
  },
  {
    name: 'an observer has not caught up, and the record that is missing proves nothing',
    flow: queue,
    tell: (world) => {
      for (const message of five(world)) world.take(message, 'one');
    },
    change: (rows) => {
      cut(rows.audit, ({ change }) => change === 'settled');
      for (const wait of rows.wait) if (wait.what === 'observer') wait.reached = 'no';
    },
    says: { 'AUD-1': 'inconclusive', 'DEL-3': 'inconclusive' },
  },
  {
    name: 'a loss in a trial that was not drained is no failure, and no pass',
    flow: queue,
    tell: (world) => {
      for (const message of five(world)) world.take(message, 'one');
    },
    change: (rows) => {
      cut(rows.delivery, ({ message }) => message === 4);
      for (const wait of rows.wait) if (wait.what === 'drain') wait.reached = 'no';
    },
    says: { 'DEL-3': 'inconclusive', 'DLQ-4': 'inconclusive' },
  },
  {
    name: 'trouble of the harness leaves nothing a pass',
    flow: queue,
    tell: (world, rows) => {
      for (const message of five(world)) world.take(message, 'one');
      rows.problem.push({ at: 1, where: 'observers', what: 'the tap threw' });
    },
    says: { 'ENV-1': 'inconclusive', 'DEL-1': 'inconclusive', 'DEL-3': 'inconclusive', 'AUD-4': 'inconclusive' },
  },
  {
    name: 'a fault that never took leaves nothing a pass',
    flow: queue,
    tell: (world, rows) => {
      for (const message of five(world)) world.take(message, 'one');
      rows.fault.push({ at: 1, done: 2, kind: 'kill', target: 'node 1', took: 'no' });
    },
    says: { 'DEL-1': 'inconclusive', 'DEL-3': 'inconclusive' },
  },
  {
    name: 'a history with sends alone, none of them answered',
    flow: queue,
    tell: (world) => {
      for (let at = 0; at < 3; at++) world.send(world.plan(), { status: 0, outcome: 'info' });
    },
    says: { 'ENV-1': 'inconclusive', 'DEL-1': 'inconclusive', 'DEL-3': 'inconclusive', 'DLQ-4': 'inconclusive' },
  },
  {
    name: 'an adapter that is never able to publish one of many events',
    flow: fan,
    tell: (world) => {
      const message = world.plan();
      world.send(message).takeByAll(message);
      const never = world.plan();
      for (let at = 0; at < 5; at++) world.send(never, { status: 503, reason: 'unavailable' });
    },
    says: { 'DEL-1': 'inconclusive', 'DEL-3': 'inconclusive' },
  },
  {
    name: 'an adapter that stores an event, and never says so',
    flow: queue,
    tell: (world) => {
      const message = world.plan();
      for (let at = 0; at < 5; at++) world.send(message, { status: 503, reason: 'unavailable' });
      world.store(message).take(message, 'one');
    },
    says: { 'DEL-1': 'inconclusive', 'DEL-3': 'inconclusive' },
  },
  {
    name: 'a publish without an acknowledgement that was stored is recovered, and no duplicate',
    flow: queue,
    tell: (world) => {
      const message = world.plan();
      world.send(message, { status: 504, reason: 'unacknowledged' }).store(message);
      world.send(message, {}, { stores: false }).take(message, 'one');
    },
    says: { 'DEL-1': 'pass', 'DEL-3': 'pass', 'DLQ-4': 'pass' },
  },
  {
    name: 'nothing happened, and all of it was observed',
    flow: fan,
    tell: () => undefined,
    says: {
      'ENV-1': 'not-tested',
      'DEL-1': 'not-tested',
      'DEL-3': 'not-tested',
      'DLQ-4': 'not-tested',
      'AUD-4': 'not-tested',
    },
  },
  {
    name: 'an older value is handed over by an adapter that was started again, and knows no better',
    flow: last,
    tell: (world) => {
      const [newer, older] = [world.plan({ time: 100 }), world.plan({ time: 50 })];
      world.inject(newer).takeByAll(newer);
      for (const application of ['one', 'two'])
        world.life(application, 'crashed').life(application, 'started').life(application, 'ready');
      world.inject(older).takeByAll(older);
    },
    says: { 'ORD-4': 'pass', 'DEL-3': 'pass' },
  },
  {
    name: 'a body of exactly the limit is never taken by the bus',
    flow: fan,
    tell: (world) => {
      const message = world.plan({ bytes: 1000 });
      world.send(message, { status: 503, reason: 'refused' });
    },
    says: { 'SCH-4': 'fail' },
  },
  {
    name: 'a request is told 504 while nobody was there to answer',
    flow: asks,
    tell: (world) => {
      world.life('one', 'started').life('one', 'ready').life('one', 'stopping').life('one', 'ended').pass(200);
      world.send(world.plan(), { status: 504, reason: 'no-reply' });
    },
    says: { 'REP-1': 'pass', 'REP-3': 'fail' },
  },
  {
    name: 'a refusal that an adapter made names another event as its cause',
    flow: { ...queue, refusal: 'Refusal' },
    tell: (world) => {
      const message = world.plan();
      world.send(message).take(message, 'one');
    },
    change: (rows) => {
      rows.stored.push({
        ...rows.stored[0],
        sequence: 2,
        message: NONE,
        type: 'Refusal',
        id: 'm0-refused',
        chainIntact: 'no',
      });
      for (const state of rows.streamState) Object.assign(state, { last: 2, messages: 2 });
    },
    says: { 'ENV-4': 'fail' },
  },
];

describe('the verdict on a history with a known anomaly', () => {
  test.each(anomalies)('$name', (anomaly) => {
    expect(verdicts(anomaly)).toEqual(anomaly.says);
  });
});

test('a failure counts in whatever trial it is seen, though that trial claimed another clause', () => {
  const told = (tell: Tell): Rows => {
    const { world, rows } = worldOf(queue);
    tell(world, rows);
    world.finish();
    return rows;
  };
  const well = told((world) => five(world).forEach((message) => world.take(message, 'one')));
  const broken = told((world) => five(world).forEach((message) => world.take(message, 'one')));
  cut(broken.delivery, ({ message }) => message === 2);
  const catalogue = catalogueOf(['DEL-3', 'ENV-1']);
  const trials = [trialOf(queue, ['DEL-3'], well, 'well'), trialOf(queue, ['ENV-1'], broken, 'broken')];
  const found = verdictsOf(catalogue, [queue], trials);
  expect(found.map(({ clause, verdict }) => [clause, verdict])).toEqual([
    ['DEL-3', 'fail'],
    ['ENV-1', 'pass'],
  ]);
  const claim = { profile: 'core', clauses: ['DEL-3', 'ENV-1'], narrowed: '' };
  expect(conclude(catalogue, claim, found, trials)).toMatchObject({ answer: 'does not hold', exitCode: 1 });
  expect(catalogue.clauses.every((clause) => applies(clause, queue))).toBe(true);
});
