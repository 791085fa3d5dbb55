import {
  decodeCell,
  fact,
  newColumn,
  encodeCell,
  Texts,
  type ColumnType,
  type Row,
  type Table,
  type TableShape,
} from './table.ts';
import { wireEvents } from './wire.ts';
import { arrivalPhases } from './workload.ts';

export const outcomes = ['ok', 'fail', 'info'] as const;
export const verbs = ['ack', 'nak', 'term', 'in-progress', 'next', 'unknown'] as const;

/**
 * The tables of one trial's history. `at` is when it was observed, in milliseconds since the trial's start. `message` is an
 * index into `planned`, or NONE for what nobody planned. Facts stand in place of content.
 */
// prettier-ignore
export const tableShapes = {
  /**
   * Every event of the workload. `violation` is '' for a valid one, else `schema:<keyword>:<path>`, with
   * `:<misreading>` where only that would take it, `rule:<n>`,
   * `header:<name>:<how>`, `size`, or `content:<fault>:<item>` where a claim-check content differs from the manifest.
   */
  planned: {
    flow: 'text', type: 'text', source: 'text', id: 'text', application: 'text', key: 'text', sequence: 'count',
    /** `ce-time` and `ce-expirytime` since the trial's start; NaN for none. */
    time: 'time', expires: 'time', bytes: 'count', violation: 'text', role: ['event', 'reply'], correlation: 'text',
    causation: 'text', classification: 'text', trace: 'text', subject: 'text', contents: 'count',
    /** Whether the payload has a member that the schema does not name; whether the body has text outside ASCII. */
    unknownField: fact, nonAscii: fact,
  },
  /** An application's sending of an event through its endpoint: one row a try. `status` as HTTP; reply columns for a request. */
  send: {
    at: 'time', done: 'time', intended: 'time', message: 'count', application: 'text', instance: 'count', outcome: outcomes,
    status: 'count', reason: 'text',
    /** Of the reply handed to the asking application: planned index, type, id, causation, correlation, and facts. */
    reply: 'count', replyType: 'text', replyId: 'text', replySource: 'text', replyCausation: 'text', replyCorrelation: 'text',
    replyIntact: fact, replyValid: fact, replyTrace: fact,
    /** Every header of the reply, and its times, as the answering application gave them. */
    replyHeaders: fact, replyTimes: fact,
    /** The reason of a refusal that an adapter made, where it is one that it may give; `other` for any other, '' for what is no refusal. */
    replyReason: ['', 'invalid', 'rejected', 'unavailable', 'other'],
    /** Headers and members of such a refusal that are not as a refusal has them, with a space between; '' for none. */
    replyRefusalFaults: 'text',
  },
  /** What the harness put on the bus itself. `what`: an event, or a reply to somebody's request. */
  injection: {
    at: 'time', done: 'time', message: 'count', subject: 'text', what: ['event', 'reply', 'replay'], request: 'count',
    outcome: outcomes, stream: 'text', sequence: 'count', duplicate: fact,
    /** Type of the reply to an injected request, and the reason of a refusal, as above. */
    replyType: 'text', replyReason: ['', 'invalid', 'rejected', 'unavailable', 'other'],
  },
  /** One handing-over of an event to a receiving application, and the answer scripted for it. */
  delivery: {
    at: 'time', done: 'time', message: 'count', id: 'text', source: 'text', type: 'text', flow: 'text', application: 'text',
    instance: 'count',
    /** How many times this application has been handed this source and id, this one included. */
    time: 'count', outcome: outcomes, status: 'count',
    /** Whether the application took it as an effect (2xx and no crash before). */
    effect: fact,
    /** Body byte for byte; every header that must cross, and none that was to stay behind; headers' chain (correlation, causation); trace carried on. */
    bodyIntact: fact, headersIntact: fact, chainIntact: fact, traceIntact: fact, valid: fact,
    /** `ce-time` and `ce-expirytime` as they were sent. */
    timeIntact: fact,
    /** Past `ce-expirytime` when it was handed over, by the trial's clock; and by how many milliseconds. */
    expired: fact, lateMs: 'time',
    /** Claim-check: every content was staged whole before the event. */
    contentsIntact: fact,
    /** Planned index of the reply that the script has the application give; NONE. */
    reply: 'count',
  },
  /** A message seen in a stream, with what was made of its bytes by two validators. */
  stored: {
    /** `subject` as stored, without the prefix of a replay. `replayFor`: '' but for a dead letter put back for that one application. */
    at: 'time', stream: 'text', sequence: 'count', subject: 'text', replayFor: 'text', flow: 'text', message: 'count', id: 'text', source: 'text',
    type: 'text', key: 'text', messageId: 'text', bytes: 'count', storedAt: 'time',
    envelope: fact, dataschema: fact, timeFormat: fact, classification: fact, headersValid: fact, validA: fact, validB: fact, rules: fact,
    /** What was wrong first: `header:<name>`, `schema:<keyword>:<path>`, `rule:<n>`. */
    fault: 'text',
    bodyIntact: fact, headersIntact: fact, subjectIntact: fact, chainIntact: fact, traceIntact: fact, timeIntact: fact,
    /** Whether every header crosses or is the server's own. */
    noneForeign: fact,
    /** Personal data seen in the subject or a header. */
    canary: fact,
    /** Headers and members of a refusal that an adapter made which are not as a refusal has them, with a space between; '' for none. */
    refusalFaults: 'text',
  },
  /** An acknowledgement verb as published by a consumer. `deliveries` is the delivery count of what it settles. */
  acknowledgement: {
    at: 'time', stream: 'text', consumer: 'text', application: 'text', sequence: 'count', consumerSequence: 'count',
    deliveries: 'count', verb: verbs, delayMs: 'time', reason: 'text',
  },
  /** An advisory or metric of the server. */
  advisory: {
    at: 'time', kind: ['terminated', 'max-deliver', 'nak', 'acknowledged', 'latency', 'other'], stream: 'text', consumer: 'text',
    sequence: 'count', deliveries: 'count', reason: 'text', status: 'count',
  },
  /** One record of the audit trail. `change` is the change of custody. */
  audit: {
    at: 'time', sequence: 'count', number: 'count', change: ['accepted', 'settled', 'dead-lettered', 'replayed', 'answered', 'unknown'],
    stream: 'text', streamSequence: 'count', flow: 'text', application: 'text',
    how: ['', 'acknowledged', 'rejected', 'expired', 'exhausted', 'discarded'], deliveries: 'count', id: 'text', source: 'text', reason: 'text',
    /** `traceparent` of an answered request: all that the server tells of it. Its `id` and `source` are those of the planned request with it. */
    trace: 'text',
    /** Link to the record before; content found in it; a digest in it that a dictionary of the content gives. */
    chain: fact, canary: fact, digest: fact,
  },
  /** A signed head of the audit chain kept outside the audit stream. */
  anchor: { at: 'time', number: 'count', signature: fact, head: fact, final: fact },
  deadLetter: {
    at: 'time', sequence: 'count', stream: 'text', streamSequence: 'count', flow: 'text', application: 'text', message: 'count', id: 'text',
    source: 'text', reason: 'text', attempts: 'count', bodyIntact: fact, headersIntact: fact, canary: fact,
  },
  /** What an adapter reports: `reason` is conflict, superseded, misdirected, late, expired … */
  notice: {
    at: 'time', application: 'text', id: 'text', source: 'text', message: 'count', reason: 'text', bytes: 'count', canary: fact,
    /** Headers that are not as a notice of a planned event has them, with a space between; '' for none. */
    faults: 'text',
  },
  /** An object of a claim-check bundle: as found in the store at the end, or as staged with an application. */
  content: {
    at: 'time', where: ['store', 'application'], application: 'text', message: 'count', item: 'count', bytes: 'count', intact: fact,
  },
  /** Chunks in an object bucket, at the end, of which no object there is made; `subject` as they were published on. */
  orphan: { at: 'time', subject: 'text', chunks: 'count' },
  /** `reason`: why it `failed`; of `ended` what was wrong with that, or that it was not told to (see `leftRunning`). */
  lifecycle: {
    at: 'time', application: 'text', instance: 'count', change: ['started', 'ready', 'stopping', 'ended', 'crashed', 'failed'], reason: 'text',
  },
  /**
   * How far a content has come: `taken` from its application by an adapter, or `given` to its application by one. `bytes` are those of the
   * content so far, at every quarter of a mebibyte and at its end.
   */
  transfer: {
    at: 'time', application: 'text', instance: 'count', way: ['taken', 'given'], message: 'count', item: 'count', bytes: 'count',
  },
  /** What an instance said when it was asked for its health: the status of `GET /health`, 0 for no answer. */
  health: { at: 'time', done: 'time', application: 'text', instance: 'count', status: 'count' },
  fault: { at: 'time', done: 'time', kind: 'text', target: 'text', took: fact },
  /** At drain. */
  streamState: { at: 'time', stream: 'text', flow: 'text', first: 'count', last: 'count', messages: 'count' },
  consumerState: {
    at: 'time', stream: 'text', consumer: 'text', application: 'text', pending: 'count', ackPending: 'count', ackFloor: 'count',
    delivered: 'count', redelivered: 'count',
  },
  /** Waits of the engine: lanes, drain, observers caught up. `reached` no means the time limit ended it. */
  wait: { at: 'time', done: 'time', what: ['lane', 'drain', 'observer', 'ready'], detail: 'text', reached: fact },
  /** A search for content in an artefact. `control`: the planted positive control was found. */
  scan: {
    at: 'time', artefact: 'text', kind: ['audit', 'dead-letter', 'notice', 'advisory', 'log', 'object-name', 'subject', 'header', 'journal', 'report'],
    bytes: 'count', encodings: 'count', canaries: 'count', hits: 'count', control: fact, detail: 'text',
  },
  /** Where canaries could not be put, since a field has no room for 40 random bits. */
  uncovered: { type: 'text', path: 'text' },
  /**
   * Largest lateness of the harness's own timer, and of the bus's answer to a ping, in the interval that ended at `at`; for how much of it
   * a processor of the machine was in use, on the average of them all; and for how much of it the harness's own event loop was.
   */
  lag: { at: 'time', intervalMs: 'time', worstMs: 'time', busMs: 'time', processorMs: 'time', loopMs: 'time' },
  /**
   * What came of one message for one interaction of a pact: `holds` is what Pact says of what arrived, `unknown` where nothing did.
   * Of a consumer's side it is `unknown`: there the other tables tell. `as` is what the message is of the interaction; one row for each
   * mismatch, with its place and what was expected (as the pact has it) and found (its kind, never content).
   */
  contract: {
    at: 'time', message: 'count', pact: 'text', interaction: 'count', /** Of a response, the request that it answers; else NONE. */ request: 'count', description: 'text', part: 'text',
    as: ['stimulus', 'example', 'variant', 'broken'], source: ['document', 'application'], pending: fact, holds: fact,
    path: 'text', expected: 'text', found: 'text',
  },
  /** Trouble in the harness or in a scripted application: never a failure of the contract, never a pass. */
  problem: { at: 'time', where: 'text', what: 'text' },
  /**
   * A send of an open loop: `at` is when its generator came to it, which is late by the generator's own doing. `message` NONE: nothing
   * was sent.
   */
  arrival: { at: 'time', intended: 'time', message: 'count', phase: arrivalPhases },
  /** What the relay saw between an instance of an adapter and the bus, where there was a relay. `connection` counts those of one relay. */
  wire: {
    at: 'time', application: 'text', instance: 'count', connection: 'count', what: wireEvents,
    message: 'count', subject: 'text', messageId: 'text', bytes: 'count',
    /** Of a publish: when the bus's answer passed (NaN), and whether it was stored, refused, or nothing is known. */
    done: 'time', outcome: ['', ...outcomes], duplicate: fact,
    /** The last sequence of its subject that a publish has the bus compare, 0 for none there; NONE where it has it compare nothing. */
    expected: 'count',
    /** Where a publish was stored, and what a delivery or an acknowledgement is of. */
    stream: 'text', consumer: 'text', sequence: 'count', deliveries: 'count',
    verb: ['', ...verbs], delayMs: 'time',
    /** Of a termination, a refused publish, an error, an end; of `connect` language and version of the client. */
    reason: 'text',
  },
} as const satisfies Record<string, TableShape>;

