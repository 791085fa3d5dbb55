import { endWithinMs, unasked } from '../../harness/model/ending.ts';
import { NONE } from '../../harness/model/table.ts';
import type { Rows } from './build.ts';
import type { Case } from './cases.ts';
import { flows } from './flows.ts';
import type { World } from './world.ts';

const fan = flows['fan-out'];
const asks = flows['request-reply'];
const refuseMs = 900;

const set = <T extends object>(row: T | undefined, cells: Partial<T>): void => {
  if (row === undefined) throw new Error('the history has no such row');
  Object.assign(row, cells);
};
const lifeOf = (rows: Rows, change: string) => rows.lifecycle.find((row) => row.change === change);

/** An instance that is told to end while its application is asked, and comes back. */
export function toldToEnd(world: World): void {
  world
    .pass(2 * endWithinMs)
    .life('one', 'started')
    .life('one', 'ready');
  const [inHand, meanwhile] = [world.plan(), world.plan()];
  world.send(inHand).life('one', 'stopping').pass(400).send(meanwhile).pass(100);
  // Asked before it was told to end, and answered after.
  world.hand(inHand, 'one', { at: world.now - 520 }).tell(inHand, 'one', 'ack');
  world.life('one', 'ended').life('one', 'started').life('one', 'ready');
  world.take(inHand, 'two').take(meanwhile, 'one').take(meanwhile, 'two');
}

/** An instance that is told to end while its application is asked, another instance goes on, and another application too. */
function toldToEndAmongOthers(world: World): void {
  world.pass(2 * endWithinMs);
  for (const instance of [0, 1]) world.life('one', 'started', instance).life('one', 'ready', instance);
  const [before, own, failed, others] = [world.plan(), world.plan(), world.plan(), world.plan()];
  const meanwhile = world.plan();
  world.send(before).takeByAll(before).send(own).send(failed).send(others).pass(20);
  const asked = world.now;
  world.pass(20).life('one', 'stopping').pass(300).send(meanwhile).pass(100);
  world.hand(own, 'one', { at: asked }).tell(own, 'one', 'ack');
  world
    .hand(failed, 'one', { at: asked + 1, status: 503 })
    .tell(failed, 'one', 'nak', { delayMs: world.flow.backoffMs[0] ?? 0 });
  world.hand(meanwhile, 'one', { instance: 1 }).take(meanwhile, 'two').life('one', 'ended');
  // In the hands of the others all the while.
  world
    .hand(others, 'one', { at: asked + 2, instance: 1 })
    .tell(others, 'one', 'ack')
    .tell(meanwhile, 'one', 'ack');
  world.pass(world.flow.backoffMs[0] ?? 0);
  world.hand(failed, 'one', { instance: 1 }).tell(failed, 'one', 'ack', { deliveries: 2 });
  for (const message of [own, failed, others]) world.take(message, 'two');
}

/** A sending adapter that is told to end while its application waits for an answer, and comes back. */
function answersBeforeItLeaves(world: World): void {
  world.life('sender', 'started').life('sender', 'ready').pass(100);
  const [inHand, late] = [world.plan(), world.plan()];
  const asked = world.now;
  world.pass(400).life('sender', 'stopping');
  const told = world.now;
  world
    .pass(300)
    .send(inHand, { at: asked })
    .send(late, { at: told - 10 });
  world.life('sender', 'ended').life('sender', 'started').life('sender', 'ready');
  for (const message of [inHand, late]) world.takeByAll(message);
}

/** An adapter that is started while no connection of it is taken. */
function startedWithoutABus(world: World): void {
  world.life('sender', 'started').hold('sender', 300, 'refuse').life('sender', 'ready');
  const message = world.plan();
  world.send(message).takeByAll(message);
}

/** An adapter that is started while messages to it are held back. */
function startedSlowly(world: World): void {
  world.life('one', 'started').hold('one', 700).life('one', 'ready');
  const message = world.plan();
  world.send(message).takeByAll(message);
}

