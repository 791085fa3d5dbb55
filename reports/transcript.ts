import { rowAt, rowsIn, type History, type RowOf, type TableName } from '../harness/model/history.ts';
import { NONE } from '../harness/model/table.ts';
import type { Evidence } from '../harness/model/verdict.ts';
import { count, duration, instant } from './figures.ts';

/** One thing that happened to a message. */
interface Entry {
  readonly at: number;
  readonly application: string;
  readonly way: string;
  readonly what: string;
}

const toAdapter = 'application -> adapter';
const fromAdapter = 'adapter -> application';
const toBus = 'adapter -> bus';
const fromBus = 'bus -> adapter';
const mostMessages = 2;
const mostEntries = 16;

/**
 * What travelled with the messages that a failure is about, in the order of time: between application and adapter as the harness played
 * it, between adapter and bus as the relay saw it, or else the bus itself. Names, subjects, sizes and answers; no content. ASCII, but for
 * names. Empty where the failure is about no single message.
 */
export function transcript(history: History, evidence: readonly Evidence[]): readonly string[] {
  const messages = messagesOf(history, evidence);
  const lines = messages
    .slice(0, mostMessages)
    .flatMap((message) => [
      heading(history, message),
      ...shortened(entriesOf(history, message).toSorted((a, b) => a.at - b.at)),
    ]);
  const more = messages.length - mostMessages;
  return more > 0 ? [...lines, `... and ${count(more)} more messages, in the report`] : lines;
}

/** The planned messages that rows are about, each once. */
function messagesOf(history: History, evidence: readonly Evidence[]): readonly number[] {
  const found = evidence.flatMap(({ table, row }): readonly number[] => {
    if (table === 'planned') return [row];
    const { columns } = history[table] as { readonly columns: Readonly<Record<string, ArrayLike<number>>> };
    const named = columns['message']?.[row];
    if (named !== undefined) return [named];
    const place = placeOf(rowAt(history, table, row));
    return place === undefined
      ? []
      : rowsIn(history, 'stored').flatMap((stored) => (placeOf(stored) === place ? [stored.message] : []));
  });
  return [...new Set(found.filter((message) => message !== NONE))];
}

/** Where in a stream a row is about; undefined where it does not say. */
function placeOf(row: object): string | undefined {
  const {
    stream = '',
    sequence,
    streamSequence,
  } = row as {
    readonly stream?: string;
    readonly sequence?: number;
    readonly streamSequence?: number;
  };
  const at = streamSequence ?? sequence;
  return stream === '' || at === undefined || at === NONE ? undefined : `${stream} ${String(at)}`;
}

function heading(history: History, message: number): string {
  const { type, id, application, bytes, key, sequence, violation } = rowAt(history, 'planned', message);
  const parts = [
    `${type} ${id} of ${application}, body ${count(bytes)} bytes`,
    ...(key === '' ? [] : [`key ${key}`]),
    ...(sequence === NONE || sequence === 0 ? [] : [`sequence ${String(sequence)}`]),
    ...(violation === '' ? [] : [`made invalid: ${violation}`]),
  ];
  return parts.join(', ');
}

function entriesOf(history: History, message: number): readonly Entry[] {
  const about = <T extends TableName>(table: T): readonly RowOf<T>[] =>
    rowsIn(history, table).filter((row) => (row as { readonly message?: number }).message === message);
  const places = new Set(about('stored').map(placeOf));
  const wired = rowsIn(history, 'wire').filter(
    (row) => row.message === message || (row.what === 'acknowledgement' && places.has(placeOf(row))),
  );
  const seen = new Set(wired.map(({ application }) => application));
  return [
    ...about('send').map((row) => ({ ...row, way: toAdapter, what: `POST /: ${answered(row)}` })),
    ...wired.map(wireEntry),
    ...about('stored').map((row) => ({
      at: row.storedAt,
      application: '',
      way: 'bus',
      what: `stored as ${String(placeOf(row))}, ${row.subject}`,
    })),
    ...about('delivery').map((row) => ({ ...row, way: fromAdapter, what: `POST /: ${answered(row)}` })),
    // Where no relay stood, the bus tells what was acknowledged.
    ...rowsIn(history, 'acknowledgement')
      .filter((row) => places.has(placeOf(row)) && !seen.has(row.application))
      .map((row) => ({ ...row, way: toBus, what: verbText(row) })),
    ...about('notice').map((row) => ({ ...row, way: 'bus', what: `notice ${row.reason}` })),
    ...about('deadLetter').map((row) => ({
      ...row,
      way: 'bus',
      what: `dead letter, ${row.reason}, attempts ${String(row.attempts)}`,
    })),
  ];
}

function wireEntry(row: RowOf<'wire'>): Entry {
  const { what, subject, bytes, messageId, deliveries, reason } = row;
  if (what === 'acknowledgement') return { ...row, way: toBus, what: verbText(row) };
  if (what === 'delivery') {
    const place = placeOf(row);
    const said = place === undefined ? subject : `${place}, delivery ${String(deliveries)}`;
    return { ...row, way: fromBus, what: `${said}, ${count(bytes)} bytes` };
  }
  const id = messageId === '' ? '' : `, Nats-Msg-Id ${messageId}`;
  const known = {
    ok: `acknowledged as ${String(placeOf(row))}${row.duplicate === 'yes' ? ', a duplicate' : ''}`,
    fail: `refused, ${reason}`,
    info: 'no acknowledgement seen',
    '': what,
  }[row.outcome];
  return { ...row, way: toBus, what: `publish ${subject}, ${count(bytes)} bytes${id}: ${known}` };
}

function answered({
  at,
  done,
  status,
}: {
  readonly at: number;
  readonly done: number;
  readonly status: number;
}): string {
  const took = Number.isNaN(done) ? '' : ` after ${duration(done - at)}`;
  return status === 0 ? `no answer${took}` : `${String(status)}${took}`;
}

function verbText({
  verb,
  delayMs,
  reason,
  deliveries,
}: Pick<RowOf<'acknowledgement'>, 'delayMs' | 'reason' | 'deliveries'> & { readonly verb: string }): string {
  const said = {
    ack: '+ACK',
    nak: delayMs > 0 ? `-NAK with a delay of ${duration(delayMs)}` : '-NAK',
    term: `+TERM ${reason}`,
    'in-progress': '+WPI',
  }[verb];
  return `${said ?? verb} of delivery ${String(deliveries)}`;
}

/** In columns; the first and the last where there are too many for a terminal. */
function shortened(entries: readonly Entry[]): readonly string[] {
  const width = (of: (entry: Entry) => string): number => Math.max(...entries.map((entry) => of(entry).length));
  const [times, names, ways] = [
    width(({ at }) => instant(at)),
    width(({ application }) => application),
    width(({ way }) => way),
  ];
  const lines = entries.map(
    ({ at, application, way, what }) =>
      `  ${instant(at).padStart(times)}  ${application.padEnd(names)}  ${way.padEnd(ways)}  ${what}`,
  );
  if (lines.length <= mostEntries) return lines;
  const half = mostEntries / 2;
  return [...lines.slice(0, half), `  ... ${count(lines.length - mostEntries)} more ...`, ...lines.slice(-half)];
}
