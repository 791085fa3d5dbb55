import { NONE } from '../../harness/model/table.ts';
import { watchedLong, type Rows } from './build.ts';
import type { Case } from './cases.ts';
import { flows } from './flows.ts';
import type { World } from './world.ts';

const fan = flows['fan-out'];
const last = flows['last-value'];
const queue = flows['work-queue'];
const bundles = flows['claim-check'];
const refusing = { ...bundles, badInput: 'refuse' } as const;
const once = flows['at-most-once'];
const asks = flows['request-reply'];

const set = <T extends object>(row: T | undefined, cells: Partial<T>): void => {
  if (row === undefined) throw new Error('the history has no such row');
  Object.assign(row, cells);
};
const one = (world: World, row = {}): void => {
  const message = world.plan(row);
  world.send(message).takeByAll(message);
};
const asked = (world: World): void => {
  world.life('one', 'started').life('one', 'ready');
  const request = world.plan();
  world.ask(request, world.plan({ type: 'Reply', role: 'reply', source: 'urn:one' }));
};
const givenUp = (world: World): void => {
  const [rejected, invalid] = [world.plan({ key: 'k0' }), world.plan({ key: 'k1', violation: 'schema:type:/a' })];
  world.send(rejected).hand(rejected, 'one', { status: 422 }).tell(rejected, 'one', 'term', { reason: 'rejected' });
  world.inject(invalid).tell(invalid, 'one', 'term', { reason: 'invalid' });
};
const calling =
  (at: number, reason: string) =>
  (rows: Rows): void => {
    set(rows.acknowledgement[at], { reason });
    set(rows.deadLetter[at], { reason });
  };

const chunksOf = `$O.${bundles.bucket ?? ''}.C.n1`;
/** Chunks that were put into the store while the first event was sent, and stay there without an object. */
export const chunksLeft = (rows: Rows): void => {
  const { application = '', at = 0 } = rows.send[0] ?? {};
  rows.wire.push({ at: at + 0.1, what: 'publish', application, subject: chunksOf, message: NONE, sequence: NONE });
  rows.orphan.push({ at: at + 100, subject: chunksOf, chunks: 1 });
};

