import { NONE } from '../../harness/model/table.ts';
import type { PartialRow } from '../../harness/model/history.ts';
import type { Rows } from './build.ts';
import type { Case } from './cases.ts';
import { flows } from './flows.ts';
import type { World } from './world.ts';

const fan = flows['fan-out'];
export const ackWaitMs = 2000;
const queue = { ...flows['work-queue'], ackWaitMs };

const set = <T extends object>(row: T | undefined, cells: Partial<T>): void => {
  if (row === undefined) throw new Error('the history has no such row');
  Object.assign(row, cells);
};

export const onWire = (world: World, row: PartialRow<'wire'>): World =>
  world.wire({ application: 'sender', message: NONE, sequence: NONE, done: Number.NaN, ...row });

/** A publish whose acknowledgement is lost with the connection, and its repeat. */
export function lostAcknowledgement(world: World): number {
  const message = world.plan();
  const publish = { what: 'publish', message, messageId: `urn:sender m${String(message)}` } as const;
  onWire(world, { ...publish, outcome: 'info' });
  onWire(world, { what: 'cut', reason: 'lose-acknowledgement' });
  onWire(world, { what: 'close' });
  onWire(world, { what: 'connect', connection: 1 });
  const acknowledged = { outcome: 'ok', done: world.now + 2, stream: 'THINGS', sequence: 1, duplicate: 'yes' } as const;
  onWire(world, { ...publish, connection: 1, ...acknowledged });
  world.send(message).takeByAll(message);
  return message;
}

/** A publish whose acknowledgement does not come in time, nor does that of its repeat; its application is told so, and sends it again. */
export function lateAcknowledgement(world: World): number {
  const message = world.plan();
  const publish = { what: 'publish', message, messageId: `urn:sender m${String(message)}`, outcome: 'info' } as const;
  const at = world.now;
  onWire(world, publish);
  world.pass(2000);
  onWire(world, publish);
  world
    .pass(400)
    .send(message, { at, done: at + 2500, status: 504, outcome: 'info' }, { stores: false })
    .pass(600);
  onWire(world, { ...publish, outcome: 'ok', done: world.now + 2, stream: 'THINGS', sequence: 1, duplicate: 'yes' });
  world.send(message).takeByAll(message);
  return message;
}

/** Four publishes of which no acknowledgement comes: the bus takes the last two for another message, and their application is told that nobody knows. */
export function lastingSilence(world: World): number {
  const message = world.plan();
  const publish = { what: 'publish', message, messageId: `urn:sender m${String(message)}`, outcome: 'info' } as const;
  const at = world.now;
  for (let nth = 0; nth < 4; nth++) {
    onWire(world, publish);
    if (nth === 0) world.store(message).takeByAll(message);
    if (nth === 2)
      for (const one of world.store(message).receiversOf(message)) world.tell(message, one.application, 'ack');
    if (nth === 1) {
      const other = world.plan({ key: 'k1' });
      world.send(other).takeByAll(other);
    }
    world.pass(2000);
  }
  const answer = { at, done: world.now, status: 504, outcome: 'info' } as const;
  world.send(message, answer, { stores: false });
  return message;
}

const held = (world: World, row: PartialRow<'wire'>): World =>
  onWire(world, { application: 'one', stream: 'THINGS', consumer: 'one', ...row });

/** An item that one instance gives back, and another takes. */
export function givenBack(world: World): number {
  const message = world.plan();
  world.send(message);
  const sequence = world.stored;
  held(world, { what: 'delivery', sequence, deliveries: 1 });
  held(world, { what: 'acknowledgement', sequence, deliveries: 1, verb: 'in-progress' });
  world.hand(message, 'one', { status: 503 });
  held(world, { what: 'acknowledgement', sequence, deliveries: 1, verb: 'nak', delayMs: 100 });
  world.tell(message, 'one', 'nak', { deliveries: 1, delayMs: 100 }).pass(101);
  held(world, { what: 'delivery', instance: 1, sequence, deliveries: 2 });
  world.hand(message, 'one', { instance: 1, effect: 'yes' });
  held(world, { what: 'acknowledgement', instance: 1, sequence, deliveries: 2, verb: 'ack' });
  world.tell(message, 'one', 'ack', { deliveries: 2 });
  return message;
}

/** Two instances, of which one crashes with an item in hand. */
function crashed(world: World): void {
  for (const instance of [0, 1]) world.life('one', 'started', instance).life('one', 'ready', instance);
  world.pass(2 * ackWaitMs);
  const message = world.plan();
  world.send(message);
  held(world, { what: 'delivery', sequence: 1, deliveries: 1 });
  world.life('one', 'crashed', 0);
  held(world, { what: 'close' });
  world.pass(ackWaitMs - 10);
  held(world, { what: 'delivery', instance: 1, sequence: 1, deliveries: 2 });
  world.hand(message, 'one', { instance: 1 });
  held(world, { what: 'acknowledgement', instance: 1, sequence: 1, deliveries: 2, verb: 'ack' });
  world.tell(message, 'one', 'ack', { deliveries: 2 });
}

