import { filtered, flows } from './flows.ts';
import type { Flow } from '../../harness/model/flow.ts';
import { problemFaults } from '../../harness/model/problem-details.ts';
import { NONE } from '../../harness/model/table.ts';
import { watchedLong, type Rows } from './build.ts';
import type { World } from './world.ts';

/** One clause: a history that puts it to the test and holds, and ways of breaking that history, each of which must fail it. */
export interface Case {
  readonly clause: string;
  readonly flow: Flow;
  readonly holds: (world: World) => void;
  readonly breaks: Readonly<Record<string, (rows: Rows, world: World) => void>>;
}

const fan = flows['fan-out'];
const ordered = flows['ordered-stream'];
const last = flows['last-value'];
const queue = flows['work-queue'];
const asks = flows['request-reply'];
const once = flows['at-most-once'];

const one = (world: World, row = {}): number => {
  const message = world.plan(row);
  world.send(message).takeByAll(message);
  return message;
};
const first = <T>(list: readonly T[]): T => list[0] as T;
const set = <T extends object>(row: T | undefined, cells: Partial<T>): void => {
  if (row === undefined) throw new Error('the history has no such row');
  Object.assign(row, cells);
};
const refused =
  (violation: string) =>
  (world: World): void => {
    const message = world.plan({ violation });
    world.send(
      message,
      violation === 'size' ? { status: 413, reason: 'too-large' } : { status: 422, reason: 'invalid' },
    );
  };
const taken = (rows: Rows): void => set(rows.send[0], { status: 202, outcome: 'ok' });
const rejectedByAdapter =
  (violation: string, reason = 'invalid') =>
  (world: World): void => {
    const message = world.plan({ violation });
    world.inject(message);
    for (const { application } of world.receiversOf(message)) {
      if (reason === 'content') world.refuse(message, application);
      world.tell(message, application, 'term', { reason });
    }
  };
const handedOver = (_rows: Rows, world: World): void => void world.hand(0, 'one');
const asked = (world: World): void => {
  const request = world.plan();
  world.ask(request, world.plan({ type: 'Reply', role: 'reply', source: 'urn:one' }));
};
const firstTwo = (world: World, key = 'k0'): readonly [number, number] => [
  world.plan({ key, sequence: 1 }),
  world.plan({ key, sequence: 2 }),
];

const bundle = (world: World): void => {
  const message = world.plan({ contents: 2 });
  world.content(message, 0).content(message, 1).send(message).takeByAll(message);
};

/** An open loop at one and a half times the peak, with just so many messages that none may be late. */
const least = 299;
const loaded = (world: World): void => {
  const everyMs = 1000 / (1.5 * world.flow.peakPerSecond);
  for (let n = 0; n < least; n++) {
    const started = world.now;
    const message = world.plan();
    world.arrive(message).send(message).takeByAll(message);
    world.pass(Math.max(0, everyMs - (world.now - started)));
  }
};
const askedUnderLoad = (world: World): void => {
  for (let n = 0; n < least; n++) {
    const request = world.plan();
    const reply = world.plan({ type: 'Reply', role: 'reply', source: 'urn:one' });
    const started = world.now;
    world.arrive(request).ask(request, reply);
    world.pass(Math.max(0, 1000 / (1.5 * world.flow.peakPerSecond) - (world.now - started)));
  }
};
/** Every nth handing-over to an application, as its first. */
const eachOf = (rows: Rows, every: number, application = 'one') =>
  rows.delivery.filter((row) => row.application === application && (row.message ?? 0) % every === 0);

