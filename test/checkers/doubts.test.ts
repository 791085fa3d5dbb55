import { describe, expect, test } from 'vitest';
import { failureLimit } from '../../harness/model/verdict.ts';
import type { Flow } from '../../harness/model/flow.ts';
import { findingsOf, failing, wordOf, type Rows } from './build.ts';
import { flows } from './flows.ts';
import { worldOf, type World } from './world.ts';

const fan = flows['fan-out'];
const queue = flows['work-queue'];
const asks = flows['request-reply'];

/** The finding on a clause of a history that a test tells, drained, and then changes. */
function judged(
  flow: Flow,
  clause: string,
  tell: (world: World) => void,
  change: (rows: Rows) => void = () => undefined,
) {
  const { world, rows } = worldOf(flow);
  tell(world);
  world.finish();
  change(rows);
  return findingsOf(flow, rows, [clause]).get(clause);
}

const plain = (world: World): void => {
  const message = world.plan();
  world.send(message).takeByAll(message);
};
const lost = (rows: Rows): void => void rows.delivery.shift();
const wellTimed = (rows: Rows, worstMs = 1): void => {
  for (const lag of rows.lag) Object.assign(lag, { at: 20_000, intervalMs: 20_000, worstMs });
};

describe('a trial that cannot show that nothing is missing', () => {
  const gaps: Readonly<Record<string, (rows: Rows) => void>> = {
    'has no drain': (rows) => void (rows.wait = rows.wait.filter((wait) => wait.what !== 'drain')),
    'did not drain in time': (rows) =>
      void Object.assign(rows.wait.find((wait) => wait.what === 'drain') ?? {}, { reached: 'no' }),
    'does not know whether it drained': (rows) =>
      void Object.assign(rows.wait.find((wait) => wait.what === 'drain') ?? {}, { reached: 'unknown' }),
    'drained once, and not at its end': (rows) => void rows.wait.push({ what: 'drain', reached: 'no' }),
    'has no word of its observers': (rows) => void (rows.wait = rows.wait.filter((wait) => wait.what !== 'observer')),
    'has an observer that did not catch up': (rows) =>
      void rows.wait.push({ what: 'observer', reached: 'no', detail: 'audit' }),
    'had trouble in the harness': (rows) =>
      void rows.problem.push({ where: 'application one', what: 'the handler threw' }),
    'had an instance that failed': (rows) =>
      void rows.lifecycle.push({ application: 'one', change: 'failed', reason: 'exit 1' }),
    'left messages pending': (rows) => void Object.assign(rows.consumerState[0] ?? {}, { pending: 1 }),
    'left messages unacknowledged': (rows) => void Object.assign(rows.consumerState[1] ?? {}, { ackPending: 1 }),
    'has no state of a consumer': (rows) => void rows.consumerState.pop(),
    'has no state of its stream': (rows) => void (rows.streamState.length = 0),
    'saw fewer messages than the stream holds': (rows) =>
      void Object.assign(rows.streamState[0] ?? {}, { last: 2, messages: 2 }),
  };

  test.each(Object.entries(gaps))('and %s is undecided, whether something is missing or not', (_name, gap) => {
    expect(wordOf(judged(fan, 'DEL-3', plain, gap))).toBe('undecided');
    const missing = judged(fan, 'DEL-3', plain, (rows) => {
      lost(rows);
      gap(rows);
    });
    expect(wordOf(missing)).toBe('undecided');
  });

  test.each(Object.entries(gaps))('and %s still fails for what was seen', (_name, gap) => {
    const strange = (rows: Rows): void => {
      Object.assign(rows.delivery[0] ?? {}, { application: 'three' });
      gap(rows);
    };
    expect(wordOf(judged(fan, 'DEL-3', plain, strange))).toBe('fail');
  });

  test('says nothing of clauses that it neither claims nor tests', () => {
    const { world, rows } = worldOf(fan);
    plain(world);
    world.finish();
    rows.problem.push({ where: 'lane 0', what: 'it broke' });
    expect(findingsOf(fan, rows).get('DLQ-2')?.undecided).toBeUndefined();
    expect(findingsOf(fan, rows, ['DLQ-2']).get('DLQ-2')?.undecided).toMatch(/it broke/);
  });
});

