import type { PartialRow } from '../../harness/model/history.ts';
import { NONE } from '../../harness/model/table.ts';
import type { Rows } from './build.ts';
import type { Case } from './cases.ts';
import { filtered, flows } from './flows.ts';
import type { World } from './world.ts';

/** Two receivers would each have rows of their own. */
const alone = { receivers: [{ application: 'one', filter: {} }] } as const;
const ordered = { ...flows['ordered-stream'], ...alone };
const last = { ...flows['last-value'], ...alone };
const refusing = { ...filtered, ...alone, badInput: 'refuse', refusal: 'Refusal' } as const;

const onWire = (world: World, row: PartialRow<'wire'>): World =>
  world.wire({ application: 'one', message: NONE, sequence: NONE, done: Number.NaN, ...row });

const held = (world: World, message: number, row: PartialRow<'wire'>): World =>
  onWire(world, { stream: 'THINGS', consumer: world.consumerOf(message, 'one'), sequence: world.stored, ...row });

/** A publish of the adapter's own, which the bus has acknowledged before the next thing happens. */
function publishes(world: World, row: PartialRow<'wire'>): void {
  onWire(world, { what: 'publish', outcome: 'ok', stream: 'KV', sequence: 1, ...row, done: world.now + 2 });
  world.pass(3);
}

function keeps(world: World, deliveries = 1): void {
  const message = world.plan({ key: 'k0', sequence: 1 });
  world.send(message);
  held(world, message, { what: 'delivery', deliveries });
  world.hand(message, 'one');
  publishes(world, { subject: '$KV.STATE.one.k0' });
  held(world, message, { what: 'acknowledgement', verb: 'ack', deliveries });
  world.tell(message, 'one', 'ack', { deliveries });
}

/** The acknowledgement of what is kept is lost with the connection, and the adapter that starts anew acknowledges unseen. */
function keepsOverACrash(world: World): void {
  world.life('one', 'started').life('one', 'ready');
  const message = world.plan({ key: 'k0', sequence: 1 });
  world.send(message);
  held(world, message, { what: 'delivery', deliveries: 1 });
  world.hand(message, 'one');
  publishes(world, { subject: '$KV.STATE.one.k0' });
  world.life('one', 'crashed');
  onWire(world, { what: 'close' });
  world.life('one', 'started').life('one', 'ready').pass(2000);
  held(world, message, { what: 'delivery', deliveries: 2, connection: 1 });
  world.pass(5);
  held(world, message, { what: 'acknowledgement', verb: 'ack', deliveries: 2, connection: 1 });
  world.tell(message, 'one', 'ack', { deliveries: 2 });
}

/** An older value comes late, past its sender's check: it is acknowledged unseen, with a notice. */
function outdated(world: World): void {
  const [newer, older] = [world.plan({ key: 'k0', time: 20 }), world.plan({ key: 'k0', time: 10 })];
  const messageId = `urn:sender m${String(newer)}`;
  publishes(world, { application: 'sender', message: newer, messageId, stream: 'THINGS', expected: 0 });
  world.send(newer).take(newer, 'one');
  world.inject(older);
  held(world, older, { what: 'delivery', deliveries: 1 });
  publishes(world, { subject: 'notice.one', message: older });
  world.notice(older, 'one', 'superseded');
  held(world, older, { what: 'acknowledgement', verb: 'ack', deliveries: 1 });
  world.tell(older, 'one', 'ack');
}

const set = <T extends object>(row: T, cells: Partial<T>): void => void Object.assign(row, cells);
const published = (rows: Rows, subject: string) => rows.wire.find((row) => row.subject === subject);
const acknowledged = (rows: Rows) => rows.wire.find(({ verb }) => verb === 'ack');

/** What is stored before a message is settled, as the wire shows it. */
export const casesOfSettling: readonly Case[] = [
  {
    clause: 'ORD-2',
    flow: ordered,
    holds: keeps,
    breaks: {
      'an event is acknowledged before its sequence is stored': (rows) => {
        const put = published(rows, '$KV.STATE.one.k0');
        if (put !== undefined) put.done = (acknowledged(rows)?.at ?? 0) + 1;
      },
      'an event is acknowledged, and its sequence is stored nowhere': (rows) => {
        rows.wire = rows.wire.filter(({ what }) => what !== 'publish');
      },
      'it is the sequence of another key that is stored': (rows) => {
        const put = published(rows, '$KV.STATE.one.k0');
        if (put !== undefined) put.subject = '$KV.STATE.one.k1';
      },
    },
  },
  {
    clause: 'DUP-2',
    flow: ordered,
    holds: keepsOverACrash,
    breaks: {
      'what the state bucket says was taken is handed over again': (rows) => {
        const [first] = rows.delivery;
        const at = (rows.wire.find(({ deliveries }) => deliveries === 2)?.at ?? 0) + 1;
        rows.delivery.push({ ...first, at, done: at + 1, time: 2, effect: 'no' });
      },
    },
  },
  {
    clause: 'DLQ-4',
    flow: flows['work-queue'],
    holds: (world) => {
      const message = world.plan();
      world.send(message);
      held(world, message, { what: 'delivery', deliveries: 1 });
      world.hand(message, 'one');
      held(world, message, { what: 'acknowledgement', verb: 'ack', deliveries: 1 });
      world.tell(message, 'one', 'ack').pass(2200);
    },
    breaks: {
      'what was taken is left to the ack wait, and acknowledged when it comes again': (rows) => {
        const [delivered] = rows.wire;
        const again = { ...delivered, at: 2100, deliveries: 2 };
        for (const row of rows.wire) if (row.verb === 'ack') set(row, { at: 2105, deliveries: 2 });
        rows.wire.push(again);
        for (const row of [...rows.acknowledgement, ...rows.audit])
          if (row.deliveries === 1) set(row, { at: 2106, deliveries: 2 });
      },
    },
  },
  {
    clause: 'DLQ-4',
    flow: last,
    holds: outdated,
    breaks: {
      'an older value is acknowledged before its notice is stored': (rows) => {
        const notice = published(rows, 'notice.one');
        if (notice !== undefined) notice.done = (acknowledged(rows)?.at ?? 0) + 1;
      },
      'the bus is not asked to acknowledge a notice': (rows) =>
        void Object.assign(published(rows, 'notice.one') ?? {}, { outcome: 'info', done: Number.NaN }),
    },
  },
  {
    clause: 'ORD-4',
    flow: last,
    holds: outdated,
    breaks: {
      'a value is published without the last sequence that it follows': (rows) => {
        for (const row of rows.wire) if (row.application === 'sender') row.expected = NONE;
      },
    },
  },
  {
    clause: 'DLQ-1',
    flow: refusing,
    holds: (world) => {
      const message = world.plan({ key: 'k0' });
      world.send(message);
      held(world, message, { what: 'delivery', deliveries: 1 });
      world.hand(message, 'one', { status: 422 });
      publishes(world, { messageId: `urn:application:one m${String(message)}-refused` });
      world.refuse(message, 'one');
      held(world, message, { what: 'acknowledgement', verb: 'term', reason: 'rejected', deliveries: 1 });
      world.tell(message, 'one', 'term', { reason: 'rejected' });
    },
    breaks: {
      'it is given up before the refusal is stored': (rows) => {
        const end = rows.wire.find(({ verb }) => verb === 'term');
        const told = rows.wire.find(({ what }) => what === 'publish');
        if (told !== undefined) told.done = (end?.at ?? 0) + 1;
      },
    },
  },
];