export const cases: readonly Case[] = [
  {
    clause: 'PER-1',
    flow: fan,
    holds: loaded,
    breaks: {
      'three of a hundred are late at one subscriber': (rows) => {
        for (const row of eachOf(rows, 33)) row.at = (row.at ?? 0) + 1100;
      },
      'all are late': (rows) => {
        for (const row of rows.delivery) row.at = (row.at ?? 0) + 5000;
      },
      'three of a hundred never come': (rows) => {
        const gone = new Set<object>(eachOf(rows, 33, 'two'));
        rows.delivery = rows.delivery.filter((row) => !gone.has(row));
      },
    },
  },
  {
    clause: 'PER-1',
    flow: asks,
    holds: askedUnderLoad,
    breaks: {
      'three of a hundred replies are late': (rows) => {
        for (const [n, row] of rows.send.entries()) if (n % 33 === 0) row.done = (row.done ?? 0) + 1100;
      },
      'three of a hundred are answered by a refusal that an adapter made': (rows) => {
        for (const [n, row] of rows.send.entries()) if (n % 33 === 0) row.reply = NONE;
      },
      'three of a hundred are never answered': (rows) => {
        for (const [n, row] of rows.send.entries())
          if (n % 33 === 0) Object.assign(row, { status: 504, outcome: 'info', reply: NONE });
      },
    },
  },
  {
    clause: 'ENV-1',
    flow: fan,
    holds: one,
    breaks: {
      'an attribute is absent': (rows) => set(rows.stored[0], { envelope: 'no', fault: 'header:ce-id' }),
      'the dataschema is wrong': (rows) => set(rows.stored[0], { dataschema: 'no' }),
      'a header was changed': (rows) => set(rows.stored[0], { headersIntact: 'no' }),
    },
  },
  { clause: 'ENV-1', flow: fan, holds: refused('header:ce-id:absent'), breaks: { 'the adapter takes it': taken } },
  {
    clause: 'ENV-2',
    flow: fan,
    holds: one,
    breaks: {
      'an id is new': (rows) => set(rows.stored[0], { message: NONE, id: 'other' }),
      'an id is used for another body': (rows) => set(rows.stored[0], { bodyIntact: 'no' }),
    },
  },
  {
    clause: 'ENV-2',
    flow: asks,
    holds: asked,
    breaks: { 'a reply that nobody gave': (rows) => set(rows.send[0], { reply: NONE }) },
  },
  {
    clause: 'ENV-3',
    flow: fan,
    holds: one,
    breaks: {
      'a time was changed': (rows) => set(rows.stored[0], { timeIntact: 'no', headersIntact: 'no' }),
      'a time has another form': (rows) => set(rows.stored[0], { timeFormat: 'no' }),
    },
  },
  { clause: 'ENV-3', flow: fan, holds: refused('header:ce-time:malformed'), breaks: { 'the adapter takes it': taken } },
  {
    clause: 'ENV-4',
    flow: fan,
    holds: one,
    breaks: {
      'the sender’s adapter loses it': (rows) => set(rows.stored[0], { chainIntact: 'no', headersIntact: 'no' }),
      'the receiver’s adapter loses it': (rows) => set(rows.delivery[0], { chainIntact: 'no' }),
    },
  },
  {
    clause: 'ENV-4',
    flow: asks,
    holds: asked,
    breaks: { 'a reply has another cause': (rows) => set(rows.send[0], { replyCausation: 'x' }) },
  },
  {
    clause: 'ENV-5',
    flow: fan,
    holds: one,
    breaks: { 'one over the ceiling is stored': (rows) => set(rows.stored[0], { classification: 'no' }) },
  },
  {
    clause: 'ENV-5',
    flow: fan,
    holds: rejectedByAdapter('header:ce-classification:absent'),
    breaks: { 'it is handed over': handedOver },
  },
  {
    clause: 'ENV-6',
    flow: fan,
    holds: one,
    breaks: {
      'it is lost on the bus': (rows) => set(rows.stored[0], { traceIntact: 'no', headersIntact: 'no' }),
      'it is lost at the receiver': (rows) => set(rows.delivery[0], { traceIntact: 'no' }),
    },
  },
  {
    clause: 'ENV-6',
    flow: fan,
    holds: (world) => void one(world, { trace: 'nonsense' }),
    breaks: { 'a malformed one is refused': (rows) => set(rows.send[0], { status: 422, outcome: 'fail' }) },
  },
  {
    clause: 'ENV-7',
    flow: fan,
    holds: (world) => {
      one(world);
      world.scans();
    },
    breaks: {
      'a subject has it': (rows) => set(rows.stored[0], { canary: 'yes' }),
      'a search finds it': (rows) =>
        set(
          rows.scan.find((scan) => scan.kind === 'header'),
          { hits: 1 },
        ),
    },
  },
  {
    clause: 'SCH-1',
    flow: fan,
    holds: one,
    breaks: {
      'an invalid payload is stored': (rows) =>
        set(rows.stored[0], { validA: 'no', validB: 'no', fault: 'schema:type:/a' }),
      'a valid one is refused': (rows) => set(rows.send[0], { status: 422, outcome: 'fail' }),
    },
  },
  { clause: 'SCH-1', flow: fan, holds: refused('schema:type:/a'), breaks: { 'the adapter takes it': taken } },
  {
    clause: 'SCH-1',
    flow: asks,
    holds: asked,
    breaks: { 'a reply is invalid': (rows) => set(rows.send[0], { replyValid: 'no' }) },
  },
  {
    clause: 'SCH-2',
    flow: fan,
    holds: rejectedByAdapter('schema:type:/a'),
    breaks: { 'it is handed over': handedOver },
  },
  {
    clause: 'SCH-2',
    flow: fan,
    holds: rejectedByAdapter('header:ce-id:absent'),
    breaks: { 'it is handed over': handedOver },
  },
  {
    clause: 'SCH-2',
    flow: asks,
    holds: (world) => void world.inject(world.plan({ violation: 'schema:type:/a' }), { replyType: 'Refusal' }),
    breaks: { 'it is handed over': handedOver },
  },
  { clause: 'SCH-3', flow: fan, holds: refused('rule:0'), breaks: { 'the adapter takes it': taken } },
  { clause: 'SCH-3', flow: fan, holds: rejectedByAdapter('rule:0'), breaks: { 'it is handed over': handedOver } },
  {
    clause: 'SCH-3',
    flow: fan,
    holds: one,
    breaks: { 'a broken rule is stored': (rows) => set(rows.stored[0], { rules: 'no' }) },
  },
  {
    clause: 'SCH-4',
    flow: fan,
    holds: (world) => void one(world, { bytes: 1000 }),
    breaks: { 'exactly the limit is refused': (rows) => set(rows.send[0], { status: 413, outcome: 'fail' }) },
  },
  { clause: 'SCH-4', flow: fan, holds: refused('size'), breaks: { 'one byte over is taken': taken } },
  {
    clause: 'SCH-4',
    flow: fan,
    holds: (world) =>
      void world.inject(world.plan({ violation: 'size', bytes: 100_000 }), { outcome: 'fail', sequence: NONE }),
    breaks: { 'the bus stores what is far above': (rows) => set(rows.injection[0], { outcome: 'ok' }) },
  },
  {
    clause: 'SCH-5',
    flow: fan,
    holds: one,
    breaks: {
      'the body is changed': (rows) => set(rows.delivery[0], { bodyIntact: 'no' }),
      'it is ended as invalid': (rows) => set(rows.acknowledgement[0], { verb: 'term', reason: 'invalid' }),
    },
  },
  {
    clause: 'DEL-1',
    flow: fan,
    holds: one,
    breaks: {
      'an acknowledged message is not there': (rows) => {
        rows.stored.length = 0;
        for (const state of rows.streamState) set(state, { first: 0, last: 0, messages: 0 });
      },
      'the stream let go of it': (rows) => set(rows.streamState[0], { first: 2, last: 1, messages: 0 }),
    },
  },
  {
    clause: 'DEL-3',
    flow: fan,
    holds: one,
    breaks: {
      'a receiver is left out': (rows) => void rows.delivery.shift(),
      'nobody sent it': (rows) => set(rows.delivery[0], { message: NONE, id: 'phantom' }),
      'it is on another subject': (rows) => set(rows.stored[0], { subjectIntact: 'no' }),
      'a stranger reads it': (rows) => set(rows.delivery[0], { application: 'three' }),
      'it failed, and was acknowledged': (rows) => set(rows.delivery[0], { status: 503, effect: 'no' }),
    },
  },
  {
    clause: 'DEL-1',
    flow: fan,
    holds: (world) => {
      const message = world.plan();
      world.send(message, { status: 504, reason: 'no-acknowledgement' }).send(message).takeByAll(message);
    },
    breaks: {
      'an unknown outcome is told with another status': (rows) => set(rows.send[0], { status: 500 }),
      'an unknown outcome is told without problem details': (rows) =>
        set(rows.send[0], { reason: problemFaults.otherType }),
    },
  },
  {
    clause: 'DEL-1',
    flow: flows['claim-check'],
    holds: bundle,
    breaks: {
      'a content is gone': (rows) => void rows.content.pop(),
      'a content is damaged': (rows) => set(rows.content[0], { intact: 'no' }),
    },
  },
  {
    clause: 'DEL-3',
    flow: flows['claim-check'],
    holds: bundle,
    breaks: { 'contents are not staged': (rows) => set(rows.delivery[0], { contentsIntact: 'no' }) },
  },
  {
    clause: 'SCH-3',
    flow: flows['claim-check'],
    holds: (world) => {
      world.life('sender', 'started').life('sender', 'ready');
      world.send(world.plan({ violation: 'content:digest:0' }), { status: 422, reason: 'content' });
    },
    breaks: {
      'its sender is told that the outcome is unknown': (rows) =>
        set(rows.send[0], { status: 503, reason: 'unavailable' }),
    },
  },
  {
    clause: 'SCH-2',
    flow: flows['claim-check'],
    holds: rejectedByAdapter('content:digest:0', 'content'),
    breaks: { 'it is handed over': handedOver },
  },
  {
    clause: 'DLQ-4',
    flow: fan,
    holds: (world) => {
      const message = world.plan({ expires: 100 });
      world.send(message).pass(200);
      for (const application of ['one', 'two']) world.tell(message, application, 'term', { reason: 'expired' });
    },
    breaks: { 'an expired one is kept as well': (_rows, world) => void world.letter(0, 'one', 'expired', 1) },
  },
  {
    clause: 'DEL-3',
    flow: filtered,
    holds: one,
    breaks: { 'its filter does not let it through': (_rows, world) => void world.hand(0, 'two') },
  },
  {
    clause: 'DEL-3',
    flow: once,
    holds: one,
    breaks: {
      'it is taken, and never acknowledged': (rows) => {
        const { stream = '', consumer = '', sequence = 0 } = rows.acknowledgement.shift() ?? {};
        rows.advisory = rows.advisory.filter((row) => row.consumer !== consumer);
        rows.advisory.push({ at: 5000, kind: 'max-deliver', stream, consumer, sequence, deliveries: 1 });
      },
    },
  },
  { clause: 'DEL-5', flow: once, holds: one, breaks: { 'it is handed over twice': handedOver } },
  { clause: 'DEL-5', flow: asks, holds: asked, breaks: { 'a request is handed over twice': handedOver } },
  {
    clause: 'DEL-6',
    flow: fan,
    holds: (world) => {
      const message = world.plan({ expires: 100 });
      world.send(message).pass(200);
      for (const application of ['one', 'two']) world.tell(message, application, 'term', { reason: 'expired' });
    },
    breaks: {
      'it is handed over': handedOver,
      'it is not on record': (rows) =>
        set(
          rows.audit.find((record) => record.how === 'expired'),
          { how: 'acknowledged' },
        ),
      'it is ended too early': (rows) => set(rows.planned[0], { expires: 1000 }),
    },
  },
  {
    clause: 'DEL-7',
    flow: fan,
    holds: (world) => {
      world.life('one', 'started').life('one', 'ready').life('one', 'stopping').life('one', 'ended');
      const message = world.plan();
      world.send(message).take(message, 'two').life('one', 'started').life('one', 'ready').take(message, 'one');
    },
    breaks: { 'it is skipped': (rows) => void rows.delivery.pop() },
  },
  {
    clause: 'ORD-1',
    flow: ordered,
    holds: (world) => {
      const [a, b] = firstTwo(world);
      world.send(a).send(b);
      for (const application of ['one', 'two'])
        world.failOnce(a, application, 1).take(a, application).take(b, application);
    },
    breaks: {
      'two are handed over in the wrong order': (rows) => {
        const [, again, next] = rows.delivery;
        const at = again?.at ?? 0;
        set(again, { at: next?.at ?? 0, done: next?.done ?? 0 });
        set(next, { at, done: at });
      },
      'one is handed over while the one before is not settled': (rows) => {
        set(rows.delivery[1], { status: 503, effect: 'no' });
        rows.acknowledgement.splice(1, 1);
      },
    },
  },
  {
    clause: 'ORD-2',
    flow: ordered,
    holds: (world) => {
      const [a, b] = firstTwo(world);
      world.send(b);
      for (const application of ['one', 'two']) world.tell(b, application, 'term', { reason: 'gap' });
      world.send(a).takeByAll(a);
      for (const application of ['one', 'two']) world.replay(b, application).take(b, application);
    },
    breaks: {
      'it is handed over across the gap': (rows) => {
        const before = first(rows.delivery);
        rows.delivery.unshift({ ...before, at: 0.1, done: 0.2, message: 1, id: 'm1', time: 1 });
      },
      'it is acknowledged in silence': (rows) => {
        for (const ack of rows.acknowledgement) if (ack.verb === 'term') set(ack, { verb: 'ack', reason: '' });
        rows.delivery.length = 0;
      },
    },
  },
  {
    clause: 'ORD-2',
    flow: ordered,
    holds: (world) => {
      const [a, b] = firstTwo(world);
      world.send(a);
      world.hand(a, 'one', { status: 422 }).tell(a, 'one', 'term', { reason: 'rejected' }).take(a, 'two');
      world.send(b).tell(b, 'one', 'term', { reason: 'gap' }).take(b, 'two');
    },
    breaks: {
      'it is parked without a gap': (rows) => {
        set(rows.acknowledgement[0], { verb: 'ack', reason: '' });
        set(rows.delivery[0], { status: 200, effect: 'yes' });
      },
    },
  },
  {
    clause: 'ORD-3',
    flow: ordered,
    holds: (world) => {
      const poison = world.plan({ key: 'k0', sequence: 1 });
      const other = world.plan({ key: 'k1', sequence: 1 });
      world.send(poison).send(other);
      for (const application of ['one', 'two'])
        world.failOnce(poison, application, 1).take(other, application).take(poison, application);
    },
    breaks: {
      'the other is refused': (rows) =>
        set(rows.acknowledgement.filter((ack) => ack.sequence === 2)[0], { verb: 'term', reason: 'invalid' }),
      'the other is late': (rows) => {
        set(
          rows.delivery.find((row) => row.message === 1),
          { at: 5000, done: 5001 },
        );
        watchedLong(rows);
      },
    },
  },
  {
    clause: 'ORD-4',
    flow: last,
    holds: (world) => {
      const newer = world.plan({ time: 100 });
      const older = world.plan({ time: 50 });
      world.inject(newer).takeByAll(newer).inject(older);
      for (const application of ['one', 'two'])
        world.notice(older, application, 'superseded').tell(older, application, 'ack');
    },
    breaks: {
      'an older one is handed over': (_rows, world) => void world.hand(1, 'one'),
      'a sender’s adapter stores an older one': (rows) => void rows.injection.pop(),
    },
  },
  {
    clause: 'DUP-1',
    flow: fan,
    holds: (world) => {
      const message = world.plan();
      world.send(message).takeByAll(message).send(message, {}, { stores: false });
    },
    breaks: { 'it is stored twice': (_rows, world) => void world.store(0).takeByAll(0) },
  },
  {
    clause: 'DUP-1',
    flow: fan,
    holds: (world) => {
      const message = world.plan();
      world.inject(message).takeByAll(message).pass(1200).inject(message);
      for (const application of ['one', 'two']) world.tell(message, application, 'ack');
    },
    breaks: {
      'the window is too long': (rows) => set(rows.injection[1], { duplicate: 'yes' }),
      'the window is too short': (rows) => set(rows.stored[1], { storedAt: 900 }),
    },
  },
  {
    clause: 'DUP-2',
    flow: queue,
    holds: (world) => {
      const message = world.plan();
      world.send(message).failOnce(message, 'one', 1).take(message, 'one');
    },
    breaks: {
      'there are two effects': (rows) => {
        for (const row of rows.delivery) set(row, { effect: 'yes' });
      },
      'it is handed over again after a 2xx': (rows) => set(rows.delivery[0], { status: 200 }),
      'it is handed over twice at once': (rows) => set(rows.delivery[0], { done: (rows.delivery[1]?.done ?? 0) + 10 }),
    },
  },
  {
    clause: 'DUP-3',
    flow: fan,
    holds: (world) => {
      const [a, b] = [world.plan({ id: 'same' }), world.plan({ id: 'same' })];
      world.send(a).takeByAll(a).send(b, { status: 409, reason: 'conflict' }).notice(b, 'sender', 'conflict');
    },
    breaks: {
      'it is told that it is stored': (rows) => set(rows.send[1], { status: 202, outcome: 'ok' }),
      'nothing is raised': (rows) => void rows.notice.pop(),
    },
  },
  {
    clause: 'DUP-3',
    flow: fan,
    holds: (world) => {
      const [a, b] = [world.plan({ id: 'same' }), world.plan({ id: 'same' })];
      world.inject(a).takeByAll(a).pass(1200).inject(b);
      for (const application of ['one', 'two']) world.tell(b, application, 'term', { reason: 'conflict' });
    },
    breaks: {
      'it is handed over': (_rows, world) => void world.hand(1, 'one'),
      'it is acknowledged in silence': (rows) => set(rows.acknowledgement[2], { verb: 'ack', reason: '' }),
    },
  },
  {
    clause: 'REP-1',
    flow: asks,
    holds: asked,
    breaks: {
      'no answer comes': (rows) => set(rows.send[0], { status: 0, outcome: 'info', done: 0 }),
      'it comes after the deadline': (rows) => {
        set(rows.send[0], { done: 9000 });
        watchedLong(rows);
      },
      'it is no answer that is allowed': (rows) => set(rows.send[0], { status: 500, outcome: 'info' }),
      'a reply is lost': (rows) => {
        set(rows.send[0], { status: 504, outcome: 'info', done: 4000 });
        watchedLong(rows);
      },
      'the event of a 201 is taken as the reply': (rows) => set(rows.delivery[0], { status: 201 }),
    },
  },
  {
    clause: 'REP-1',
    flow: asks,
    holds: (world) => {
      const request = world.plan();
      const stray = world.plan({ type: 'Reply', role: 'reply', causation: 'another', source: 'urn:one' });
      world.inject(stray, { what: 'reply', request }).notice(stray, 'sender', 'misdirected');
      const right = world.plan({ type: 'Reply', role: 'reply', causation: 'm0', source: 'urn:one' });
      world.inject(right, { what: 'reply', request }).ask(request, right);
    },
    breaks: {
      'its asker stops waiting at the misdirected reply': (rows) =>
        set(rows.send[0], { status: 504, outcome: 'info', reply: NONE }),
    },
  },
  {
    clause: 'REP-2',
    flow: asks,
    holds: (world) => {
      asked(world);
      const stray = world.plan({ type: 'Reply', role: 'reply', causation: 'm0', source: 'urn:one' });
      world.inject(stray, { what: 'reply', request: 0 }).notice(stray, 'sender', 'late');
    },
    breaks: {
      'a late reply is handed to a caller': (_rows, world) => {
        const request = world.plan();
        world.ask(request, 2);
      },
      'it is not on record': (rows) => void rows.notice.pop(),
    },
  },
  {
    clause: 'REP-2',
    flow: asks,
    holds: (world) => {
      const request = world.plan();
      const stray = world.plan({ type: 'Reply', role: 'reply', causation: 'another', source: 'urn:one' });
      world.inject(stray, { what: 'reply', request }).notice(stray, 'sender', 'misdirected');
      world.ask(request, world.plan({ type: 'Reply', role: 'reply', source: 'urn:one' }));
    },
    breaks: { 'it answers the caller': (rows) => set(rows.send[0], { reply: 1, replyCausation: 'another' }) },
  },
  {
    clause: 'REP-3',
    flow: asks,
    holds: (world) => {
      world.life('one', 'started').life('one', 'ready').life('one', 'stopping').life('one', 'ended').pass(200);
      world.send(world.plan(), { status: 503, reason: 'no-responder' });
    },
    breaks: {
      'it waits': (rows) => set(rows.send[0], { status: 504 }),
      'it is late': (rows) => {
        set(rows.send[0], { done: 3000 });
        watchedLong(rows);
      },
    },
  },
  {
    clause: 'DLQ-1',
    flow: queue,
    holds: (world) => {
      const [rejected, exhausted] = [world.plan({ key: 'k0' }), world.plan({ key: 'k1' })];
      world.send(rejected).hand(rejected, 'one', { status: 422 }).tell(rejected, 'one', 'term', { reason: 'rejected' });
      world.send(exhausted).exhaust(exhausted, 'one');
    },
    breaks: {
      'it is lost': (rows) => void rows.deadLetter.shift(),
      'it is kept twice': (rows) => void rows.deadLetter.push({ ...first(rows.deadLetter) }),
      'it has no reason': (rows) => set(rows.deadLetter[0], { reason: '' }),
      'it has other attempts': (rows) => set(rows.deadLetter[1], { attempts: 1 }),
      'it has another id': (rows) => set(rows.deadLetter[0], { id: 'other' }),
      'a refused one is acknowledged': (rows) => set(rows.acknowledgement[0], { verb: 'ack', reason: '' }),
      'an acknowledged one is kept': (rows) =>
        set(rows.delivery[0], { status: 200, effect: 'yes' }) ??
        set(rows.acknowledgement[0], { verb: 'ack', reason: '' }),
    },
  },
  {
    clause: 'DLQ-2',
    flow: queue,
    holds: (world) => {
      const message = world.plan();
      world.send(message).exhaust(message, 'one');
    },
    breaks: {
      'there are more attempts': handedOver,
      'the next comes too early': (rows) => set(rows.delivery[1], { at: (rows.delivery[0]?.done ?? 0) + 50 }),
      'the next comes too late': (rows) => {
        set(rows.delivery[1], { at: 5000, done: 5001 });
        set(rows.delivery[2], { at: 6000, done: 6001 });
        watchedLong(rows);
      },
      'it is given up too early': (rows) => set(rows.advisory[0], { deliveries: 1 }),
      'the delay is another': (rows) => set(rows.acknowledgement[0], { delayMs: 0 }),
      'nothing is said to the bus': (rows) => void (rows.acknowledgement.length = 0),
    },
  },
  {
    clause: 'DLQ-4',
    flow: fan,
    holds: one,
    breaks: {
      'nobody settles it': (rows) => void rows.acknowledgement.shift(),
      'it is acknowledged and never taken': (rows) => void rows.delivery.shift(),
      'it is acknowledged before it is taken': (rows) => set(rows.acknowledgement[0], { at: 0.5 }),
      'it is given up, and not kept': (rows) => set(rows.acknowledgement[0], { verb: 'term', reason: 'rejected' }),
    },
  },
  {
    clause: 'AUD-1',
    flow: queue,
    holds: (world) => {
      one(world);
      const message = world.plan({ key: 'k1' });
      world.send(message).exhaust(message, 'one').replay(message, 'one').take(message, 'one');
    },
    breaks: {
      'no record says accepted': (rows) => drop(rows, 'accepted'),
      'no record says settled': (rows) => drop(rows, 'settled'),
      'no record says dead-lettered': (rows) => drop(rows, 'dead-lettered'),
      'no record says replayed': (rows) => drop(rows, 'replayed'),
      'a record is doubled': (rows) => void rows.audit.push({ ...first(rows.audit) }),
      'a record counts other deliveries': (rows) =>
        set(
          rows.audit.find((record) => record.how === 'exhausted'),
          { deliveries: 1 },
        ),
      'a record says otherwise': (rows) =>
        set(
          rows.audit.find((record) => record.how === 'acknowledged'),
          { how: 'rejected' },
        ),
    },
  },
  {
    clause: 'AUD-1',
    flow: asks,
    holds: asked,
    breaks: { 'no record says answered': (rows) => drop(rows, 'answered') },
  },
  {
    clause: 'AUD-2',
    flow: fan,
    holds: (world) => void world.scans(),
    breaks: {
      'a log has content': (rows) =>
        set(
          rows.scan.find((scan) => scan.kind === 'log'),
          { hits: 2 },
        ),
      'a record has content': (rows, world) => {
        one(world);
        set(rows.audit[0], { canary: 'yes' });
      },
      'a notice has a body': (rows, world) => {
        world.notice(one(world), 'one', 'late');
        set(rows.notice[0], { bytes: 3 });
      },
    },
  },
  {
    clause: 'AUD-3',
    flow: fan,
    holds: one,
    breaks: { 'a dictionary gives a digest': (rows) => set(rows.audit[0], { digest: 'yes' }) },
  },
  {
    clause: 'AUD-4',
    flow: fan,
    holds: one,
    breaks: {
      'a record was edited': (rows) => set(rows.audit[1], { chain: 'no' }),
      'a record was deleted': (rows) => void rows.audit.splice(1, 1),
      'the tail was cut': (rows) => void rows.audit.pop(),
      'records were put in another order': (rows) => {
        set(rows.audit[0], { sequence: 2 });
        set(rows.audit[1], { sequence: 1 });
      },
      'a record follows the final anchor': (rows) =>
        void rows.audit.push({ ...rows.audit.at(-1), sequence: 99, number: rows.audit.length + 1 }),
      'an anchor is forged': (rows) => set(rows.anchor[0], { signature: 'no' }),
      'there is no final anchor': (rows) => set(rows.anchor[0], { final: 'no' }),
    },
  },
];

function drop(rows: Rows, change: string): void {
  const at = rows.audit.findIndex((record) => record.change === change);
  if (at < 0) throw new Error(`the history has no record ${change}`);
  rows.audit.splice(at, 1);
}
