import { describe, expect, test } from 'vitest';
import { judgeNoticeHeaders } from '../../harness/checkers/notice-headers.ts';
import type { PartialRow } from '../../harness/model/history.ts';
import { wordOf } from './build.ts';
import { flows } from './flows.ts';
import { judged } from './judged.ts';

const flow = flows['fan-out'];
const said = (notice: PartialRow<'notice'>) =>
  judged(
    flow,
    { planned: [{ flow: flow.id }, { flow: 'another/flow' }], notice: [notice] },
    'DLQ-4',
    judgeNoticeHeaders,
  );
const own = { message: 0, application: 'one', reason: 'conflict' } as const;

describe('a notice has every attribute of its event', () => {
  test.each([
    ['pass', own],
    ['pass', { ...own, application: 'sender' }],
    ['fail', { ...own, faults: 'ce-time Nats-Msg-Id' }],
    ['not-exercised', { ...own, faults: 'ce-time', application: 'stranger' }],
    ['not-exercised', { ...own, faults: 'ce-time', message: 1 }],
    ['not-exercised', { ...own, faults: 'ce-time', message: 7 }],
  ] as const)('%s: %j', (word, notice) => {
    expect(wordOf(said(notice))).toBe(word);
  });

  test('and it is told what it has not', () => {
    expect(said({ ...own, faults: 'ce-time Nats-Msg-Id' }).failures[0]).toMatchObject({
      application: 'one',
      observed: 'not as they are to be: ce-time, Nats-Msg-Id',
    });
  });
});
