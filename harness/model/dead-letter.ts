import type { Flow } from './flow.ts';

/** Headers that the router puts in front of the original ones of a dead letter. */
export const deadLetterHeaders = {
  reason: 'Busworthy-Reason',
  /** Deliveries until it was given up. */
  attempts: 'Busworthy-Attempts',
  stream: 'Busworthy-Stream',
  /** In the original stream. */
  sequence: 'Busworthy-Sequence',
  /** As stored in the original stream. */
  subject: 'Busworthy-Subject',
  application: 'Busworthy-Application',
} as const;

/** Headers of a dead letter that was put back into its stream. */
export const replayHeaders = {
  /** Sequence of the dead letter in the stream of dead letters. */
  deadLetter: 'Busworthy-Dead-Letter',
  /** The identity that had it replayed. */
  by: 'Busworthy-Replayed-By',
} as const;

/**
 * Whether a message that was given up for a reason is kept as a dead letter of its flow. What expired is audited only. What is
 * parked is no bad input: it waits for what is missing, and resumes from its dead letters. A receiver that is to refuse bad
 * input cannot refuse what it never managed to take.
 */
export function isKept(flow: Flow, reason: string): boolean {
  if (reason === 'expired') return false;
  if (reason === 'gap' || flow.badInput === 'dead-letter') return true;
  return flow.badInput === 'refuse' && reason === 'exhausted';
}