describe('a trial that was not the test that it was meant to be', () => {
  const doubts: Readonly<Record<string, (rows: Rows) => void>> = {
    'a lane waited in vain': (rows) =>
      void rows.wait.unshift({ what: 'lane', reached: 'no', detail: 'message 0 handed over' }),
    'a fault did not take effect': (rows) => void rows.fault.push({ kind: 'cut', target: 'sender', took: 'no' }),
    'nobody knows whether a fault took effect': (rows) => void rows.fault.push({ kind: 'cut', target: 'sender' }),
  };

  test.each(Object.entries(doubts))('is no pass where %s', (_name, doubt) => {
    expect(wordOf(judged(fan, 'DEL-3', plain, doubt))).toBe('undecided');
  });

  test.each(Object.entries(doubts))('fails for a loss where %s, since all that happened is known', (_name, doubt) => {
    expect(
      wordOf(
        judged(fan, 'DEL-3', plain, (rows) => {
          lost(rows);
          doubt(rows);
        }),
      ),
    ).toBe('fail');
  });
});

describe('a history without anything in it', () => {
  test.each(Object.keys(flows) as (keyof typeof flows)[])('passes nothing on %s', (name) => {
    for (const finding of findingsOf(flows[name], {}, [
      'DEL-1',
      'DEL-3',
      'REP-1',
      'AUD-1',
      'AUD-4',
      'DLQ-4',
    ]).values()) {
      expect({ clause: finding.clause, passes: wordOf(finding) === 'pass', failed: finding.failed }).toEqual({
        clause: finding.clause,
        passes: false,
        failed: 0,
      });
    }
  });
});

describe('an outcome that nobody knows', () => {
  test('may be stored', () => {
    const tell = (world: World): void => {
      const message = world.plan();
      world.send(message, { status: 504 }).store(message).takeByAll(message);
    };
    expect(failing(new Map([['x', judged(fan, 'DEL-1', tell)!]]))).toEqual([]);
    expect(wordOf(judged(fan, 'DEL-3', tell))).toBe('pass');
  });

  test('is no pass where nothing was stored in the end', () => {
    expect(wordOf(judged(fan, 'DEL-1', (world) => void world.send(world.plan(), { status: 504 })))).toBe('undecided');
  });

  test('of an invalid message tests nothing', () => {
    const tell = (world: World): void => void world.send(world.plan({ violation: 'schema:type:/a' }), { status: 503 });
    expect(wordOf(judged(fan, 'SCH-1', tell))).toBe('not-exercised');
  });
});

describe('too late', () => {
  const cases: readonly (readonly [string, string, Flow, (world: World) => void, (rows: Rows) => void])[] = [
    [
      'an attempt',
      'DLQ-2',
      queue,
      (world) => {
        const message = world.plan();
        world.send(message).exhaust(message, 'one');
      },
      (rows) => {
        Object.assign(rows.delivery[1] ?? {}, { at: 5000, done: 5001 });
        Object.assign(rows.delivery[2] ?? {}, { at: 6000, done: 6001 });
      },
    ],
    [
      'an answer',
      'REP-1',
      asks,
      (world) => {
        const request = world.plan();
        world.ask(request, world.plan({ type: 'Reply', role: 'reply' }));
      },
      (rows) => void Object.assign(rows.send[0] ?? {}, { done: 9000 }),
    ],
    [
      'word that nobody answers',
      'REP-3',
      asks,
      (world) => void world.life('one', 'ready').life('one', 'ended').pass(200).send(world.plan(), { status: 503 }),
      (rows) => void Object.assign(rows.send[0] ?? {}, { done: 3000 }),
    ],
    [
      'an expired message',
      'DEL-6',
      fan,
      (world) => {
        const message = world.plan({ expires: 10 });
        world.send(message).pass(500).takeByAll(message);
      },
      () => undefined,
    ],
  ];

  test.each(cases)(
    '%s fails where the timer was in time, and is undecided where it lagged or was not watched',
    (_name, clause, flow, tell, late) => {
      expect(
        wordOf(
          judged(flow, clause, tell, (rows) => {
            late(rows);
            wellTimed(rows);
          }),
        ),
      ).toBe('fail');
      expect(
        wordOf(
          judged(flow, clause, tell, (rows) => {
            late(rows);
            wellTimed(rows, 3000);
          }),
        ),
      ).toBe('undecided');
      expect(
        wordOf(
          judged(flow, clause, tell, (rows) => {
            late(rows);
            rows.lag.length = 0;
          }),
        ),
      ).toBe('undecided');
    },
  );

  test('too early fails whatever the timer did', () => {
    const tell = (world: World): void => {
      const message = world.plan();
      world.send(message).exhaust(message, 'one');
    };
    const early = (rows: Rows): void => {
      Object.assign(rows.delivery[1] ?? {}, { at: (rows.delivery[0]?.done ?? 0) + 50 });
      rows.lag.length = 0;
    };
    expect(wordOf(judged(queue, 'DLQ-2', tell, early))).toBe('fail');
  });

  test('too early is undecided where the bus may have given it out again, since its adapter had it for an ack wait', () => {
    const tell = (world: World): void => {
      const message = world.plan();
      world.send(message).failOnce(message, 'one', 1).take(message, 'one');
    };
    const held = (rows: Rows): void => {
      const stored = rows.stored[0]?.at ?? 0;
      Object.assign(rows.delivery[0] ?? {}, { at: stored + 1950, done: stored + 1960 });
      Object.assign(rows.delivery[1] ?? {}, { at: stored + 2001 });
    };
    expect(judged(queue, 'DLQ-2', tell, held)?.undecided).toContain('the bus may give it out again');
    const soon = (rows: Rows): void => {
      held(rows);
      Object.assign(rows.delivery[1] ?? {}, { at: (rows.stored[0]?.at ?? 0) + 1999 });
    };
    expect(wordOf(judged(queue, 'DLQ-2', tell, soon))).toBe('fail');
  });

  test('two milliseconds early are in time', () => {
    const tell = (world: World): void => {
      const message = world.plan();
      world.send(message).failOnce(message, 'one', 1).take(message, 'one');
    };
    const justEarly = (rows: Rows): void =>
      void Object.assign(rows.delivery[1] ?? {}, { at: (rows.delivery[0]?.done ?? 0) + 98.5 });
    expect(wordOf(judged(queue, 'DLQ-2', tell, justEarly))).toBe('pass');
  });
});

