import { groupRows, sortedRows, type Groups } from './groups.ts';
import { memo } from './memo.ts';
import type { Trial } from './trial.ts';

export interface Sends {
  /** Planned message → rows of `send` in the order of their times. */
  readonly byMessage: Groups;
  /** Planned reply → rows of `send` whose caller was handed it. */
  readonly byReply: Groups;
}

/** Relies on `send.at`, `.message`, `.reply`. */
export const sends = memo((trial: Trial): Sends => {
  const { send, planned } = trial.history;
  const order = sortedRows(send.columns.at, () => true);
  return {
    byMessage: groupRows(send.columns.message, planned.length, order),
    byReply: groupRows(send.columns.reply, planned.length, order),
  };
});
