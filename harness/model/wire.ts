/**
 * What a relay saw on the connection between an instance of an adapter and the bus. `open` and `close`: of the adapter's
 * connection. `refused`: a connection that the relay did not take. `cut`: ended by the relay. `unparsed`: from here on the
 * bytes of one way are passed on unread.
 */
export const wireEvents = [
  'open',
  'connect',
  'subscribe',
  'publish',
  'acknowledgement',
  'delivery',
  'error',
  'cut',
  'refused',
  'unparsed',
  'close',
] as const;

/** What a relay does when it meets the publish of a planned message: once, but for what befalls every publish of it. */
export type PublishFault =
  /**
   * The connection ends: before the publish has reached the bus, or after that and before its acknowledgement has reached the
   * adapter. For `refuseMs` milliseconds no new connection of that instance is taken.
   */
  | {
      readonly kind: 'lose-publish' | 'lose-acknowledgement';
      readonly message: number;
      readonly by: 'end' | 'reset';
      readonly refuseMs?: number;
    }
  /** All that the bus sends, from the acknowledgement of the publish on, arrives so many milliseconds later. */
  | { readonly kind: 'delay-acknowledgement'; readonly message: number; readonly delayMs: number }
  /** All that the adapter says, from the publish on, reaches the bus so many milliseconds later. */
  | { readonly kind: 'delay-publish'; readonly message: number; readonly delayMs: number }
  /** Every publish of the message reaches the bus, and no answer to one the adapter; all else passes. */
  | { readonly kind: 'withhold-acknowledgements'; readonly message: number };

/** The connection of an instance of `application` ends, once, before its acknowledgement of a planned message has reached the bus. */
export interface SettlementFault {
  readonly kind: 'lose-settlement';
  readonly message: number;
  readonly application: string;
  readonly by: 'end' | 'reset';
  readonly refuseMs?: number;
}

export type WireFault = PublishFault | SettlementFault;