/** An instance that is cut off, asked for its health, and comes back to what was stored meanwhile. */
export function wasCutOff(world: World): void {
  world.life('one', 'started').life('one', 'ready');
  const from = world.now;
  world.cut('one', refuseMs);
  const message = world.plan();
  world.pass(700).health('one', 503);
  if (world.flow.stream !== undefined) world.send(message);
  world.pass(from + refuseMs + 200 - world.now);
  world.wire({ application: 'one', what: 'connect', message: NONE, sequence: NONE, done: Number.NaN });
  if (world.flow.stream === undefined) {
    world.ask(message, world.plan({ type: 'Reply', role: 'reply', source: 'urn:one' }));
  } else {
    world.wire({
      application: 'one',
      what: 'delivery',
      stream: 'THINGS',
      consumer: 'one',
      message,
      sequence: 1,
      deliveries: 1,
      done: Number.NaN,
    });
    world.takeByAll(message);
  }
  world.health('one', 200);
}

/** A content of 20 MiB that goes through both adapters by the mebibyte. */
export function streamed(world: World): void {
  const message = world.plan({ contents: 1 });
  const step = 1024 ** 2;
  const chunk = { message: NONE, sequence: NONE, done: Number.NaN, bytes: step, subject: '$O.BUNDLES.C.one' } as const;
  for (let count = 1; count <= 20; count++)
    world
      .transfer({ application: 'sender', way: 'taken', message, bytes: count * step })
      .wire({ application: 'sender', what: 'publish', ...chunk });
  world.send(message);
  for (let count = 1; count <= 20; count++)
    world
      .wire({ application: 'one', what: 'delivery', ...chunk })
      .transfer({ application: 'one', way: 'given', message, bytes: count * step });
  world.content(message, 0).takeByAll(message);
}

