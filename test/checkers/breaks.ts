import type { ClauseId } from '../../harness/model/clause.ts';
import { NONE } from '../../harness/model/table.ts';
import type { Rows } from './build.ts';
import type { FlowName } from './flows.ts';

/** One known way of breaking a healthy history: rows that it can be done to, what is done, and the clauses that fail for it. */
export interface Break {
  readonly name: string;
  /** Flows on which it is a break. */
  readonly flows: readonly FlowName[];
  readonly candidates: (rows: Rows) => readonly number[];
  readonly apply: (rows: Rows, row: number) => void;
  readonly must: (flow: FlowName) => readonly ClauseId[];
  /** Other clauses that it breaks too. */
  readonly may: readonly ClauseId[];
}

const streams: readonly FlowName[] = ['fan-out', 'ordered-stream', 'last-value', 'work-queue', 'claim-check'];
const all: readonly FlowName[] = [...streams, 'at-most-once', 'request-reply'];

const where = <T>(list: readonly T[], wanted: (row: T, index: number) => boolean): readonly number[] =>
  list.flatMap((row, index) => (wanted(row, index) ? [index] : []));

const effects = (rows: Rows): readonly number[] => where(rows.delivery, (row) => row.effect === 'yes');

/** Rows that take their turn in the wrong order: the second of two effects of one key on one application. */
const seconds = (rows: Rows): readonly number[] =>
  where(rows.delivery, (row, index) => row.effect === 'yes' && firstOf(rows, index) >= 0);

function firstOf(rows: Rows, second: number): number {
  const row = rows.delivery[second];
  const key = rows.planned[row?.message ?? 0]?.key;
  return rows.delivery.findIndex(
    (other, index) =>
      index < second &&
      other.effect === 'yes' &&
      other.application === row?.application &&
      rows.planned[other.message ?? 0]?.key === key,
  );
}

