import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wire } from '../../harness/checkers/wire.ts';
import { contractOf, findingsOf, historyOf, undecided, wordOf, type Rows } from './build.ts';
import { chunksLeft } from './cases-again.ts';
import { ackWaitMs, givenBack, lostAcknowledgement, onWire } from './cases-wire.ts';
import { flows, type FlowName } from './flows.ts';
import { worldOf } from './world.ts';
import { NONE } from '../../harness/model/table.ts';

const stories = fc.array(fc.constantFrom('lost', 'given back', 'plain'), { minLength: 1, maxLength: 8 });

function rowsOf(name: FlowName, list: readonly string[]): Rows {
  const { rows, world } = worldOf(flows[name]);
  for (const story of list) {
    if (story === 'lost') lostAcknowledgement(world);
    else if (story === 'given back' && name === 'work-queue') givenBack(world);
    else {
      const message = world.plan();
      world.send(message).takeByAll(message);
    }
  }
  world.scans().finish();
  return rows;
}

interface Break {
  readonly clause: string;
  readonly name: string;
  readonly candidates: (rows: Rows) => readonly Rows['wire'][number][];
  readonly apply: (rows: Rows, row: Rows['wire'][number]) => void;
}

const breaks: readonly Break[] = [
  {
    clause: 'DEL-2',
    name: 'one repeat of a publish has another message id',
    candidates: (rows) => rows.wire.filter(({ what, outcome }) => what === 'publish' && outcome === 'ok'),
    apply: (_rows, row) => void (row.messageId = 'another'),
  },
  {
    clause: 'DEL-2',
    name: 'one repeat was not acknowledged, and its application was told that it was',
    candidates: (rows) => rows.wire.filter(({ what, outcome }) => what === 'publish' && outcome === 'ok'),
    apply: (_rows, row) => void (row.outcome = 'info'),
  },
  {
    clause: 'DLQ-2',
    name: 'one failed attempt is given back with another delay',
    candidates: (rows) => rows.wire.filter(({ verb }) => verb === 'nak'),
    apply: (_rows, row) => void (row.delayMs = 70),
  },
  {
    clause: 'DLQ-2',
    name: 'one delivery comes before the delay that was asked for is over',
    candidates: (rows) => rows.wire.filter(({ what, deliveries }) => what === 'delivery' && deliveries === 2),
    apply: (_rows, row) => void (row.at = (row.at ?? 0) - 60),
  },
  {
    clause: 'DLQ-4',
    name: 'one acknowledgement leaves before the application has answered',
    candidates: (rows) => rows.wire.filter(({ verb }) => verb === 'ack'),
    apply: (rows, row) => {
      const taken = rows.delivery.findLast(({ done = 0, status }) => status === 200 && done < (row.at ?? 0));
      if (taken !== undefined) taken.done = (row.at ?? 0) + 5;
    },
  },
  {
    clause: 'DEL-4',
    name: 'one holder that gives an item back is not heard',
    candidates: (rows) => rows.wire.filter(({ verb }) => verb === 'nak'),
    apply: (rows, row) => void (rows.wire = rows.wire.filter((other) => other !== row)),
  },
];