const wireOf = (rows: Rows, what: string, nth: number) => rows.wire.filter((row) => row.what === what)[nth];

/** What the wire between adapter and bus shows. */
export const casesOnTheWire: readonly Case[] = [
  {
    clause: 'DEL-2',
    flow: fan,
    holds: (world) => void lostAcknowledgement(world),
    breaks: {
      'a repeat has another message id': (rows) => set(wireOf(rows, 'publish', 1), { messageId: 'urn:sender other' }),
      'nothing has a message id': (rows) => {
        for (const row of rows.wire) row.messageId = '';
      },
      'the repeat is stored again': (_rows, world) => void world.store(0),
      'it never came onto the bus': (rows) => {
        rows.stored = [];
        set(rows.streamState[0], { first: 0, last: 0, messages: 0 });
      },
      'its application was told so without an acknowledgement': (rows) =>
        set(wireOf(rows, 'publish', 1), { outcome: 'info' }),
      'its application was told so before the bus had acknowledged it': (rows) =>
        set(wireOf(rows, 'publish', 1), { done: (rows.send[0]?.done ?? 0) + 10 }),
      'its adapter never connects again': (rows) => {
        rows.wire = rows.wire.filter((row) => row.what !== 'connect');
      },
    },
  },
  {
    clause: 'DEL-2',
    flow: fan,
    holds: (world) => void lateAcknowledgement(world),
    breaks: {
      'its application was told so before it was published again': (rows) => {
        set(wireOf(rows, 'publish', 1), { at: 2600 });
      },
      'its adapter did not publish it again before its application sent it again': (rows) => {
        set(wireOf(rows, 'publish', 1), { instance: 1 });
      },
    },
  },
  {
    clause: 'DEL-2',
    flow: { ...fan, dedupeWindowMs: 3000 },
    holds: (world) => void lastingSilence(world),
    breaks: {
      'another event waits for it': (rows) => set(rows.send[0], { done: (rows.send[1]?.done ?? 0) + 1 }),
      'its application was told that it is stored': (rows) => set(rows.send[1], { status: 202, outcome: 'ok' }),
      'it is stored twice within the window': (rows) => set(rows.stored[2], { storedAt: 1500 }),
    },
  },
  {
    clause: 'DEL-4',
    flow: queue,
    holds: (world) => void givenBack(world),
    breaks: {
      'it is given to another while its holder keeps silent': (rows) => {
        rows.wire = rows.wire.filter((row) => row.verb !== 'nak');
      },
      'it is given to another before its holder gives it back': (rows) => {
        const nak = rows.wire.find((row) => row.verb === 'nak');
        set(nak, { at: (wireOf(rows, 'delivery', 1)?.at ?? 0) + 5 });
      },
    },
  },
  {
    clause: 'DLQ-2',
    flow: queue,
    holds: (world) => void givenBack(world),
    breaks: {
      'the bus delivers it more often than declared': (rows) => {
        for (const row of rows.wire) if (row.instance === 1) row.deliveries = queue.attempts + 1;
      },
      'its application is asked twice for one delivery': (rows) => {
        const [first] = rows.delivery;
        rows.delivery.push({ ...first, at: (first?.done ?? 0) + 0.1, done: (first?.done ?? 0) + 0.2 });
      },
      'an attempt fails, and nothing is said of it': (rows) => {
        rows.wire = rows.wire.filter((row) => row.verb !== 'nak');
      },
      'it is given back with another delay': (rows) =>
        set(
          rows.wire.find(({ verb }) => verb === 'nak'),
          { delayMs: 50 },
        ),
      'it is delivered again before its delay is over': (rows) =>
        set(wireOf(rows, 'delivery', 1), { at: (rows.wire.find(({ verb }) => verb === 'nak')?.at ?? 0) + 50 }),
    },
  },
  {
    clause: 'DLQ-4',
    flow: queue,
    holds: (world) => void givenBack(world),
    breaks: {
      'its adapter acknowledges before its application has taken it, and the bus tells of it later': (rows) => {
        set(rows.delivery[1], { done: (rows.delivery[1]?.done ?? 0) + 10 });
        for (const row of [...rows.acknowledgement, ...rows.audit])
          if (row.deliveries === 2) set(row, { at: (row.at ?? 0) + 20 });
      },
    },
  },
  {
    clause: 'DEL-4',
    flow: queue,
    holds: crashed,
    breaks: {
      'it is given out long after its holder crashed': (rows) => {
        for (const row of [wireOf(rows, 'delivery', 0), rows.lifecycle.find(({ change }) => change === 'crashed')])
          set(row, { at: (row?.at ?? 0) - ackWaitMs });
      },
      'it is never given out again': (rows) => {
        rows.wire = rows.wire.filter((row) => row.instance !== 1);
      },
    },
  },
];