export const breaks: readonly Break[] = [
  {
    name: 'a handing-over is dropped',
    flows: streams,
    candidates: effects,
    apply: (rows, row) => {
      const { message, application } = rows.delivery[row] ?? {};
      rows.delivery = rows.delivery.filter((other) => other.message !== message || other.application !== application);
    },
    must: () => ['DEL-3', 'DLQ-4'],
    may: ['ORD-2', 'ORD-3'],
  },
  {
    name: 'what travels at most once is acknowledged and never handed over',
    flows: ['at-most-once'],
    candidates: effects,
    apply: (rows, row) => void rows.delivery.splice(row, 1),
    must: () => ['DEL-3'],
    may: [],
  },
  {
    name: 'a header that is to stay behind is put on the bus',
    flows: [...streams, 'at-most-once'],
    candidates: (rows) =>
      where(
        rows.stored,
        ({ message = NONE }) => message !== NONE && !rows.injection.some((row) => row.message === message),
      ),
    apply: (rows, row) => void Object.assign(rows.stored[row] ?? {}, { noneForeign: 'no' }),
    must: () => ['ENV-1'],
    may: [],
  },
  {
    name: 'an effect is doubled',
    flows: streams,
    candidates: effects,
    apply: (rows, row) => {
      const effect = rows.delivery[row] ?? {};
      rows.delivery.push({ ...effect, at: (effect.at ?? 0) + 0.4, done: (effect.at ?? 0) + 0.8, time: 2 });
    },
    must: () => ['DUP-2'],
    may: ['ORD-1'],
  },
  {
    name: 'something is handed over twice',
    flows: ['at-most-once'],
    candidates: effects,
    apply: (rows, row) => void rows.delivery.push({ ...rows.delivery[row], effect: 'no' }),
    must: () => ['DEL-5'],
    may: [],
  },
  {
    name: 'two messages of a key change places',
    flows: ['ordered-stream'],
    candidates: seconds,
    apply: (rows, row) => {
      const [before, after] = [rows.delivery[firstOf(rows, row)], rows.delivery[row]];
      if (before === undefined || after === undefined) throw new Error('no pair');
      const { at = 0, done = 0 } = before;
      Object.assign(before, { at: after.at, done: after.done });
      Object.assign(after, { at, done });
    },
    must: () => ['ORD-1'],
    may: ['ORD-2', 'ORD-3', 'DUP-2', 'DLQ-2', 'DLQ-4'],
  },
  {
    name: 'an audit record is dropped',
    flows: all,
    candidates: (rows) => where(rows.audit, () => true),
    apply: (rows, row) => void rows.audit.splice(row, 1),
    must: () => ['AUD-1', 'AUD-4'],
    may: ['DEL-6'],
  },
  {
    name: 'an audit record is written twice',
    flows: all,
    candidates: (rows) => where(rows.audit, () => true),
    apply: (rows, row) => void rows.audit.splice(row, 0, { ...rows.audit[row] }),
    must: () => ['AUD-1', 'AUD-4'],
    may: [],
  },
  {
    name: 'an audit record is edited',
    flows: all,
    candidates: (rows) => where(rows.audit, () => true),
    apply: (rows, row) => void Object.assign(rows.audit[row] ?? {}, { chain: 'no' }),
    must: () => ['AUD-4'],
    may: [],
  },
  {
    name: 'a dead letter is lost',
    flows: streams,
    candidates: (rows) => where(rows.deadLetter, () => true),
    apply: (rows, row) => void rows.deadLetter.splice(row, 1),
    must: () => ['DLQ-1', 'DLQ-4'],
    may: ['AUD-1'],
  },
  {
    name: 'a dead letter is kept twice',
    flows: streams,
    candidates: (rows) => where(rows.deadLetter, () => true),
    apply: (rows, row) => void rows.deadLetter.push({ ...rows.deadLetter[row] }),
    must: () => ['DLQ-1'],
    may: ['AUD-1'],
  },
  {
    name: 'a settlement is lost',
    flows: streams,
    candidates: (rows) => where(rows.acknowledgement, (row) => row.verb === 'ack'),
    apply: (rows, row) => void rows.acknowledgement.splice(row, 1),
    must: () => ['DLQ-4'],
    may: [],
  },
  {
    name: 'somebody is handed what nobody sent',
    flows: streams,
    candidates: effects,
    apply: (rows, row) => void rows.delivery.push({ ...rows.delivery[row], message: NONE, id: 'phantom' }),
    must: () => ['DEL-3'],
    may: [],
  },
  {
    name: 'an invalid payload is stored',
    flows: streams,
    candidates: (rows) => where(rows.stored, (row) => row.validA === 'yes'),
    apply: (rows, row) =>
      void Object.assign(rows.stored[row] ?? {}, { validA: 'no', validB: 'no', fault: 'schema:type:/a' }),
    must: () => ['SCH-1'],
    may: [],
  },
  {
    name: 'an invalid message is handed over',
    flows: streams,
    candidates: (rows) =>
      where(
        rows.planned,
        (row, index) => row.violation !== '' && rows.stored.some((stored) => stored.message === index),
      ),
    apply: (rows, row) => {
      const { id = '', source = '', flow = '' } = rows.planned[row] ?? {};
      const at = rows.stored.find((stored) => stored.message === row)?.at ?? 0;
      rows.delivery.push({
        at: at + 0.1,
        done: at + 0.2,
        message: row,
        id,
        source,
        flow,
        application: 'one',
        time: 1,
        outcome: 'ok',
        status: 422,
        effect: 'no',
        reply: NONE,
      });
    },
    must: () => ['SCH-2'],
    may: ['ORD-1', 'ORD-2', 'ORD-3'],
  },
  {
    name: 'a back-off is skipped',
    flows: streams,
    candidates: (rows) => where(rows.acknowledgement, (row) => row.verb === 'nak'),
    apply: (rows, row) => void Object.assign(rows.acknowledgement[row] ?? {}, { delayMs: 0 }),
    must: () => ['DLQ-2'],
    may: [],
  },
  {
    name: 'a reply goes to another caller',
    flows: ['request-reply'],
    candidates: (rows) => where(rows.send, (row) => row.status === 200),
    apply: (rows, row) => void Object.assign(rows.send[row] ?? {}, { replyCausation: 'another' }),
    must: () => ['REP-2', 'ENV-4'],
    may: [],
  },
  {
    name: 'a search has no positive control',
    flows: all,
    candidates: (rows) => where(rows.scan, (row) => row.kind === 'log'),
    apply: (rows, row) => void Object.assign(rows.scan[row] ?? {}, { control: 'no', hits: 1 }),
    must: () => ['AUD-2'],
    may: [],
  },
];
