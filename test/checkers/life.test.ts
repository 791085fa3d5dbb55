import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contractOf, findingsOf, historyOf, noRows, undecided, wordOf, type Rows } from './build.ts';
import { streamed, toldToEnd, wasCutOff } from './cases-life.ts';
import { life } from '../../harness/checkers/life.ts';
import { NONE } from '../../harness/model/table.ts';
import { leftRunning } from '../../harness/model/ending.ts';
import { flows, type FlowName } from './flows.ts';
import { World } from './world.ts';

const stories = { 'told to end': toldToEnd, 'cut off': wasCutOff, streamed } as const;
type Story = keyof typeof stories;

/** What happens after is beside the point: messages that everybody takes. */
function rowsOf(name: FlowName, story: Story, after: number): Rows {
  const rows = noRows();
  const world = new World(flows[name], (table, row) => void (rows[table] as (typeof row)[]).push({ ...row }));
  const plain = (count: number): void => {
    for (let at = 0; at < count; at++) {
      const message = world.plan();
      world.send(message).takeByAll(message);
    }
  };
  stories[story](world);
  plain(after);
  world.scans().finish();
  return rows;
}

interface Break {
  readonly clause: string;
  readonly flow: FlowName;
  readonly story: Story;
  readonly name: string;
  readonly apply: (rows: Rows) => void;
}

const ended = (rows: Rows) => rows.lifecycle.findLast(({ change }) => change === 'ended');

const breaks: readonly Break[] = [
  {
    clause: 'LIF-1',
    flow: 'fan-out',
    story: 'told to end',
    name: 'it had to be killed',
    apply: (rows) => Object.assign(ended(rows) ?? {}, { reason: 'did not end within 10000 ms of SIGTERM' }),
  },
  {
    clause: 'LIF-3',
    flow: 'fan-out',
    story: 'cut off',
    name: 'it says that it is well while it is cut off',
    apply: (rows) => Object.assign(rows.health[0] ?? {}, { status: 200 }),
  },
  {
    clause: 'LIF-4',
    flow: 'claim-check',
    story: 'streamed',
    name: 'nothing is sent to the bus before all was taken',
    apply: (rows) => {
      const last = rows.transfer.findLast(({ way }) => way === 'taken')?.at ?? 0;
      for (const row of rows.wire) if (row.what === 'publish') row.at = last + 1;
    },
  },
  {
    clause: 'SEC-4',
    flow: 'fan-out',
    story: 'cut off',
    name: 'the bus denies it something',
    apply: (rows) =>
      void rows.wire.push({
        ...rows.wire[0],
        application: 'one',
        what: 'error',
        reason: `'Permissions Violation for Publish to "other"'`,
      }),
  },
  {
    clause: 'SEC-4',
    flow: 'fan-out',
    story: 'cut off',
    name: 'another instance listens to the same inbox',
    apply: (rows) => {
      for (const instance of [0, 1])
        rows.wire.push({ ...rows.wire[0], application: 'one', instance, what: 'subscribe', subject: '_INBOX_one.a.*' });
    },
  },
];

const few = fc.nat(4);

test.each([
  ['fan-out', 'told to end'],
  ['fan-out', 'cut off'],
  ['claim-check', 'streamed'],
] as const)('a healthy life on %s, %s, fails nothing and leaves nothing undecided', (name, story) => {
  fc.assert(
    fc.property(few, (after) => {
      const findings = findingsOf(flows[name], rowsOf(name, story, after));
      expect([...findings.values()].flatMap(({ failures }) => failures)).toEqual([]);
      expect(undecided(findings)).toEqual([]);
    }),
    { numRuns: 10 },
  );
});

test.each(breaks)('$clause fails, whatever comes after, where $name', ({ clause, flow, story, apply }) => {
  fc.assert(
    fc.property(few, (after) => {
      const rows = rowsOf(flow, story, after);
      apply(rows);
      expect(wordOf(findingsOf(flows[flow], rows).get(clause))).toBe('fail');
    }),
    { numRuns: 10 },
  );
});

test('where nobody learnt of its health meanwhile, it cannot be said that an adapter noticed that it is cut off', () => {
  const asked = (change: Partial<Rows['health'][number]> | 'never', lagMs = 0) => {
    const rows = rowsOf('fan-out', 'cut off', 0);
    if (change === 'never') rows.health.shift();
    else Object.assign(rows.health[0] ?? {}, change);
    for (const row of rows.lag) row.worstMs = lagMs;
    const finding = findingsOf(flows['fan-out'], rows).get('LIF-3');
    return [wordOf(finding), finding?.lagged === true];
  };
  const until = rowsOf('fan-out', 'cut off', 0).fault[0]?.done ?? 0;
  expect(asked('never')).toEqual(['undecided', false]);
  expect(asked('never', 99)).toEqual(['undecided', false]);
  expect(asked('never', 100)).toEqual(['undecided', true]);
  expect(asked({ done: until + 1, status: 200 })).toEqual(['undecided', false]);
  expect(asked({ done: until + 1, status: 503 })).toEqual(['pass', false]);
  expect(asked({ at: until + 1, done: until + 2, status: 503 })).toEqual(['undecided', false]);
});