export type TableName = keyof typeof tableShapes;
export type RowOf<T extends TableName> = Row<(typeof tableShapes)[T]>;
export type TableOf<T extends TableName> = Table<(typeof tableShapes)[T]>;

export type History = { readonly [T in TableName]: TableOf<T> } & { readonly texts: Texts };

export const tableNames = Object.keys(tableShapes) as readonly TableName[];

/** The values that a new row has where its writer says nothing. Text '', count 0, time 0, first word. */
export type PartialRow<T extends TableName> = Partial<RowOf<T>>;

/** The columns of a table with their types, in order. */
export function shapeOf(table: TableName): readonly (readonly [column: string, type: ColumnType])[] {
  return Object.entries(tableShapes[table] as TableShape);
}

/** A row as an object, for reports and messages; scans read `columns`. */
export function rowAt<T extends TableName>(history: History, table: T, index: number): RowOf<T> {
  const row: Record<string, number | string> = {};
  const columns = history[table].columns as Record<string, Float64Array | Uint32Array | Uint8Array>;
  for (const [name, type] of shapeOf(table)) {
    row[name] = decodeCell(type, columns[name]?.[index] ?? 0, history.texts);
  }
  return row as RowOf<T>;
}

/** All rows of a table as objects, for what reads a few of them. */
export function rowsIn<T extends TableName>(history: History, table: T): readonly RowOf<T>[] {
  return Array.from({ length: history[table].length }, (_, row) => rowAt(history, table, row));
}

