import { describe, expect, test } from 'vitest';
import type { Flow } from '../../harness/model/flow.ts';
import { findingsOf, wordOf } from './build.ts';
import { flows } from './flows.ts';
import { worldOf, type World } from './world.ts';

const once: Flow = { ...flows['at-most-once'], receivers: [{ application: 'one', filter: {} }] };
const bundles = flows['claim-check'];

/** What is said of a clause where `tell` happened. */
function word(flow: Flow, clause: string, tell: (world: World) => void): string {
  const { world, rows } = worldOf(flow);
  tell(world);
  world.finish();
  return wordOf(findingsOf(flow, rows, [clause]).get(clause));
}

/** One message that reaches its application, and one that never does. */
const unhanded =
  (meanwhile: (world: World, message: number) => void, row = {}) =>
  (world: World): void => {
    world.life('one', 'started').life('one', 'ready');
    const [well, lost] = [world.plan(), world.plan(row)];
    world.send(well).takeByAll(well).send(lost);
    meanwhile(world, lost);
  };

describe('a message that travels at most once and is never handed over', () => {
  test('is missing where nothing happened that may have lost it', () => {
    expect(
      word(
        once,
        'DEL-3',
        unhanded((world, lost) => world.tell(lost, 'one', 'ack')),
      ),
    ).toBe('fail');
    expect(
      word(
        once,
        'DEL-3',
        unhanded((world, lost) => world.tell(lost, 'one', 'term', { reason: 'x' })),
      ),
    ).toBe('fail');
  });

  test('is missing where its receiver ended only later', () => {
    const later = unhanded((world, lost) =>
      world.tell(lost, 'one', 'ack').life('one', 'stopping').life('one', 'ended'),
    );
    expect(word(once, 'DEL-3', later)).toBe('fail');
  });

  test('may have been in the hands of an instance that crashed', () => {
    const crash = unhanded((world, lost) =>
      world.life('one', 'crashed').life('one', 'started').life('one', 'ready').tell(lost, 'one', 'ack'),
    );
    expect(word(once, 'DEL-3', crash)).toBe('pass');
  });

  test('may have been in the hands of an instance that was stopped', () => {
    const stop = unhanded((world) => world.life('one', 'stopping').life('one', 'ended'));
    expect(word(once, 'DEL-3', stop)).toBe('pass');
  });

  test.each([
    ['pass', 5],
    ['fail', 500],
  ])('is a %s where a fault began %i ms after the trial did, and lasted 10 ms', (said, at) => {
    const { world, rows } = worldOf(once);
    unhanded((other, lost) => other.tell(lost, 'one', 'ack'))(world);
    world.finish();
    rows.fault.push({ at, done: at + 10, kind: 'cut', target: 'one', took: 'yes' });
    expect(wordOf(findingsOf(once, rows, ['DEL-3']).get('DEL-3'))).toBe(said);
  });

  test('may have been let go of by a stream that was full', () => {
    const { world, rows } = worldOf(once);
    unhanded(() => undefined)(world);
    world.finish();
    const well = { ...rows.streamState[0], first: 3 };
    rows.streamState = [well];
    expect(wordOf(findingsOf(once, rows, ['DEL-3']).get('DEL-3'))).toBe('pass');
  });

  test('may have expired, where it had', () => {
    const expiring = { ...once, expiryMs: 60_000 };
    const expired = (world: World, lost: number): void =>
      void world.pass(200).tell(lost, 'one', 'term', { reason: 'expired' });
    expect(word(expiring, 'DEL-3', unhanded(expired, { expires: 100 }))).toBe('pass');
    expect(word(expiring, 'DEL-3', unhanded(expired, { expires: 50_000 }))).toBe('fail');
  });

  test('is not asked for once its application has been handed it, whatever came of that', () => {
    for (const status of [422, 500])
      expect(
        word(
          once,
          'DEL-3',
          unhanded((world, lost) => world.hand(lost, 'one', { status })),
        ),
      ).toBe('pass');
  });
});

describe('an event that is past its expiry', () => {
  const flow = flows['fan-out'];

  test('may be on the bus where it was sent before', () => {
    const inTime = (world: World): void => {
      const message = world.plan({ expires: 100 });
      world.send(message, { status: 504 }).pass(500).send(message, { status: 202 });
      for (const application of ['one', 'two']) world.tell(message, application, 'term', { reason: 'expired' });
    };
    expect(word(flow, 'DEL-6', inTime)).toBe('pass');
  });

  test('is neither refused nor taken by a 5xx', () => {
    expect(word(flow, 'DEL-6', (world) => world.send(world.plan({ expires: -500 }), { status: 503 }))).toBe(
      'undecided',
    );
  });

  test('may have expired while it was being sent', () => {
    const atOnce = (world: World): void => void world.send(world.plan({ expires: 0 }));
    expect(word(flow, 'DEL-6', atOnce)).not.toBe('fail');
  });
});

describe('a refusal', () => {
  test('may go before a bundle that was delivered once more, and expired before it could be given up', () => {
    const again = (world: World): void => {
      const broken = world.plan({ violation: 'content:digest:0', expires: 100 });
      world.inject(broken).refuse(broken, 'one').pass(200).tell(broken, 'one', 'term', { reason: 'expired' });
    };
    expect(word(bundles, 'DLQ-1', again)).not.toBe('fail');
  });

  test('is owed by whoever has a broken bundle delivered until its attempts are used up', () => {
    const exhausted = (world: World): void => {
      const broken = world.plan({ violation: 'content:digest:0' });
      world.inject(broken).exhaust(broken, 'one');
    };
    expect(word(bundles, 'DLQ-1', exhausted)).toBe('fail');
  });

  test('is not asked for of a bundle whose store gives other bytes than it says: it may be tried again', () => {
    const exhausted = (world: World): void => {
      const broken = world.plan({ violation: 'content:bytes:0' });
      world.inject(broken).exhaust(broken, 'one');
    };
    expect(word(bundles, 'DLQ-1', exhausted)).not.toBe('fail');
  });

  test('is not asked for of what is so broken that none may come of it', () => {
    const refusing: Flow = { ...bundles, badInput: 'refuse' };
    const broken = (world: World): void => {
      const message = world.plan({ violation: 'header:ce-correlationid:absent' });
      world.inject(message).tell(message, 'one', 'term', { reason: 'invalid' });
    };
    expect(word(refusing, 'DLQ-1', broken)).toBe('pass');
  });
});