describe('a late acknowledgement', () => {
  const exhausted = (world: World): void => {
    const message = world.plan();
    world.send(message).exhaust(message, 'one');
  };

  test('that raced with the last attempt may come first or second', () => {
    const race = (rows: Rows): void => {
      const told = rows.advisory[0];
      rows.acknowledgement.push({ ...rows.acknowledgement[0], at: (told?.at ?? 0) - 10, verb: 'ack', deliveries: 3 });
      Object.assign(rows.delivery[2] ?? {}, { status: 200, effect: 'yes' });
    };
    expect(wordOf(judged(queue, 'DLQ-1', exhausted, race))).not.toBe('fail');
    expect(wordOf(judged(queue, 'DLQ-4', exhausted, race))).toBe('pass');
  });

  test('that came well before is the end, and a dead letter beside it is a failure', () => {
    const early = (rows: Rows): void => {
      rows.acknowledgement.unshift({
        ...rows.acknowledgement[0],
        at: (rows.acknowledgement[0]?.at ?? 0) - 0.5,
        verb: 'ack',
      });
      Object.assign(rows.delivery[0] ?? {}, { status: 200, effect: 'yes', done: rows.delivery[0]?.at ?? 0 });
    };
    expect(wordOf(judged(queue, 'DLQ-1', exhausted, early))).toBe('fail');
  });

  test('after a termination changes nothing', () => {
    const tell = (world: World): void => {
      const message = world.plan();
      world.send(message).hand(message, 'one', { status: 422 }).tell(message, 'one', 'term', { reason: 'rejected' });
    };
    const after = (rows: Rows): void =>
      void rows.acknowledgement.push({ ...rows.acknowledgement[0], at: 99, verb: 'ack', reason: '' });
    expect(wordOf(judged(queue, 'DLQ-1', tell, after))).toBe('pass');
    expect(wordOf(judged(queue, 'DLQ-4', tell, after))).toBe('pass');
  });
});