/** How an adapter ends, and how it comes back. */
export const casesOfLife: readonly Case[] = [
  {
    clause: 'LIF-1',
    flow: fan,
    holds: toldToEnd,
    breaks: {
      'it had to be killed': (rows) => set(lifeOf(rows, 'ended'), { reason: 'did not end within 10000 ms of SIGTERM' }),
      'it ends with another code than 0': (rows) =>
        set(lifeOf(rows, 'ended'), { reason: 'ended with exit code 3, not with 0' }),
      'it takes longer than it has': (rows) =>
        set(lifeOf(rows, 'stopping'), { at: (lifeOf(rows, 'ended')?.at ?? 0) - 1.2 * endWithinMs }),
      'it leaves before its application has answered': (rows) => set(rows.delivery[0], { outcome: 'info', status: 0 }),
      'it does not tell the bus what its application has taken': (rows) => {
        const ended = lifeOf(rows, 'ended')?.at ?? 0;
        for (const row of rows.acknowledgement) if ((row.at ?? 0) < ended) row.at = ended + 150;
      },
      'it takes what comes after it was told to end': (rows) =>
        set(
          rows.delivery.find(({ message, application }) => message === 1 && application === 'one'),
          {
            at: (lifeOf(rows, 'ended')?.at ?? 0) - 1,
          },
        ),
    },
  },
  {
    clause: 'LIF-1',
    flow: fan,
    holds: toldToEndAmongOthers,
    breaks: {
      'it does not tell the bus what its application has taken': (rows) => {
        const ended = lifeOf(rows, 'ended')?.at ?? 0;
        // After the two of the message before.
        set(rows.acknowledgement[2], { at: ended + 150 });
      },
      'it takes what the other instance took': (rows) =>
        set(
          rows.delivery.find(({ message, application }) => message === 4 && application === 'one'),
          { instance: 0 },
        ),
    },
  },
  {
    clause: 'LIF-1',
    flow: asks,
    holds: (world) => {
      world.life('one', 'started').life('one', 'ready').life('one', 'stopping').life('one', 'ended');
    },
    breaks: {
      'it had to be killed': (rows) => set(lifeOf(rows, 'ended'), { reason: 'did not end' }),
      'it ends though nobody has told it to': (rows) =>
        set(lifeOf(rows, 'ended'), { change: 'failed', reason: `the adapter ended with exit code 1, ${unasked}` }),
    },
  },
  {
    clause: 'LIF-2',
    flow: fan,
    holds: wasCutOff,
    breaks: {
      'what was stored meanwhile comes long after it could connect again': (rows) => {
        const fault = rows.fault[0];
        for (const row of [
          ...rows.wire,
          ...rows.delivery,
          ...rows.acknowledgement,
          ...rows.wait,
          ...rows.lag,
          ...rows.lifecycle,
        ])
          if ((row.at ?? 0) > (fault?.done ?? 0)) row.at = (row.at ?? 0) + 7000;
        set(rows.lag[0], { intervalMs: (rows.lag[0]?.intervalMs ?? 0) + 7000 });
      },
      'it forgets a consumer, and what is stored for it is never given to it': (rows) => {
        rows.wire = rows.wire.filter(({ what }) => what !== 'delivery');
        rows.delivery = rows.delivery.filter(({ application }) => application !== 'one');
        rows.acknowledgement = rows.acknowledgement.filter(({ application }) => application !== 'one');
        for (const row of rows.wait) row.done = (row.done ?? 0) + 9000;
        for (const row of rows.lag) set(row, { at: (row.at ?? 0) + 9000, intervalMs: (row.intervalMs ?? 0) + 9000 });
      },
    },
  },
  ...[fan, asks].map((flow): Case => ({
    clause: 'LIF-3',
    flow,
    holds: wasCutOff,
    breaks: {
      'it says that it is well while it is cut off': (rows) => set(rows.health[0], { status: 200 }),
      'it gives no answer while it is cut off': (rows) => set(rows.health[0], { status: 0 }),
      'it is never well again': (rows) => {
        set(rows.health[1], {
          status: 503,
          at: (rows.health[1]?.at ?? 0) + 6000,
          done: (rows.health[1]?.at ?? 0) + 6001,
        });
        for (const row of rows.lag) set(row, { at: (row.at ?? 0) + 9000, intervalMs: (row.intervalMs ?? 0) + 9000 });
      },
    },
  })),
  {
    clause: 'LIF-3',
    flow: fan,
    holds: startedWithoutABus,
    breaks: {
      'it says that it is well before it can be connected': (rows) =>
        set(
          rows.lifecycle.find(({ change }) => change === 'ready'),
          { at: (rows.fault[0]?.done ?? 0) - 1 },
        ),
    },
  },
  {
    clause: 'LIF-1',
    flow: fan,
    holds: answersBeforeItLeaves,
    breaks: {
      'it leaves its application without an answer': (rows) => set(rows.send[0], { status: 0, outcome: 'info' }),
    },
  },
  {
    clause: 'LIF-3',
    flow: fan,
    holds: startedSlowly,
    breaks: {
      'it says that it is well before it can have found its consumers': (rows) =>
        set(
          rows.lifecycle.find(({ change }) => change === 'ready'),
          { at: (rows.fault[0]?.done ?? 0) - 1 },
        ),
    },
  },
  {
    clause: 'LIF-4',
    flow: flows['claim-check'],
    holds: streamed,
    breaks: {
      'a provider takes all of it before it sends any': (rows) => {
        const last = rows.transfer.findLast(({ way }) => way === 'taken')?.at ?? 0;
        for (const row of rows.wire) if (row.what === 'publish') row.at = last + 1;
      },
      'a consumer takes all of it before it gives any': (rows) => {
        const last = rows.wire.findLast(({ what }) => what === 'delivery')?.at ?? 0;
        for (const row of rows.transfer) if (row.way === 'given') row.at = last + 1;
      },
    },
  },
  {
    clause: 'SEC-4',
    flow: fan,
    holds: (world) => {
      world.wire({ application: 'one', what: 'connect' });
      // Again after a reconnect.
      for (let times = 0; times < 2; times++)
        world.wire({ application: 'one', what: 'subscribe', subject: '_INBOX_one.reply.a.*' });
      world.wire({ application: 'one', instance: 1, what: 'subscribe', subject: '_INBOX_one.reply.b.*' });
    },
    breaks: {
      'two instances listen to one inbox': (rows) => {
        for (const row of rows.wire) if (row.what === 'subscribe') row.subject = '_INBOX_one.reply.fixed.*';
      },
      'it listens to the same inbox when it is started again': (rows) => {
        rows.lifecycle.push({ at: -1, application: 'one', change: 'started' });
        rows.lifecycle.push({ at: (rows.wire[2]?.at ?? 0) - 0.5, application: 'one', change: 'started' });
      },
      'it subscribes to the inbox of another': (rows) =>
        void rows.wire.push({
          at: 5,
          application: 'one',
          what: 'error',
          reason: `'Permissions Violation for Subscription to "_INBOX_two.>"'`,
        }),
      'it publishes a dead letter': (rows) =>
        void rows.wire.push({
          at: 5,
          application: 'one',
          what: 'error',
          reason: `'Permissions Violation for Publish to "dead-letter.x"'`,
        }),
    },
  },
];