/** More of what each clause must not let pass: found with defects that were made without sight of the checkers. */
export const casesAgain: readonly Case[] = [
  {
    clause: 'ENV-1',
    flow: fan,
    holds: one,
    breaks: {
      'a receiver’s adapter changes a header': (rows) => set(rows.delivery[0], { headersIntact: 'no' }),
      'a sender’s adapter puts another header on the bus': (rows) => set(rows.stored[0], { noneForeign: 'no' }),
    },
  },
  {
    clause: 'ENV-3',
    flow: fan,
    holds: one,
    breaks: {
      'a receiver’s adapter writes a time again': (rows) =>
        set(rows.delivery[0], { headersIntact: 'no', timeIntact: 'no' }),
    },
  },
  {
    clause: 'ENV-1',
    flow: asks,
    holds: asked,
    breaks: { 'a header of a reply is another': (rows) => set(rows.send[0], { replyHeaders: 'no' }) },
  },
  {
    clause: 'ENV-2',
    flow: asks,
    holds: asked,
    breaks: { 'the body of a reply is another': (rows) => set(rows.send[0], { replyIntact: 'no' }) },
  },
  {
    clause: 'ENV-3',
    flow: asks,
    holds: asked,
    breaks: { 'a time of a reply is another': (rows) => set(rows.send[0], { replyHeaders: 'no', replyTimes: 'no' }) },
  },
  {
    clause: 'SCH-3',
    flow: bundles,
    holds: (world) =>
      void world.send(world.plan({ violation: 'content:digest:0' }), { status: 422, reason: 'content' }),
    breaks: {
      'what was refused stays in the store': (rows) =>
        void rows.content.push({ where: 'store', message: 0, item: 0, intact: 'no' }),
      'chunks of what was refused stay in the store': chunksLeft,
    },
  },
  {
    clause: 'SCH-4',
    flow: fan,
    holds: (world) => {
      world.inject(world.plan({ violation: 'size', bytes: 100_000 }), { outcome: 'fail', sequence: NONE });
      const whole = world.plan({ bytes: 1000 });
      world.inject(whole).takeByAll(whole);
    },
    breaks: {
      'the bus refuses a body of the limit': (rows) => set(rows.injection[1], { outcome: 'fail' }),
    },
  },
  {
    clause: 'DEL-3',
    flow: once,
    holds: one,
    breaks: {
      'it is acknowledged and never handed over': (rows) => void rows.delivery.shift(),
      'a stranger reads it': (rows) => set(rows.delivery[0], { application: 'three' }),
    },
  },
  {
    clause: 'DEL-6',
    flow: fan,
    holds: (world) => void world.send(world.plan({ expires: -500 }), { status: 422, reason: 'expired' }),
    breaks: {
      'its sender is told that it is stored': (rows) => set(rows.send[0], { status: 202, outcome: 'ok' }),
      'it goes onto the bus': (_rows, world) => void world.store(0),
    },
  },
  {
    clause: 'DEL-6',
    flow: asks,
    holds: (world) => void world.send(world.plan({ expires: -500 }), { status: 422, reason: 'expired' }),
    breaks: {
      'an answering adapter meets it': (_rows, world) => void world.notice(0, 'one', 'expired'),
      'its asker is told that nobody answered, and it was asked': (rows, world) => {
        set(rows.send[0], { status: 504, outcome: 'info' });
        world.notice(0, 'one', 'expired');
      },
    },
  },
  {
    clause: 'DLQ-1',
    flow: bundles,
    holds: (world) => {
      const broken = world.plan({ violation: 'content:digest:0' });
      world.inject(broken).refuse(broken, 'one').tell(broken, 'one', 'term', { reason: 'content' });
    },
    breaks: {
      'nobody is told': (rows) => void rows.stored.pop(),
      'its sender is told long after': (rows) => set(rows.stored[1], { storedAt: 5000 }),
      'it is given up for another reason': (rows) => set(rows.acknowledgement[0], { reason: 'invalid' }),
    },
  },
  ...(
    [
      ['ENV-2', 'ce-id'],
      ['ENV-2', 'ce-source'],
      ['ENV-3', 'ce-time'],
      ['ENV-4', 'ce-partitionkey'],
      ['ENV-5', 'ce-classification'],
      ['DLQ-1', '/copies'],
    ] as const
  ).map(([clause, header]): Case => ({
    clause,
    flow: bundles,
    holds: (world) => {
      const broken = world.plan({ violation: 'content:digest:0' });
      world.inject(broken).refuse(broken, 'one').tell(broken, 'one', 'term', { reason: 'content' });
    },
    breaks: { [`its refusal has another ${header}`]: (rows) => set(rows.stored[1], { refusalFaults: header }) },
  })),
  {
    clause: 'DLQ-1',
    flow: bundles,
    holds: givenUp,
    breaks: {
      'the sender of what was rejected is told': (_rows, world) => void world.refuse(0, 'one'),
      'the sender of what was invalid is told': (_rows, world) => void world.refuse(1, 'one'),
    },
  },
  {
    clause: 'DLQ-1',
    flow: refusing,
    holds: (world) => {
      const [rejected, taken] = [world.plan(), world.plan()];
      world.send(rejected).hand(rejected, 'one', { status: 422 }).refuse(rejected, 'one');
      world.tell(rejected, 'one', 'term', { reason: 'rejected' }).send(taken).take(taken, 'one');
    },
    breaks: {
      'the sender of what was rejected is not told': (rows) =>
        void rows.stored.splice(
          rows.stored.findIndex((row) => row.type === 'Refusal'),
          1,
        ),
      'the sender of what was taken is told': (_rows, world) => void world.refuse(1, 'one'),
    },
  },
  {
    clause: 'DEL-6',
    flow: asks,
    holds: (world) => {
      const request = world.plan({ expires: 1 });
      world.pass(10).inject(request, { outcome: 'fail' }).notice(request, 'one', 'expired');
      asked(world);
    },
    breaks: {
      'a request is called expired that is not': (_rows, world) => void world.notice(1, 'one', 'expired'),
    },
  },
  {
    clause: 'DEL-6',
    flow: fan,
    holds: (world) => {
      const message = world.plan({ expires: -500 });
      world.inject(message);
      for (const application of ['one', 'two']) world.tell(message, application, 'term', { reason: 'expired' });
    },
    breaks: {
      'it is handed over, and the harness’s timer lags': (rows, world) => {
        world.hand(0, 'one');
        rows.lag.push({ at: 0, intervalMs: 1000, worstMs: 900, busMs: 0, processorMs: 0, loopMs: 0 });
      },
    },
  },
  {
    clause: 'ORD-4',
    flow: last,
    holds: (world) => {
      const [newer, older] = [world.plan({ time: 100 }), world.plan({ time: 50 })];
      world.send(newer).takeByAll(newer).send(older, { status: 409, reason: 'superseded' });
    },
    breaks: { 'what is newer is refused': (rows) => set(rows.planned[1], { time: 101 }) },
  },
  {
    clause: 'DUP-3',
    flow: fan,
    holds: (world) => {
      const [a, b, other] = [world.plan({ id: 'same' }), world.plan({ id: 'same' }), world.plan()];
      world.send(a).takeByAll(a).send(b, { status: 409, reason: 'conflict' }).notice(b, 'sender', 'conflict');
      world.send(other, { status: 202 }).takeByAll(other);
    },
    breaks: {
      'an id that is used once is refused': (rows) =>
        set(rows.send[2], { status: 409, reason: 'conflict', outcome: 'fail' }),
      'nobody can have known what it was before': (rows) =>
        set(rows.send[2], { status: 409, reason: 'conflict-unknown', outcome: 'fail' }),
    },
  },
  {
    clause: 'REP-1',
    flow: asks,
    holds: asked,
    breaks: {
      'an answer that was no reply is lost': (rows) => {
        set(rows.delivery[0], { status: 500, reply: NONE });
        set(rows.send[0], { status: 504, outcome: 'info', done: 4000 });
        watchedLong(rows);
      },
      'a reply is lost, and its adapter is stopped in the end': (rows) => {
        set(rows.send[0], { status: 504, outcome: 'info', done: 4000 });
        watchedLong(rows);
        rows.lifecycle.push({ at: 5000, application: 'one', change: 'stopping' });
        rows.lifecycle.push({ at: 5001, application: 'one', change: 'ended' });
      },
      'a request never reaches an adapter that is there': (rows) => {
        rows.delivery.length = 0;
        set(rows.send[0], { status: 504, outcome: 'info', done: 4000 });
        watchedLong(rows);
      },
      'a refusal gives another reason': (rows) => {
        set(rows.delivery[0], { status: 422, reply: NONE });
        set(rows.send[0], { reply: NONE, replyType: 'Refusal', replyReason: 'unavailable' });
      },
    },
  },
  {
    clause: 'DLQ-1',
    flow: queue,
    holds: givenUp,
    breaks: {
      'what was rejected is called invalid': calling(0, 'invalid'),
      'what was rejected is called so in other words': calling(0, 'REJECTED'),
      'what nobody was asked about is called rejected': calling(1, 'rejected'),
      'what nobody sent twice is called a conflict': calling(0, 'conflict'),
      'what was taken is called rejected': (rows) => set(rows.delivery[0], { status: 200, effect: 'yes' }),
    },
  },
  {
    clause: 'DLQ-4',
    flow: queue,
    holds: (world) => world.exhaust((world.send(world.plan()), 0), 'one'),
    breaks: {
      'its application had taken it': (rows) => set(rows.delivery[1], { status: 200, effect: 'yes' }),
    },
  },
  {
    clause: 'AUD-1',
    flow: fan,
    holds: one,
    breaks: { 'a record names another flow': (rows) => set(rows.audit[0], { flow: 'service/other' }) },
  },
  {
    clause: 'AUD-4',
    flow: fan,
    holds: one,
    breaks: {
      'its stream let go of records': (rows) =>
        void rows.streamState.push({ stream: 'AUDIT', first: 2, last: 3, messages: 2 }),
    },
  },
];