describe('an answer that was given in time, after which the adapter gave the message back and handed it over again', () => {
  /** `afterMs` is when the message is given back, from its handing-over; `beforeMs` how long it was stored by then. */
  const again =
    (status: number, afterMs: number, beforeMs: number) =>
    (world: World): void => {
      const message = world.plan();
      world.send(message).pass(beforeMs).hand(message, 'one', { status }).pass(afterMs);
      world.tell(message, 'one', 'nak', { deliveries: 1, delayMs: 100 }).pass(101);
      world.hand(message, 'one', { status, effect: 'no' });
      if (status === 200) world.tell(message, 'one', 'ack', { deliveries: 2 });
      else world.tell(message, 'one', 'term', { deliveries: 2, reason: 'rejected' });
    };

  test.each([
    ['DUP-2', 200],
    ['DLQ-1', 422],
  ])('%s fails where that was at once, and is undecided where the time limit may have been over', (clause, status) => {
    const word = (afterMs: number, beforeMs = 0, worstMs = 1): string =>
      wordOf(judged(queue, clause, again(status, afterMs, beforeMs), (rows) => wellTimed(rows, worstMs)));
    expect(word(1)).toBe('fail');
    expect(word(700)).toBe('fail');
    expect(word(1000)).toBe('undecided');
    // What is POSTed to a harness that lags waits before it counts as handed over, but no longer than it was there.
    expect(word(700, 300, 300)).toBe('undecided');
    expect(word(700, 0, 300)).toBe('fail');
    expect(word(1, 1000, 300)).toBe('fail');
    // Many small delays come to a long one, and so does an event loop that never pauses.
    const throughout = (of: Readonly<Record<'worstMs' | 'loopMs', number>>): string =>
      wordOf(
        judged(queue, clause, again(status, 1, 1000), (rows) => {
          const each = { intervalMs: 100, busMs: 0, processorMs: 0, ...of };
          rows.lag = Array.from({ length: 200 }, (_, n) => ({ at: n * 100, ...each }));
        }),
      );
    expect(throughout({ worstMs: 90, loopMs: 0 })).toBe('undecided');
    expect(throughout({ worstMs: 5, loopMs: 96 })).toBe('undecided');
    expect(throughout({ worstMs: 5, loopMs: 94 })).toBe('fail');
    // It may even have been given back before it was read.
    const before = judged(queue, clause, again(status, 1, 1000), (rows) => {
      wellTimed(rows, 1200);
      Object.assign(rows.acknowledgement[0] ?? {}, { at: (rows.delivery[0]?.at ?? 0) - 20 });
    });
    expect(wordOf(before)).toBe('undecided');
  });

  test('DLQ-4 says so of what was taken, and yet used its attempts up', () => {
    const tell = (world: World): void => {
      const message = world.plan();
      world.send(message).exhaust(message, 'one');
    };
    const taken =
      (givenBackAt: number) =>
      (rows: Rows): void => {
        wellTimed(rows);
        Object.assign(rows.delivery[0] ?? {}, { status: 200, effect: 'yes', at: 10, done: 11 });
        Object.assign(rows.acknowledgement[0] ?? {}, { at: givenBackAt });
        Object.assign(rows.advisory[0] ?? {}, { at: 3000 });
      };
    expect(wordOf(judged(queue, 'DLQ-4', tell, taken(12)))).toBe('fail');
    expect(wordOf(judged(queue, 'DLQ-4', tell, taken(1010)))).toBe('undecided');
    // It was given back before its attempts were used up, whichever of the two was read first.
    expect(wordOf(judged(queue, 'DLQ-4', tell, taken(3400)))).toBe('undecided');
    // How late it was given back again says nothing of the first time.
    const later = (rows: Rows): void => {
      taken(12)(rows);
      Object.assign(rows.acknowledgement[1] ?? {}, { at: 2000 });
    };
    expect(wordOf(judged(queue, 'DLQ-4', tell, later))).toBe('fail');
  });
});

describe('a message whose attempts were used up without its being handed over', () => {
  test('is a failure, but where the harness lagged for as long as an adapter waits', () => {
    const word = (worstMs: number): string =>
      wordOf(
        judged(
          queue,
          'DEL-3',
          (world) => {
            const [given, other] = [world.plan(), world.plan()];
            world.send(given).exhaust(given, 'one').send(other).takeByAll(other);
          },
          (rows) => {
            rows.delivery = rows.delivery.filter(({ status }) => status !== 503);
            wellTimed(rows, worstMs);
          },
        ),
      );
    expect(word(1)).toBe('fail');
    expect(word(900)).toBe('undecided');
  });
});

describe('an answer to what was read only after the adapter had given the message back', () => {
  const tell = (world: World): void => {
    const message = world.plan();
    world.send(message).pass(1000).tell(message, 'one', 'nak', { deliveries: 1, delayMs: 100 }).pass(200);
    world.hand(message, 'one').pass(50).hand(message, 'one', { effect: 'no' });
    world.tell(message, 'one', 'ack', { deliveries: 2 });
  };

  test('was not heard for sure where the harness lagged for so long, and else it was', () => {
    const word = (worstMs: number): string => wordOf(judged(queue, 'DUP-2', tell, (rows) => wellTimed(rows, worstMs)));
    expect(word(1)).toBe('fail');
    expect(word(300)).toBe('undecided');
  });
});

