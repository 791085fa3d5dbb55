import { isKept } from '../model/dead-letter.ts';
import type { AuditAnchor, AuditEntry } from '../model/audit.ts';
import type { Flow } from '../model/flow.ts';

/** A message as its stream holds it. */
export interface StoredMessage {
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A message that was given up for one application. */
export interface DeadLetter {
  readonly flow: string;
  readonly application: string;
  readonly stream: string;
  readonly sequence: number;
  readonly reason: string;
  readonly attempts: number;
  readonly message: StoredMessage;
}

export interface ReplayRequest {
  readonly flow: Flow;
  readonly application: string;
  /** `ce-partitionkey` of the dead letters to put back; undefined for all of the application's. */
  readonly key: string | undefined;
  /** Sequence of the last dead letter that is none of them, whatever it is of; default 0. */
  readonly after?: number;
  /** The identity that asks. */
  readonly by: string;
}

/**
 * The decisions that the reference bus's own parts are made of. A broken bus is `{ ...standardBusSteps, one: broken }`; settings
 * of streams and consumers are broken in the topology instead.
 */
export interface BusSteps {
  /**
   * What is recorded of a change of custody; undefined records nothing. Further members are written as they stand.
   * `message` reads the message itself, which an audit that keeps its promise never needs.
   */
  readonly entry: (
    entry: AuditEntry,
    message: () => Promise<StoredMessage | undefined>,
  ) => AuditEntry | undefined | Promise<AuditEntry | undefined>;
  /** How often a change is recorded. */
  readonly copies: (entry: AuditEntry) => number;
  /** What record `number` names as the hash of the one before. */
  readonly link: (previous: string, number: number) => string;
  /** The text that is stored of a record, after it was hashed; undefined where it is not stored at all. */
  readonly keep: (text: string, number: number) => string | undefined;
  readonly anchor: (anchor: AuditAnchor) => AuditAnchor;
  /** Whether what happened counts, given that the application had settled the message before. */
  readonly settles: (before: boolean) => boolean;
  /** Whether the reason calls for a dead letter. */
  readonly deadLettered: (flow: Flow, reason: string) => boolean;
  /** What is stored of a dead letter: itself, once. */
  readonly deadLetter: (letter: DeadLetter) => readonly DeadLetter[];
  readonly mayReplay: (request: ReplayRequest) => boolean;
}

/** The one identity that may have dead letters replayed. */
export const replayOperator = 'operator';

export const standardBusSteps: BusSteps = {
  entry: (entry) => entry,
  copies: () => 1,
  link: (previous) => previous,
  keep: (text) => text,
  anchor: (anchor) => anchor,
  settles: (before) => !before,
  deadLettered: isKept,
  deadLetter: (letter) => [letter],
  mayReplay: ({ by }) => by === replayOperator,
};
