import type { CloudEvent } from './event.ts';
import type { PlannedContent, PlannedMessage } from './workload.ts';

/** A planned message with its bytes, as the sending application sends it. */
export interface PlannedEvent {
  readonly index: number;
  readonly message: PlannedMessage;
  readonly event: CloudEvent;
  /** Strings of the payload with room for 40 random bits, outside the fields that x-flow names as key or filter: personal data to look for. */
  readonly canaries: readonly string[];
}

/** The events of a trial, rebuilt from its workload and start; content lives here alone, never in the history. */
export interface PlannedEvents {
  readonly list: readonly PlannedEvent[];
  /** Fields of each message type that have no room for a canary. */
  readonly uncovered: readonly { readonly type: string; readonly path: string }[];
  /** Index of the event with this source and id; of several (same id, other content) the one with these bytes (and this type, where several have them), else the first; NONE. */
  identify(source: string, id: string, body: Uint8Array | undefined, type?: string): number;
  /** The true bytes of a claim-check content. */
  content(message: number, item: number): AsyncIterable<Uint8Array>;
  /** SHA-256 of them, in hex. */
  contentDigest(message: number, item: number): string;
  contentSpec(message: number, item: number): PlannedContent | undefined;
}