type MutableColumns = Record<string, Float64Array | Uint32Array | Uint8Array>;

/** A history while it grows. `history()` is a view of what is there so far; it shares memory and does not grow. */
export class HistoryBuilder {
  readonly texts = new Texts();
  readonly #tables = new Map<TableName, { length: number; capacity: number; columns: MutableColumns }>();

  append<T extends TableName>(name: T, row: PartialRow<T>): number {
    const table = this.#table(name, 1);
    const given = row as Readonly<Record<string, number | string | undefined>>;
    for (const column of Object.keys(given)) {
      const value = given[column];
      const type = (tableShapes[name] as TableShape)[column];
      if (type === undefined) throw new RangeError(`table ${name} has no column ${column}`);
      const cells = table.columns[column];
      if (value !== undefined && cells !== undefined) cells[table.length] = encodeCell(type, value, this.texts);
    }
    return table.length++;
  }

  /** Changes cells of a row that is there: a completion, once known. */
  amend<T extends TableName>(name: T, index: number, row: PartialRow<T>): void {
    const table = this.#table(name, 0);
    for (const [column, value] of Object.entries(row) as [string, number | string | undefined][]) {
      const type = (tableShapes[name] as TableShape)[column];
      const cells = table.columns[column];
      if (type !== undefined && value !== undefined && cells !== undefined)
        cells[index] = encodeCell(type, value, this.texts);
    }
  }