test('an adapter that was given by its URL is not told to end, and nothing is said of how it ends', () => {
  const rows = rowsOf('fan-out', 'told to end', 0);
  for (const row of rows.lifecycle) if (row.change === 'ended') row.reason = leftRunning;
  const finding = findingsOf(flows['fan-out'], rows).get('LIF-1');
  expect(wordOf(finding)).toBe('not-exercised');
  expect(finding?.notes).toEqual(['the adapter of one was not told to end']);
});

test('an adapter that the machine may have killed is not blamed for its end', () => {
  const rows = rowsOf('fan-out', 'told to end', 0);
  const reason = 'the adapter was ended by SIGKILL, and nobody had asked it to';
  Object.assign(ended(rows) ?? {}, { change: 'failed', reason });
  expect(wordOf(findingsOf(flows['fan-out'], rows).get('LIF-1'))).toBe('undecided');
});

test('what an adapter was asked in a life that a crash ended is not in the hands of the one that is told to end', () => {
  const crashedMeanwhile = (crashed: boolean): string => {
    const rows = rowsOf('fan-out', 'told to end', 0);
    const [asked] = rows.delivery;
    Object.assign(asked ?? {}, { outcome: 'info', status: 0 });
    const at = (asked?.at ?? 0) + 1;
    const one = { application: 'one', instance: 0, reason: '' };
    if (crashed)
      for (const change of ['crashed', 'started', 'ready'] as const) rows.lifecycle.push({ ...one, at, change });
    return wordOf(findingsOf(flows['fan-out'], rows).get('LIF-1'));
  };
  expect(crashedMeanwhile(false)).toBe('fail');
  expect(crashedMeanwhile(true)).not.toBe('fail');
});

test('what an adapter gives back at its end, when its time limit may have been over while the harness was busy, it may have had no answer to', () => {
  const givenBack = (loop: number): string => {
    const rows = rowsOf('fan-out', 'told to end', 0);
    for (const row of rows.stored) Object.assign(row, { at: 19_600, storedAt: 19_600 });
    Object.assign(rows.delivery[0] ?? {}, { at: 19_660, done: 20_510 });
    Object.assign(rows.acknowledgement[0] ?? {}, { at: 20_513, verb: 'nak' });
    for (const row of rows.lag) row.loopMs = loop * (row.intervalMs ?? 0);
    return wordOf(findingsOf(flows['fan-out'], rows).get('LIF-1'));
  };
  expect(givenBack(0.2)).toBe('fail');
  expect(givenBack(1)).toBe('undecided');
});

/** Contents of 20 MiB that a provider passes on at the same time, each of them so many mebibytes behind what it has taken. */
function sideBySide(contents: number, behind: number): Rows {
  const rows = noRows();
  const flow = flows['claim-check'];
  const world = new World(flow, (table, row) => void (rows[table] as (typeof row)[]).push({ ...row }));
  const messages = Array.from({ length: contents }, () => world.plan({ contents: 1 }));
  const step = 1024 ** 2;
  const chunk = {
    application: 'sender',
    what: 'publish',
    message: NONE,
    sequence: NONE,
    done: Number.NaN,
    bytes: step,
  } as const;
  for (let count = 1; count <= 20 + behind; count++) {
    for (const message of messages) {
      if (count <= 20) world.transfer({ application: 'sender', way: 'taken', message, bytes: count * step });
      if (count > behind) world.wire({ ...chunk, subject: `$O.BUNDLES.C.of${String(message)}` });
    }
  }
  for (const message of messages) world.send(message).content(message, 0).takeByAll(message);
  world.scans().finish();
  return rows;
}

test('each content that is under way may be on its way with so much, and no more', () => {
  const word = (contents: number, behind: number): string =>
    wordOf(findingsOf(flows['claim-check'], sideBySide(contents, behind)).get('LIF-4'));
  expect([word(1, 14), word(1, 16)]).toEqual(['pass', 'fail']);
  expect([word(3, 14), word(3, 16)]).toEqual(['pass', 'fail']);
});

test('without the relay nothing is said of what an adapter holds', () => {
  const rows = rowsOf('claim-check', 'streamed', 0);
  const plain = contractOf(flows['claim-check'], ['LIF-4']);
  for (const [contract, wire] of [
    [plain, []],
    [{ ...plain, unobserved: ['wire'] as const }, rows.wire],
  ] as const) {
    const findings = life.check(contract, historyOf({ ...rows, wire: [...wire] }));
    const finding = findings.find(({ clause }) => clause === 'LIF-4');
    expect(wordOf(finding)).toBe('not-exercised');
    expect(finding?.notes).toEqual(['without the relay nobody sees what adapters say to the bus']);
  }
});
