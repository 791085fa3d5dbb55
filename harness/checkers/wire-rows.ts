import { tableShapes } from '../model/history.ts';
import { noticeSubject } from '../model/names.ts';
import { codeOf, NONE } from '../model/table.ts';
import { sortedRows } from './groups.ts';
import { memo } from './memo.ts';
import { receiverPlaces, type Trial } from './trial.ts';
import { violations } from './violation.ts';

const { what: events, outcome: outcomesOnWire, verb: verbsOnWire } = tableShapes.wire;
const [CONNECT, PUBLISH, ACKNOWLEDGEMENT, DELIVERY, ERROR, CUT, CLOSE] = (
  ['connect', 'publish', 'acknowledgement', 'delivery', 'error', 'cut', 'close'] as const
).map((word) => codeOf(events, word));
export const WIRE_STORED = codeOf(outcomesOnWire, 'ok');
/** The bus refused a publish: nothing of it is stored. */
export const WIRE_REFUSED = codeOf(outcomesOnWire, 'fail');
const IN_PROGRESS = codeOf(verbsOnWire, 'in-progress');

/** A work item in the hands of one instance: from its delivery until the instance says what became of it, or its connection ends. */
export interface Hold {
  /** Rows of `wire`. */
  readonly delivery: number;
  readonly place: number;
  readonly application: string;
  readonly instance: number;
  readonly sequence: number;
  readonly deliveries: number;
  readonly from: number;
  /** Infinity where neither was seen. */
  to: number;
  /** The row with which the instance settled it; NONE. */
  settlement: number;
}

/** A chunk of an object of the flow's bucket. */
export interface Chunk {
  /** Row of `wire`. */
  readonly row: number;
  readonly application: string;
  readonly instance: number;
  readonly way: 'to-bus' | 'to-adapter';
  readonly bytes: number;
}

export interface WireRows {
  /** Planned message → its publishes by an adapter, in the order of their times; notices of it are none. */
  readonly publishes: ReadonlyMap<number, readonly number[]>;
  /** Publishes of notices by adapters. */
  readonly notices: readonly number[];
  /** Deliveries of the flow's stream to its receivers, in the order of their times. */
  readonly holds: readonly Hold[];
  /** Ends of connections that the relay brought about, and connections that were made. */
  readonly cuts: readonly number[];
  readonly connects: readonly number[];
  /** Chunks of the flow's contents. */
  readonly chunks: readonly Chunk[];
  /** What the bus said of an adapter's doing. */
  readonly errors: readonly number[];
}

/** Relies on `wire`: every column but `.delayMs`. */
export const wireRows = memo((trial: Trial): WireRows => {
  const { wire, planned, texts } = trial.history;
  const { at, what, message, stream, subject, application } = wire.columns;
  const isNotice = (row: number): boolean =>
    texts.at(subject[row] ?? 0) === noticeSubject(texts.at(application[row] ?? 0));
  const publishes = new Map<number, number[]>();
  const notices: number[] = [];
  const holds = new Holds(trial);
  const cuts: number[] = [];
  const connects: number[] = [];
  const errors: number[] = [];
  const chunks: Chunk[] = [];
  const chunkPrefix = trial.flow.bucket === undefined ? undefined : `$O.${trial.flow.bucket}.C.`;
  const isChunk = (row: number): boolean =>
    chunkPrefix !== undefined && texts.at(subject[row] ?? 0).startsWith(chunkPrefix);
  const { valid } = violations(trial);
  for (const row of sortedRows(at, () => true)) {
    const event = what[row];
    const of = message[row] ?? NONE;
    if ((event === PUBLISH || event === DELIVERY) && isChunk(row)) {
      chunks.push({
        row,
        application: texts.at(application[row] ?? 0),
        instance: wire.columns.instance[row] ?? 0,
        way: event === PUBLISH ? 'to-bus' : 'to-adapter',
        bytes: wire.columns.bytes[row] ?? 0,
      });
      continue;
    }
    if (event === PUBLISH && isNotice(row)) notices.push(row);
    else if (event === PUBLISH && planned.columns.flow[of] === trial.flowText && valid[of] === 1) {
      publishes.set(of, [...(publishes.get(of) ?? []), row]);
    } else if (event === DELIVERY && stream[row] === trial.streamText) holds.begin(row);
    else if (event === ACKNOWLEDGEMENT && stream[row] === trial.streamText) holds.settle(row);
    else if (event === CLOSE) holds.close(row);
    else if (event === CUT) cuts.push(row);
    else if (event === CONNECT) connects.push(row);
    else if (event === ERROR) errors.push(row);
  }
  return { publishes, notices, holds: holds.all, cuts, connects, errors, chunks };
});

/** The holds of one trial while they are read. */
class Holds {
  readonly all: Hold[] = [];
  readonly #trial: Trial;
  /** Open ones, by connection. */
  readonly #open = new Map<string, Hold[]>();

  constructor(trial: Trial) {
    this.#trial = trial;
  }

  begin(row: number): void {
    const { at, application, instance, consumer, sequence, deliveries } = this.#trial.history.wire.columns;
    const place = receiverPlaces(this.#trial).get(consumer[row] ?? 0);
    if (place === undefined) return;
    const hold: Hold = {
      delivery: row,
      place,
      application: this.#trial.history.texts.at(application[row] ?? 0),
      instance: instance[row] ?? 0,
      sequence: sequence[row] ?? NONE,
      deliveries: deliveries[row] ?? 0,
      from: at[row] ?? 0,
      to: Infinity,
      settlement: NONE,
    };
    this.all.push(hold);
    const name = this.#connectionOf(row);
    this.#open.set(name, [...(this.#open.get(name) ?? []), hold]);
  }

  settle(row: number): void {
    const { at, sequence, deliveries, verb } = this.#trial.history.wire.columns;
    if (verb[row] === IN_PROGRESS) return;
    const open = this.#open.get(this.#connectionOf(row)) ?? [];
    for (const hold of open) {
      if (hold.sequence !== sequence[row] || hold.deliveries !== deliveries[row]) continue;
      hold.to = at[row] ?? 0;
      hold.settlement = row;
    }
    this.#open.set(
      this.#connectionOf(row),
      open.filter((hold) => hold.settlement === NONE),
    );
  }

  close(row: number): void {
    const name = this.#connectionOf(row);
    for (const hold of this.#open.get(name) ?? []) hold.to = this.#trial.history.wire.columns.at[row] ?? 0;
    this.#open.delete(name);
  }

  /** A relay is anew with each life of an instance, and counts from 0 again: the connections of one life end before the next. */
  #connectionOf(row: number): string {
    const { application, instance, connection } = this.#trial.history.wire.columns;
    return `${application[row] ?? 0} ${instance[row] ?? 0} ${connection[row] ?? 0}`;
  }
}
