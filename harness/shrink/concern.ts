import { rowAt, tableShapes, type History, type TableName } from '../model/history.ts';
import type { Failure } from '../model/verdict.ts';
import type { Workload } from '../model/workload.ts';
import { keepMessages, ownMessages } from './keep.ts';

/** The planned messages that the lines of a failure speak of. */
export function messagesOf(failure: Failure, history: History): ReadonlySet<number> {
  const planned = history.planned.length;
  return new Set(
    failure.evidence
      .flatMap(({ table, row }) => messagesAt(history, table, row))
      .filter((message) => message < planned),
  );
}

function messagesAt(history: History, table: TableName, row: number): readonly number[] {
  if (row >= history[table].length) return [];
  if (table === 'planned') return [row];
  const shape = tableShapes[table];
  const cells = rowAt(history, table, row) as Readonly<Record<string, number | string>>;
  const named = ['message', 'reply', 'request'].filter((column) => column in shape).map((column) => cells[column]);
  const found = named.filter((message) => typeof message === 'number');
  if ('message' in shape) return found;
  // What is said of a place of a stream is said of the message that lies there.
  const sequence = cells['streamSequence'] ?? cells['sequence'];
  const { stored } = history;
  for (let at = 0; at < stored.length; at++) {
    const place = rowAt(history, 'stored', at);
    if (place.stream === cells['stream'] && place.sequence === sequence) return [...found, place.message];
  }
  return found;
}

/**
 * A workload projected onto what a failure is about, boldest first: the messages that it names; all of their keys; and those with
 * as many others. What failed among thousands of messages is tried again with a few.
 */
export function projections(workload: Workload, concerned: ReadonlySet<number>): readonly Workload[] {
  const own = ownMessages(workload);
  const requests = new Map(
    workload.scripts.flatMap(({ message, answers }) =>
      answers.flatMap(({ reply }) => (reply === undefined ? [] : [[reply, message] as const])),
    ),
  );
  const named = new Set([...concerned].map((message) => requests.get(message) ?? message));
  if (named.size === 0) return [];
  const keys = new Set([...named].map((message) => workload.messages[message]?.key ?? '').filter((key) => key !== ''));
  const ids = new Set([...named].map((message) => workload.messages[message]?.id));
  const related = own.filter((message) => {
    const { key, id } = workload.messages[message] ?? { key: '', id: '' };
    return named.has(message) || keys.has(key) || ids.has(id);
  });
  const others = own.filter((message) => !related.includes(message)).slice(0, Math.max(2, related.length));
  const sets = [named, new Set(related), new Set([...related, ...others])];
  return sets.filter((set) => set.size < own.length).map((set) => keepMessages(workload, set));
}
