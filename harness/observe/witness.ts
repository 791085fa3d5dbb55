import type { CloudEvent } from '../model/event.ts';
import type { HistoryBuilder } from '../model/history.ts';

/** An event as it was met, with its bytes. */
export interface Seen {
  /** Where: in a stream, at the application that it was handed to, or at the caller that it answers. */
  readonly where: 'stored' | 'delivered' | 'answered';
  /** Index of the planned message. */
  readonly message: number;
  /** Subject that it was published on; absent where its reader is not told. */
  readonly subject?: string;
  readonly event: CloudEvent;
}

/** Somebody who judges the bytes themselves while they are there, and writes down what came of it: facts, no content. */
export interface Witness {
  saw(seen: Seen): void;
  /** Called once nothing more will be seen. `now` is in milliseconds since the trial's start. */
  close(history: HistoryBuilder, now: () => number): Promise<void>;
}