describe('a crash', () => {
  const crashed = (world: World): void => {
    const message = world.plan();
    world.life('one', 'started').life('one', 'ready');
    world
      .send(message)
      .hand(message, 'one', { status: 0, effect: 'yes' })
      .life('one', 'crashed')
      .life('one', 'started')
      .life('one', 'ready');
    world.hand(message, 'one', { effect: 'no' }).tell(message, 'one', 'ack', { deliveries: 2 });
  };

  test('after the effect may bring the message again, and its application ignores it', () => {
    const { world, rows } = worldOf(queue);
    crashed(world);
    world.finish();
    const findings = findingsOf(queue, rows, ['DUP-2']);
    expect(wordOf(findings.get('DUP-2'))).toBe('pass');
    expect(failing(findings)).toEqual([]);
  });
});

describe('an attempt that failed', () => {
  const failed = (meanwhile: (world: World) => void) => (world: World) => {
    const message = world.plan();
    world.life('one', 'started').life('one', 'ready').send(message).hand(message, 'one', { status: 503 });
    meanwhile(world);
    world.pass(queue.ackWaitMs ?? 0);
    world.hand(message, 'one').tell(message, 'one', 'ack', { deliveries: 2 });
  };

  test('is given back by its adapter', () => {
    expect(
      wordOf(
        judged(
          queue,
          'DLQ-2',
          failed(() => undefined),
        ),
      ),
    ).toBe('fail');
  });

  test('may not have been given back by one that crashed then', () => {
    const crash = failed((world) => world.life('one', 'crashed').life('one', 'started').life('one', 'ready'));
    expect(wordOf(judged(queue, 'DLQ-2', crash))).toBe('pass');
  });
});

describe('what the harness itself got wrong', () => {
  test('is no failure where two validators disagree', () => {
    const finding = judged(fan, 'SCH-1', plain, (rows) => void Object.assign(rows.stored[0] ?? {}, { validA: 'no' }));
    expect(wordOf(finding)).toBe('undecided');
    expect(finding?.notes).toContain('validators disagree');
  });

  test('is no pass where a message that was planned to be invalid is valid', () => {
    const tell = (world: World): void => {
      const message = world.plan({ violation: 'schema:type:/a' });
      world.inject(message);
    };
    expect(
      wordOf(
        judged(fan, 'SCH-1', tell, (rows) => {
          rows.injection.length = 0;
          Object.assign(rows.stored[0] ?? {}, { validA: 'yes', validB: 'yes' });
        }),
      ),
    ).not.toBe('pass');
  });

  test.each(['AUD-2', 'ENV-7'])('is no pass of %s where a search misses its positive control', (clause) => {
    const tell = (world: World): void => {
      plain(world);
      world.scans();
    };
    expect(wordOf(judged(fan, clause, tell))).toBe('pass');
    expect(
      wordOf(
        judged(fan, clause, tell, (rows) => {
          for (const scan of rows.scan) scan.control = 'no';
        }),
      ),
    ).toBe('undecided');
  });
});

describe('what a verdict rests on', () => {
  test('names the fault classes of the history', () => {
    expect(judged(fan, 'DEL-1', plain)?.notes).toEqual(['fault classes: none']);
    const cut = (rows: Rows): void => void rows.fault.push({ kind: 'cut', target: 'sender', took: 'yes' });
    expect(judged(fan, 'DEL-1', plain, cut)?.notes).toEqual(['fault classes: cut']);
  });

  test('names the fields that no canary covers', () => {
    const uncovered = (rows: Rows): void => void rows.uncovered.push({ type: 'Thing', path: '/grade' });
    const notes = judged(fan, 'AUD-2', (world) => void world.scans(), uncovered)?.notes;
    expect(notes).toEqual(['not covered, too little room for a canary: Thing /grade']);
  });

  test('keeps so many failures, and counts them all', () => {
    const many = (world: World): void => {
      for (let index = 0; index < 50; index++) plain(world);
    };
    const finding = judged(fan, 'DEL-3', many, (rows) => void (rows.delivery.length = 0));
    expect(finding?.failed).toBe(100);
    expect(finding?.failures).toHaveLength(failureLimit);
  });

  test('at the edge of the dedupe window either answer is right', () => {
    const twice = (world: World): void => {
      const message = world.plan();
      world.inject(message).takeByAll(message).pass(1030).inject(message);
      for (const application of ['one', 'two']) world.tell(message, application, 'ack');
    };
    expect(wordOf(judged(fan, 'DUP-1', twice))).toBe('not-exercised');
    expect(
      judged(fan, 'DUP-1', twice, (rows) => void Object.assign(rows.injection[1] ?? {}, { duplicate: 'yes' }))?.failed,
    ).toBe(0);
  });
});

