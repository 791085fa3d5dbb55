import { NONE } from '../model/table.ts';
import { sortedRows } from './groups.ts';
import { memo } from './memo.ts';
import { storedRows } from './stored-rows.ts';
import { receiverPlaces, row, type Trial } from './trial.ts';
import type { Evidence } from '../model/verdict.ts';
import { ACK, ACKNOWLEDGED, MAX_DELIVER, TERM, TERMINATED } from './words.ts';

/** How a message ended for a subscriber, first of all on the wire. */
export const OPEN = 0;
export const ACKED = 1;
export const TERMED = 2;

/** Arrays are indexed `place * receivers + receiver`, where place is that of the stored message. */
export interface Settlements {
  readonly end: Uint8Array;
  /** Row that settled it: of `acknowledgement`, or of `advisory` where only the server told of it. NONE. */
  readonly rows: Uint32Array;
  readonly byAdvisory: Uint8Array;
  /** Row of the advisory that its attempts are used up; NONE. */
  readonly exhausted: Uint32Array;
}

/**
 * Relies on `acknowledgement` in the order seen on the wire (`.stream`, `.consumer`, `.sequence`, `.deliveries`, `.verb`,
 * `.reason`), and on `advisory` where no verb was seen.
 */
export const settlements = memo((trial: Trial): Settlements => {
  const { acknowledgement, advisory } = trial.history;
  const stored = storedRows(trial);
  const width = trial.receivers.length;
  const places = receiverPlaces(trial);
  const cells = stored.rows.length * width;
  const end = new Uint8Array(cells);
  const rows = new Uint32Array(cells).fill(NONE);
  const byAdvisory = new Uint8Array(cells);
  const exhausted = new Uint32Array(cells).fill(NONE);
  const acks = acknowledgement.columns;
  const cellOf = (sequence: number, consumer: number, application: number): number => {
    const receiver = places.get(consumer) ?? places.get(application);
    const place = stored.placeOf(sequence);
    return receiver === undefined || place === NONE ? NONE : place * width + receiver;
  };
  const settling = (at: number): boolean =>
    acks.stream[at] === trial.streamText && (acks.verb[at] === ACK || acks.verb[at] === TERM);
  for (const at of sortedRows(acks.at, settling)) {
    const cell = cellOf(acks.sequence[at] ?? 0, acks.consumer[at] ?? 0, acks.application[at] ?? 0);
    if (cell === NONE || end[cell] !== OPEN) continue;
    end[cell] = acks.verb[at] === ACK ? ACKED : TERMED;
    rows[cell] = at;
  }
  const told = advisory.columns;
  for (let at = 0; at < advisory.length; at++) {
    if (told.stream[at] !== trial.streamText) continue;
    const cell = cellOf(told.sequence[at] ?? 0, told.consumer[at] ?? 0, NONE);
    if (cell === NONE) continue;
    const kind = told.kind[at];
    if (kind === MAX_DELIVER) exhausted[cell] = at;
    else if ((kind === TERMINATED || kind === ACKNOWLEDGED) && end[cell] === OPEN) {
      end[cell] = kind === ACKNOWLEDGED ? ACKED : TERMED;
      rows[cell] = at;
      byAdvisory[cell] = 1;
    }
  }
  return { end, rows, byAdvisory, exhausted };
});

export interface Settlement {
  readonly at: number;
  readonly reason: string;
  readonly deliveries: number;
  readonly evidence: Evidence;
}

/** What settled a message for a subscriber, once it is settled. */
export function settlementAt(trial: Trial, cell: number): Settlement | undefined {
  const { rows, byAdvisory } = settlements(trial);
  const at = rows[cell] ?? NONE;
  if (at === NONE) return undefined;
  const { texts, acknowledgement, advisory } = trial.history;
  const table = byAdvisory[cell] === 1 ? advisory : acknowledgement;
  return {
    at: table.columns.at[at] ?? 0,
    reason: texts.at(table.columns.reason[at] ?? 0),
    deliveries: table.columns.deliveries[at] ?? 0,
    evidence: row(byAdvisory[cell] === 1 ? 'advisory' : 'acknowledgement', at),
  };
}