  /** Adds whole columns, as a journal block has them; text columns refer to this builder's texts. */
  appendColumns(name: TableName, rows: number, columns: Readonly<Record<string, ArrayLike<number>>>): void {
    const table = this.#table(name, rows);
    for (const [column, cells] of Object.entries(columns)) table.columns[column]?.set(cells, table.length);
    table.length += rows;
  }

  lengthOf(name: TableName): number {
    return this.#table(name, 0).length;
  }

  history(): History {
    const tables = tableNames.map((name) => {
      const table = this.#table(name, 0);
      const columns = Object.fromEntries(
        Object.entries(table.columns).map(([column, cells]) => [column, cells.subarray(0, table.length)]),
      );
      return [name, { length: table.length, columns }];
    });
    return { ...Object.fromEntries(tables), texts: this.texts } as History;
  }

  #table(name: TableName, room: number) {
    let table = this.#tables.get(name);
    if (table === undefined) {
      table = { length: 0, capacity: 0, columns: {} };
      this.#tables.set(name, table);
      for (const [column, type] of shapeOf(name)) table.columns[column] = newColumn(type, 0);
    }
    if (table.length + room > table.capacity) {
      table.capacity = Math.max(64, table.length + room, table.capacity * 2);
      for (const [column, type] of shapeOf(name)) {
        const grown = newColumn(type, table.capacity);
        const old = table.columns[column];
        if (old !== undefined) grown.set(old.subarray(0, table.length));
        table.columns[column] = grown;
      }
    }
    return table;
  }
}