describe('a message that was still waiting when the drain was given up', () => {
  const { application } = queue.receivers[0] ?? { application: '' };
  const waiting = (world: World): void => {
    world.life(application, 'started').life(application, 'ready').send(world.plan());
  };
  const drained = (rows: Rows): Record<string, unknown> => {
    const [drain] = rows.wait.filter(({ what }) => what === 'drain');
    return drain ?? {};
  };
  /** The adapter was ready, and took nothing, for six seconds. */
  const unread = (rows: Rows): void => {
    Object.assign(drained(rows), { at: 1000, done: 7000, reached: 'no' });
    for (const state of rows.consumerState) Object.assign(state, { pending: 1, ackPending: 0, delivered: 0 });
    wellTimed(rows);
  };
  const word = (change: (rows: Rows) => void = () => undefined): string =>
    wordOf(
      judged(queue, 'DEL-3', waiting, (rows) => {
        unread(rows);
        change(rows);
      }),
    );

  test('was lost by its adapter, which was ready and did not read the consumer', () => {
    expect(word()).toBe('fail');
    const finding = judged(queue, 'DEL-3', waiting, unread);
    expect(finding?.failures[0]?.observed).toMatch(
      /ready and with nothing in hand, took nothing from consumer .* for 6000 ms, where 1 wait/u,
    );
  });

  test.each<readonly [string, (rows: Rows) => void]>([
    ['for less than an adapter may take', (rows) => Object.assign(drained(rows), { done: 5900 })],
    ['while the harness was in trouble', (rows) => rows.problem.push({ where: 'application', what: 'it threw' })],
    ['while the harness lagged', (rows) => wellTimed(rows, 500)],
    ['with something in hand', (rows) => Object.assign(rows.consumerState[0] ?? {}, { ackPending: 1 })],
    ['after it had been given out', (rows) => Object.assign(rows.consumerState[0] ?? {}, { delivered: 1 })],
    ['while the adapter was not ready', (rows) => void (rows.lifecycle.length = 0)],
    ['while the adapter began again', (rows) => rows.lifecycle.push({ application, change: 'started', at: 3000 })],
    ['and the drain was reached all the same', (rows) => Object.assign(drained(rows), { reached: 'unknown' })],
  ])('is undecided where it waited %s', (_, change) => {
    expect(word(change)).toBe('undecided');
  });
});

describe('what waits behind a poison message of another key', () => {
  const ordered = flows['ordered-stream'];
  /** So many of another key, stored at once, which `one` is handed so many milliseconds after one another, the last so much later. */
  const word = (count: number, everyMs: number, lastMs: number): string => {
    const tell = (world: World): void => {
      const poison = world.plan({ key: 'k0', sequence: 1 });
      const others = Array.from({ length: count }, (_, at) => world.plan({ key: 'k1', sequence: at + 1 }));
      world.send(poison);
      for (const other of others) world.send(other);
      for (const application of ['two', 'one']) {
        world.failOnce(poison, application, 1).take(poison, application);
        for (const other of others) world.pass(application === 'one' ? everyMs : 0).take(other, application);
      }
    };
    const finding = judged(ordered, 'ORD-3', tell, (rows) => {
      const late = rows.delivery.find((row) => row.message === count && row.application === 'one');
      Object.assign(late ?? {}, { at: (late?.at ?? 0) + lastMs, done: (late?.at ?? 0) + lastMs + 1 });
      wellTimed(rows);
    });
    return wordOf(finding);
  };

  test('is late where it waits for it', () => {
    expect(word(1, 0, 0)).toBe('pass');
    expect(word(1, 0, 1.5 * ordered.p99Ms)).toBe('fail');
    expect(word(8, 20, 2 * ordered.p99Ms)).toBe('fail');
  });

  test('may stand behind others of its own partition, each of which takes its time', () => {
    expect(word(8, 250, 0)).not.toBe('fail');
    expect(word(8, 250, 2 * ordered.p99Ms)).toBe('fail');
  });
});