describe.each(['fan-out', 'work-queue'] as const)('a healthy wire of %s', (name) => {
  test('fails nothing and leaves nothing undecided', () => {
    fc.assert(
      fc.property(stories, (list) => {
        const findings = findingsOf(flows[name], rowsOf(name, list));
        expect([...findings.values()].flatMap(({ failures }) => failures)).toEqual([]);
        expect(undecided(findings)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

test.each(breaks)('$clause fails where $name', ({ clause, candidates, apply }) => {
  let applied = 0;
  fc.assert(
    fc.property(stories, fc.nat(), (list, choice) => {
      const rows = rowsOf('work-queue', list);
      const found = candidates(rows);
      const row = found[choice % Math.max(1, found.length)];
      if (row === undefined) return;
      applied++;
      apply(rows, row);
      const findings = findingsOf(flows['work-queue'], rows);
      expect(wordOf(findings.get(clause))).toBe('fail');
    }),
    { numRuns: 60 },
  );
  expect(applied).toBeGreaterThan(10);
});

test('a holder that the machine kept from speaking is not blamed', () => {
  const rows = rowsOf('work-queue', ['given back']);
  rows.wire = rows.wire.filter(({ verb }) => verb !== 'nak');
  for (const lag of rows.lag) lag.worstMs = ackWaitMs / 2;
  expect(wordOf(findingsOf(flows['work-queue'], rows).get('DEL-4'))).toBe('undecided');
});

test('a notice of an event is no publish of it', () => {
  const rows = rowsOf('fan-out', ['lost']);
  rows.wire.push({ ...rows.wire.find(({ what }) => what === 'publish'), subject: 'notice.sender', messageId: '' });
  expect(wordOf(findingsOf(flows['fan-out'], rows).get('DEL-2'))).toBe('pass');
});

test('a copy that was stored after the dedupe window proves nothing', () => {
  const { rows, world } = worldOf(flows['fan-out']);
  const message = lostAcknowledgement(world);
  world.pass(2000).store(message);
  world.finish();
  expect(wordOf(findingsOf(flows['fan-out'], rows).get('DEL-2'))).toBe('undecided');
});

test('a repeat after the window leaves nothing open where its adapter had to connect again first', () => {
  const word = (connectedMs: number): string => {
    const { rows, world } = worldOf(flows['fan-out']);
    const message = world.plan();
    const publish = { what: 'publish', message, messageId: `urn:sender m${String(message)}` } as const;
    onWire(world, { ...publish, outcome: 'info' });
    world.store(message);
    onWire(world, { what: 'cut', reason: 'lose-acknowledgement' });
    world.pass(3000 - connectedMs);
    onWire(world, { what: 'connect', connection: 1 });
    world.pass(connectedMs);
    onWire(world, { ...publish, connection: 1, outcome: 'ok', done: world.now + 2, stream: 'THINGS', sequence: 2 });
    world.send(message).takeByAll(message).finish();
    return wordOf(findingsOf(flows['fan-out'], rows).get('DEL-2'));
  };
  expect(word(50)).toBe('pass');
  expect(word(2500)).toBe('undecided');
});

test('an event that its application sends again after the window is stored again: that is no repeat of the adapter', () => {
  const { rows, world } = worldOf(flows['fan-out']);
  const message = lostAcknowledgement(world);
  world.pass(2000).send(message);
  const publish = { what: 'publish', message, messageId: `urn:sender m${String(message)}` } as const;
  onWire(world, { ...publish, connection: 1, outcome: 'ok', done: world.now + 2, stream: 'THINGS', sequence: 2 });
  world.finish();
  expect(rows.stored).toHaveLength(2);
  expect(wordOf(findingsOf(flows['fan-out'], rows).get('DEL-2'))).toBe('pass');
});

test('a copy that the harness put there itself is no repeat of the adapter', () => {
  const { rows, world } = worldOf(flows['work-queue']);
  const message = lostAcknowledgement(world);
  world.inject(message);
  world.scans().finish();
  const finding = findingsOf(flows['work-queue'], rows, ['DEL-2']).get('DEL-2');
  expect(wordOf(finding)).toBe('pass');
});

test('without a relay neither clause is put to the test, and the reason is said', () => {
  const history = historyOf(rowsOf('work-queue', ['plain']));
  const contract = { ...contractOf(flows['work-queue'], ['DEL-2', 'DEL-4']), unobserved: ['wire'] as const };
  for (const finding of wire.check(contract, history)) {
    expect(wordOf(finding)).toBe('not-exercised');
    expect(finding.notes).toEqual(['without the relay nobody sees what adapters say to the bus']);
  }
});

test('an attempt that was read late may be that of the delivery before', () => {
  const word = (worstMs: number): string => {
    const rows = rowsOf('work-queue', ['given back']);
    for (const row of [...rows.wire, ...rows.delivery]) if (row.instance === 1) row.instance = 0;
    const again = rows.wire.find(({ what, deliveries }) => what === 'delivery' && deliveries === 2);
    Object.assign(rows.delivery[0] ?? {}, { at: (again?.at ?? 0) + 0.1, done: (again?.at ?? 0) + 0.2, status: 200 });
    for (const lag of rows.lag) lag.worstMs = worstMs;
    return wordOf(findingsOf(flows['work-queue'], rows).get('DLQ-2'));
  };
  expect(word(1)).toBe('fail');
  expect(word(300)).toBe('undecided');
});

test('a delivery that its adapter did not come to is not asked for in the place of the next ones', () => {
  const { rows, world } = worldOf(flows['work-queue']);
  const message = world.plan();
  world.send(message);
  const sequence = world.stored;
  const holding = { application: 'one', stream: 'THINGS', consumer: 'one', sequence } as const;
  onWire(world, { ...holding, what: 'delivery', message, deliveries: 1 }).pass(ackWaitMs + 1);
  for (const deliveries of [2, 3]) {
    onWire(world, { ...holding, what: 'delivery', message, deliveries });
    world.hand(message, 'one', { status: 503 });
    onWire(world, { ...holding, what: 'acknowledgement', deliveries, verb: 'nak', delayMs: 100 });
    world.tell(message, 'one', 'nak', { deliveries, delayMs: 100 }).pass(101);
  }
  world.finish();
  const finding = findingsOf(flows['work-queue'], rows).get('DLQ-2');
  expect(finding?.failures.filter(({ observed }) => observed.includes('times for one'))).toEqual([]);
});

describe('chunks without an object', () => {
  const flow = flows['claim-check'];
  const left = (status: number, change: (rows: Rows) => void = () => undefined): string | undefined => {
    const { rows, world } = worldOf(flow);
    world.send(world.plan({ violation: 'content:digest:0' }), { status, reason: 'content' });
    world.finish();
    chunksLeft(rows);
    change(rows);
    return wordOf(findingsOf(flow, rows).get('SCH-3'));
  };

  test('are held against the adapter that put them there for a bundle which it refused', () => {
    expect(left(422)).toBe('fail');
  });

  test('are not where the outcome of the bundle is unknown', () => {
    expect(left(503)).not.toBe('fail');
  });

  test('are not where its connection was cut', () => {
    const cut = ({ wire }: Rows): void => void wire.push({ ...wire.at(-1), what: 'cut', subject: '' });
    expect(left(422, cut)).not.toBe('fail');
  });

  test('are not where it crashed meanwhile', () => {
    const crash = ({ lifecycle, wire }: Rows): void => {
      const { at = 0, application = '' } = wire.at(-1) ?? {};
      lifecycle.push({ at: at + 1, application, instance: 0, change: 'crashed' });
    };
    expect(left(422, crash)).not.toBe('fail');
  });

  test('are not where somebody else put them there', () => {
    expect(left(422, (rows) => void (rows.wire = []))).not.toBe('fail');
  });
});

describe('the last attempt that fails', () => {
  const flow = flows['work-queue'];
  const spoken = (change: (rows: Rows) => void): string | undefined => {
    const { rows, world } = worldOf(flow);
    const message = world.plan();
    world.send(message).exhaust(message, 'one').finish();
    const of = { application: 'one', stream: 'THINGS', consumer: 'one', sequence: 1, message: NONE, done: Number.NaN };
    for (const [nth, { at = 0 }] of rows.delivery.entries()) {
      const { at: told = 0, delayMs = 0 } = rows.acknowledgement[nth] ?? {};
      const deliveries = nth + 1;
      rows.wire.push({ ...of, at: at - 0.1, what: 'delivery', deliveries });
      rows.wire.push({ ...of, at: told, what: 'acknowledgement', deliveries, verb: 'nak', delayMs });
    }
    change(rows);
    return wordOf(findingsOf(flow, rows).get('DLQ-2'));
  };

  test('is given back as those before', () => {
    expect(spoken(() => undefined)).toBe('pass');
  });

  test('is not left to the ack wait', () => {
    expect(spoken((rows) => void rows.wire.pop())).toBe('fail');
  });

  test('may be left unsaid where its connection ended', () => {
    const ended = (rows: Rows): void => {
      const { at = 0 } = rows.wire.pop() ?? {};
      rows.wire.push({ at, application: 'one', what: 'close', message: NONE, sequence: NONE });
    };
    expect(spoken(ended)).toBe('pass');
  });
});
