import type { SendAnswer } from './application.ts';

/** What became of one publish to a stream, its repeats included. */
export type PublishOutcome =
  /** Acknowledged, at the first publish (`repeat` 0) or a later one. `duplicate`: an event with this id was there already, at `sequence`. */
  | { readonly kind: 'stored'; readonly sequence: number; readonly duplicate: boolean; readonly repeat: number }
  /** Refused by the bus, with JetStream's error code; 0 where it has none (no permission, connection ended). */
  | { readonly kind: 'refused'; readonly code: number; readonly why: string }
  | { readonly kind: 'no-responder' }
  | { readonly kind: 'not-connected' }
  /** No acknowledgement: it may be stored. */
  | { readonly kind: 'unacknowledged' };

export const stored: SendAnswer = { status: 202, reason: 'stored' };
export const conflict: SendAnswer = { status: 409, reason: 'conflict' };
/** Same id, and neither the bus nor this adapter still knows what the other's content was. */
export const conflictUnknown: SendAnswer = { status: 409, reason: 'conflict-unknown' };
export const superseded: SendAnswer = { status: 409, reason: 'superseded' };
export const tooLarge: SendAnswer = { status: 413, reason: 'too-large' };
export const invalid: SendAnswer = { status: 422, reason: 'invalid' };
export const notBinary: SendAnswer = { status: 415, reason: 'not-binary' };
export const unknownType: SendAnswer = { status: 422, reason: 'unknown-type' };
export const expired: SendAnswer = { status: 422, reason: 'expired' };
/** Claim-check: an object has not the size or digest that the manifest says. */
export const contentWrong: SendAnswer = { status: 422, reason: 'content' };
export const unavailable: SendAnswer = { status: 503, reason: 'unavailable' };
export const noResponder: SendAnswer = { status: 503, reason: 'no-responder' };
export const noReply: SendAnswer = { status: 504, reason: 'no-reply' };
/** The adapter was killed: its application sees the connection close. */
export const died: SendAnswer = { status: 0, reason: 'died' };
